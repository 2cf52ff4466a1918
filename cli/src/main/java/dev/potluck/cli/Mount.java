package dev.potluck.cli;

import java.time.Duration;

/// A mount of the party's files, as far as its peer has to know of it.
interface Mount extends AutoCloseable {
  /// Waits until it was unmounted, by whomever.
  ///
  /// @return whether it was
  boolean awaitUnmounted(Duration atMost) throws InterruptedException;

  /// Unmounts it.
  @Override
  void close();

  /// How one comes to be.
  @FunctionalInterface
  interface Opener {
    /// Returns when it can be seen; if it throws, nothing stays mounted.
    Mount open() throws InterruptedException;
  }
}
