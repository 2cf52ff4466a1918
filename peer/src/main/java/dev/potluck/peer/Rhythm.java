package dev.potluck.peer;

import dev.potluck.content.UsageException;
import dev.potluck.directory.Leases;
import java.time.Duration;

/// How often peers and directory tell each other that they live. The directory's rules: it tells
/// them to its peers.
///
/// @param refresh between two heartbeats
/// @param lease how long what a peer holds is believed without one
/// @param memory how long deletions are remembered
public record Rhythm(Duration refresh, Duration lease, Duration memory) {
  public static final Rhythm DEFAULTS = new Rhythm(Duration.ofSeconds(5), Duration.ofSeconds(15));

  /// With the usual memory of deletions.
  public Rhythm(Duration refresh, Duration lease) {
    this(refresh, lease, Leases.USUAL_MEMORY);
  }

  /// @throws UsageException if a lease could end between two heartbeats, or a deletion would be
  ///   forgotten before it is known that somebody is away
  public Rhythm {
    if (!refresh.isPositive()) {
      throw new UsageException("--refresh must be more than nothing");
    }
    if (lease.compareTo(refresh.multipliedBy(2)) < 0) {
      throw new UsageException(
          "--lease must be at least twice --refresh, or a late heartbeat ends it");
    }
    if (memory.compareTo(lease) < 0 || memory.compareTo(Leases.LONGEST_MEMORY) > 0) {
      throw new UsageException("--tombstones must be at least --lease, and at most 36500d");
    }
  }
}
