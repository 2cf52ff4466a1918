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
/// @param keepVersions of each file so many replaced versions stay in the trash, whatever its
///   bounds
/// @param quiet how long nobody must have written a large file before a small edit of it becomes a
///   file of its own
/// @param prefix put before the names of this share's own files
/// @param clock the wall clock, the one the file system stamps files by
public record ShareOptions(
    Duration settle,
    Duration rescanPeriod,
    Duration trashAge,
    long trashBytes,
    int keepVersions,
    Duration quiet,
    Optional<Name> prefix,
    Clock clock) {
  public static final ShareOptions DEFAULTS =
      new ShareOptions(
          Duration.ofSeconds(1),
          Duration.ofSeconds(60),
          Duration.ofDays(30),
          10L << 30,
          0,
          Duration.ofSeconds(1),
          Optional.empty(),
          Clock.systemUTC());

  public ShareOptions withSettle(Duration value) {
    return new ShareOptions(
        value, rescanPeriod, trashAge, trashBytes, keepVersions, quiet, prefix, clock);
  }

  public ShareOptions withRescanPeriod(Duration value) {
    return new ShareOptions(
        settle, value, trashAge, trashBytes, keepVersions, quiet, prefix, clock);
  }

  public ShareOptions withTrash(Duration age, long bytes) {
    return new ShareOptions(settle, rescanPeriod, age, bytes, keepVersions, quiet, prefix, clock);
  }

  public ShareOptions withKeepVersions(int value) {
    return new ShareOptions(
        settle, rescanPeriod, trashAge, trashBytes, value, quiet, prefix, clock);
  }

  public ShareOptions withQuiet(Duration value) {
    return new ShareOptions(
        settle, rescanPeriod, trashAge, trashBytes, keepVersions, value, prefix, clock);
  }

  public ShareOptions withPrefix(Optional<Name> value) {
    return new ShareOptions(
        settle, rescanPeriod, trashAge, trashBytes, keepVersions, quiet, value, clock);
  }

  public ShareOptions withClock(Clock value) {
    return new ShareOptions(
        settle, rescanPeriod, trashAge, trashBytes, keepVersions, quiet, prefix, value);
  }
}
