package dev.potluck.directory;

import dev.potluck.content.UsageException;
import java.time.Duration;

/// How long soft facts live.
///
/// @param lease after the last heartbeat (15 s if unsaid)
/// @param refresh between heartbeats (5 s if unsaid)
public record Leases(Duration lease, Duration refresh) {
  public static final Leases DEFAULT = new Leases(Duration.ofSeconds(15), Duration.ofSeconds(5));

  /// @throws UsageException unless 0 < refresh < lease
  public Leases {
    if (!refresh.isPositive() || refresh.compareTo(lease) >= 0) {
      throw new UsageException("the refresh must be positive and shorter than the lease");
    }
  }
}
