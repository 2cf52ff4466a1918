package dev.potluck.wire;

/// The few threads and the bounded buffers that all connections of one process share: one event
/// loop for control and two for bulk, epoll where there is one. Blocking calls of services and
/// sinks run on virtual threads.
@SuppressWarnings({"DoNotCallSuggester", "resource"})
public final class WireThreads implements AutoCloseable {
  public WireThreads() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
