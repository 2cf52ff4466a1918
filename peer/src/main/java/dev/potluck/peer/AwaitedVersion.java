package dev.potluck.peer;

import dev.potluck.content.ConflictException;
import dev.potluck.content.FailedException;
import dev.potluck.content.Name;
import dev.potluck.content.UnavailableException;
import dev.potluck.content.Version;
import dev.potluck.directory.Verdict;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// An edit that lies in the share and waits for the directory's word.
///
/// @param then what becomes of it if that does not come in time, for people
record AwaitedVersion(Name name, CompletableFuture<Verdict> verdict, String then) {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  /// Waits for the word.
  ///
  /// @return the version it is
  /// @throws dev.potluck.content.PotluckException saying why it is none, and what it is now
  Version await() throws InterruptedException {
    return switch (heard()) {
      case Verdict.Current(_, var version) -> version;
      case Verdict.Conflict(_, _, var keepAs) ->
          throw new ConflictException(
              name + " was changed by somebody else meanwhile; yours is kept as " + keepAs);
      case Verdict.Rejected(_, var why) ->
          throw new FailedException("the directory does not take " + name + ": " + why);
      case Verdict.Stale _ ->
          throw new ConflictException(name + " was changed by somebody else meanwhile");
      case Verdict.Buried _, Verdict.Forgotten _ ->
          throw new ConflictException(name + " was deleted by somebody else meanwhile");
    };
  }

  private Verdict heard() throws InterruptedException {
    try {
      return verdict.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new UnavailableException(
          name + " lies in the share, but the directory did not answer: " + then, e);
    } finally {
      verdict.cancel(false);
    }
  }
}
