package dev.potluck.wire;

/// A running watch.
public interface Watch extends AutoCloseable {
  boolean isOpen();

  @Override
  void close();
}
