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
    ///
    /// @param begun told as soon as there is something that must be closed, if that is earlier
    Daemon start(O options, Begun begun) throws InterruptedException;
  }

  /// Who closes what a signal finds half started.
  @FunctionalInterface
  interface Begun {
    /// @param daemon from now on it may be closed, by another thread
    /// @throws InterruptedException if all is ending already: it is to be given up
    void begun(Daemon daemon) throws InterruptedException;
  }
}
