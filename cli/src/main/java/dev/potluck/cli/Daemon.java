package dev.potluck.cli;

import dev.potluck.directory.Endpoint;

/// A peer or tracker that runs in this process, as the commands see it.
interface Daemon extends AutoCloseable {
  /// What people call it.
  String name();

  /// An address others can join by.
  Endpoint address();

  /// Returns when it has ended by itself, for example because it was expelled.
  void awaitEnd() throws InterruptedException;

  /// Ends it cleanly; returns when that is done.
  @Override
  void close();

  /// How one is started.
  ///
  /// @param <O> its options
  @FunctionalInterface
  interface Starter<O> {
    /// Returns once it serves.
    Daemon start(O options) throws InterruptedException;
  }
}
