package dev.potluck.directory;

import dev.potluck.content.UsageException;
import java.time.Duration;

/// How long facts live: soft ones unless they are refreshed, and that something was deleted.
///
/// @param lease after the last heartbeat (15 s if unsaid)
/// @param refresh between heartbeats (5 s if unsaid)
/// @param memory of deletions (90 days if unsaid)
public record Leases(Duration lease, Duration refresh, Duration memory) {
  /// How long deletions are remembered, if nobody says otherwise.
  public static final Duration USUAL_MEMORY = Duration.ofDays(90);

  /// More is as good as for ever.
  public static final Duration LONGEST_MEMORY = Duration.ofDays(36_500);

  public static final Leases DEFAULT = new Leases(Duration.ofSeconds(15), Duration.ofSeconds(5));

  /// @throws UsageException unless 0 < refresh < lease <= memory
  public Leases {
    if (!refresh.isPositive() || refresh.compareTo(lease) >= 0) {
      throw new UsageException("the refresh must be positive and shorter than the lease");
    }
    if (memory.compareTo(lease) < 0) {
      throw new UsageException("deletions must be remembered for a lease at least");
    }
  }

  /// With the usual memory of deletions.
  public Leases(Duration lease, Duration refresh) {
    this(lease, refresh, USUAL_MEMORY);
  }
}
