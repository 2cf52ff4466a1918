package dev.potluck.peer;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The pages of the Java runtime's own files that this process has mapped: the code of the virtual
/// machine and the classes in the cache it starts from. Starting touches nearly all of them, a peer
/// with nothing to do few.
@SuppressWarnings("restricted") // allowed by --enable-native-access
final class RuntimePages {
  private static final Path MAPPINGS = Path.of("/proc/self/smaps");
  private static final Path STATUS = Path.of("/proc/self/status");

  /// Numbers of `asm-generic/mman-common.h`.
  private static final int DONT_NEED = 4;

  private static final int NO_HUGE_PAGES = 15;

  /// ADDRESS-END, what is allowed there, three numbers, and the file. These files are mapped as
  /// long as the process lives: nothing else can come to lie at their addresses.
  private static final Pattern READ_ONLY =
      Pattern.compile("([0-9a-f]+)-([0-9a-f]+) r-[-x]p .*(?:\\.aot|/libjvm\\.so)");

  private static final Pattern ANONYMOUS = Pattern.compile("Anonymous: +(\\d+) kB");
  private static final Pattern RESIDENT = Pattern.compile("RssFile:\\s+(\\d+) kB");

  private static final Optional<MethodHandle> ADVISE =
      Linker.nativeLinker()
          .defaultLookup()
          .find("madvise")
          .map(
              address ->
                  Linker.nativeLinker()
                      .downcallHandle(
                          address,
                          FunctionDescriptor.of(
                              ValueLayout.JAVA_INT,
                              ValueLayout.JAVA_LONG,
                              ValueLayout.JAVA_LONG,
                              ValueLayout.JAVA_INT)));

  private RuntimePages() {}

  /// Part of a file that this process has mapped.
  record Mapping(long address, long bytes) {}

  /// Memory that holds pages of files, in bytes; 0 where the system does not say.
  static long residentBytes() {
    try {
      for (String line : Files.readAllLines(STATUS)) {
        Matcher matcher = RESIDENT.matcher(line);
        if (matcher.matches()) {
          return Long.parseLong(matcher.group(1)) << 10;
        }
      }
    } catch (IOException _) {
      // No such file, no such system.
    }
    return 0;
  }

  /// Gives back what can be had from the file again. What is used again is mapped again, without
  /// reading the disk as long as the system has the file in memory.
  static void release() {
    if (ADVISE.isEmpty()) {
      return;
    }
    try {
      for (Mapping mapping : unchanged(Files.readAllLines(MAPPINGS))) {
        // Advice: if it is not taken the pages stay. Where the system keeps the file in huge pages,
        // one class that is used again would bring back two megabytes.
        int _ = (int) ADVISE.get().invokeExact(mapping.address, mapping.bytes, NO_HUGE_PAGES);
        int _ = (int) ADVISE.get().invokeExact(mapping.address, mapping.bytes, DONT_NEED);
      }
    } catch (IOException _) {
      // No such file, no such system: the pages stay.
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("madvise throws nothing", e);
    }
  }

  /// The parts of the runtime's files that can't be written, and that nothing was written to
  /// before: giving back a page that is not as in the file would lose it.
  ///
  /// @param smaps lines in the form of `/proc/PID/smaps`
  static List<Mapping> unchanged(List<String> smaps) {
    List<Mapping> found = new ArrayList<>();
    Optional<Mapping> current = Optional.empty();
    for (String line : smaps) {
      Matcher anonymous = ANONYMOUS.matcher(line);
      if (!Character.isUpperCase(line.charAt(0))) { // addresses, in lower case, begin a mapping
        current = readOnly(line);
      } else if (anonymous.matches() && anonymous.group(1).equals("0")) {
        current.ifPresent(found::add);
      }
    }
    return found;
  }

  private static Optional<Mapping> readOnly(String line) {
    Matcher matcher = READ_ONLY.matcher(line);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long address = Long.parseUnsignedLong(matcher.group(1), 16);
    long end = Long.parseUnsignedLong(matcher.group(2), 16);
    return Optional.of(new Mapping(address, end - address));
  }
}
