package dev.potluck.wire;

import dev.potluck.directory.Endpoint;
import dev.potluck.directory.PeerId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// Where a member is reached. Hearsay: that it is the one shows when it is called.
///
/// @param since when it began to listen there, by its own clock, in whole milliseconds: later is
///   newer
public record Whereabouts(PeerId peer, Endpoint control, Endpoint bulk, Instant since) {
  public Whereabouts {
    since = since.truncatedTo(ChronoUnit.MILLIS);
  }
}
