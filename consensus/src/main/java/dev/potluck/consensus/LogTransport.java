package dev.potluck.consensus;

import java.io.IOException;

/// How seats talk: authenticated, to a machine by its id, wherever it is at the moment.
@FunctionalInterface
public interface LogTransport {
  /// Hands a message to {@link ReplicatedLog#handle} on another seat and waits for what that
  /// returns, for a bounded time.
  ///
  /// @throws IOException if no answer came: the other may have taken the message all the same
  byte[] call(String seat, LogMessage kind, byte[] message) throws IOException;
}
