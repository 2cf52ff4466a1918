package dev.potluck.cli;

import dev.potluck.content.UsageException;
import dev.potluck.doors.PartyMount;
import dev.potluck.peer.UpOptions;
import dev.potluck.peer.WriteOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// What `potluck up` starts.
///
/// @param mount where everyone's files are to be seen, absolute
/// @param readTimeout how long a read there waits for what has to be fetched
/// @param writing how files are written there
record PeerStart(UpOptions peer, Optional<Path> mount, Duration readTimeout, WriteOptions writing) {
  /// @throws UsageException if the mount and the share lie in each other
  PeerStart {
    mount.ifPresent(directory -> PartyMount.check(directory, peer.share()));
    if (readTimeout.isNegative() || readTimeout.isZero()) {
      throw new UsageException("--read-timeout must be longer than 0");
    }
  }
}
