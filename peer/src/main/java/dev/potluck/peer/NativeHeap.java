package dev.potluck.peer;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/// The C library's heap, from which the network's buffers and the database take their memory.
@SuppressWarnings("restricted") // allowed by --enable-native-access
final class NativeHeap {
  private static final Optional<MethodHandle> TRIM =
      Linker.nativeLinker()
          .defaultLookup()
          .find("malloc_trim")
          .map(
              address ->
                  Linker.nativeLinker()
                      .downcallHandle(
                          address,
                          FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG)));

  private NativeHeap() {}

  /// Returns what is free to the system, where the C library can (glibc).
  static void trim() {
    if (TRIM.isPresent()) {
      try {
        int _ = (int) TRIM.get().invokeExact(0L);
      } catch (RuntimeException | Error e) {
        throw e;
      } catch (Throwable e) {
        throw new IllegalStateException("malloc_trim throws nothing", e);
      }
    }
  }
}
