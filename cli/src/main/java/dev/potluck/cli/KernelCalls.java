package dev.potluck.cli;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// Asks the kernel, by calling them in vain, whether it has the calls a share is kept safe with: a
/// sandbox may refuse what the kernel's version promises.
@SuppressWarnings("restricted") // calling libc is the purpose
final class KernelCalls {
  private static final int ENOSYS = 38;
  private static final int EPERM = 1;
  private static final int AT_FDCWD = -100;

  /// The number of openat2 on every architecture that is younger than it (asm-generic/unistd.h).
  private static final long OPENAT2 = 437;

  private static final int OPEN_HOW_BYTES = 24;

  private KernelCalls() {}

  /// Whether openat2 is there: it opens below a folder and nowhere else.
  static boolean hasOpenat2() {
    return isThere(
        "syscall",
        FunctionDescriptor.of(
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG,
            ValueLayout.ADDRESS,
            ValueLayout.ADDRESS,
            ValueLayout.JAVA_LONG),
        (arena, call) ->
            (long)
                call.invokeWithArguments(
                    arena,
                    OPENAT2,
                    (long) AT_FDCWD,
                    MemorySegment.NULL,
                    MemorySegment.NULL,
                    (long) OPEN_HOW_BYTES));
  }

  /// Whether renameat2 is there: it exchanges two files in one step.
  static boolean hasRenameat2() {
    return isThere(
        "renameat2",
        FunctionDescriptor.of(
            ValueLayout.JAVA_INT,
            ValueLayout.JAVA_INT,
            ValueLayout.ADDRESS,
            ValueLayout.JAVA_INT,
            ValueLayout.ADDRESS,
            ValueLayout.JAVA_INT),
        (arena, call) ->
            (int)
                call.invokeWithArguments(
                    arena, AT_FDCWD, MemorySegment.NULL, AT_FDCWD, MemorySegment.NULL, 0));
  }

  /// Calls with arguments that are wrong in any case; only the error tells.
  private static boolean isThere(String symbol, FunctionDescriptor shape, Call call) {
    var linker = Linker.nativeLinker();
    var address = linker.defaultLookup().find(symbol);
    if (address.isEmpty()) {
      return false;
    }
    var state = Linker.Option.captureStateLayout();
    var handle =
        linker.downcallHandle(address.get(), shape, Linker.Option.captureCallState("errno"));
    try (var arena = Arena.ofConfined()) {
      var captured = arena.allocate(state);
      if (call.with(captured, handle) >= 0) {
        return true;
      }
      var errno =
          (int) state.varHandle(MemoryLayout.PathElement.groupElement("errno")).get(captured, 0L);
      return errno != ENOSYS && errno != EPERM;
    } catch (Throwable e) {
      throw new IllegalStateException("cannot call " + symbol, e);
    }
  }

  @FunctionalInterface
  private interface Call {
    long with(MemorySegment captured, MethodHandle call) throws Throwable;
  }
}
