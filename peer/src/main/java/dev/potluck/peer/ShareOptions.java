package dev.potluck.peer;

import dev.potluck.content.Name;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/// How a share is watched and kept.
///
/// @param settle a file is announced once it was unchanged for this long
/// @param rescanPeriod how often the whole folder is compared with the database, hints or not
/// @param trashAge how long replaced and deleted files can be restored
/// @param trashBytes the trash is never larger; the oldest go first
/// @param prefix put before the names of this share's own files
/// @param clock the wall clock, the one the file system stamps files by
public record ShareOptions(
    Duration settle,
    Duration rescanPeriod,
    Duration trashAge,
    long trashBytes,
    Optional<Name> prefix,
    Clock clock) {
  public static final ShareOptions DEFAULTS =
      new ShareOptions(
          Duration.ofSeconds(1),
          Duration.ofSeconds(60),
          Duration.ofDays(30),
          10L << 30,
          Optional.empty(),
          Clock.systemUTC());

  public ShareOptions withSettle(Duration value) {
    return new ShareOptions(value, rescanPeriod, trashAge, trashBytes, prefix, clock);
  }

  public ShareOptions withRescanPeriod(Duration value) {
    return new ShareOptions(settle, value, trashAge, trashBytes, prefix, clock);
  }

  public ShareOptions withTrash(Duration age, long bytes) {
    return new ShareOptions(settle, rescanPeriod, age, bytes, prefix, clock);
  }

  public ShareOptions withPrefix(Optional<Name> value) {
    return new ShareOptions(settle, rescanPeriod, trashAge, trashBytes, value, clock);
  }

  public ShareOptions withClock(Clock value) {
    return new ShareOptions(settle, rescanPeriod, trashAge, trashBytes, prefix, value);
  }
}
