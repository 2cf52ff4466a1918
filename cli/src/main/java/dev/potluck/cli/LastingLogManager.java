package dev.potluck.cli;

import java.util.logging.LogManager;

/// Keeps the log while the JVM ends: what a daemon has to say of its own end comes then, and the
/// logging of the JDK takes its handlers away at the first sign of it. Named by a property, before
/// anything is logged.
public final class LastingLogManager extends LogManager {
  static final String PROPERTY = "java.util.logging.manager";

  /// Made by the JDK.
  public LastingLogManager() {}

  /// Nothing is to be put back: the log is opened once.
  @Override
  public void reset() {}
}
