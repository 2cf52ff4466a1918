package dev.potluck.peer;

import dev.potluck.content.UsageException;
import java.time.Duration;

/// How often peers and directory tell each other that they live. The directory's rules: it tells
/// them to its peers.
///
/// @param refresh between two heartbeats
/// @param lease how long what a peer holds is believed without one
public record Rhythm(Duration refresh, Duration lease) {
  public static final Rhythm DEFAULTS = new Rhythm(Duration.ofSeconds(5), Duration.ofSeconds(15));

  /// @throws UsageException if a lease could end between two heartbeats
  public Rhythm {
    if (!refresh.isPositive()) {
      throw new UsageException("--refresh must be more than nothing");
    }
    if (lease.compareTo(refresh.multipliedBy(2)) < 0) {
      throw new UsageException(
          "--lease must be at least twice --refresh, or a late heartbeat ends it");
    }
  }
}
