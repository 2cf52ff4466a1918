package dev.potluck.wire;

import dev.potluck.directory.Announcement;
import dev.potluck.directory.Welcome;

/// A peer's open session with the directory. Any thread.
public interface Session extends AutoCloseable {
  Welcome welcome();

  /// Sends facts; waits while earlier ones are not yet taken.
  ///
  /// @param announcement with at most {@link WireLimits#FACTS_PER_MESSAGE} facts
  /// @throws dev.potluck.content.UnavailableException if the session is over
  void announce(Announcement announcement);

  /// Sends a heartbeat; if its answer does not come within the lease the session is lost.
  ///
  /// @throws dev.potluck.content.UnavailableException if the session is over
  void heartbeat(Heartbeat heartbeat);

  /// Says that a lock is still needed here: an answer to {@link SessionEvents#lockWanted}. Does not
  /// wait; lost with the session.
  void lockInUse(long token);

  boolean isOpen();

  @Override
  void close();
}
