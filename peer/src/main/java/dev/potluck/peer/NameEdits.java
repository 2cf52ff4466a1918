package dev.potluck.peer;

import dev.potluck.content.ConflictException;
import dev.potluck.content.ContentId;
import dev.potluck.content.Kind;
import dev.potluck.content.Name;
import dev.potluck.content.NoSuchNameException;
import dev.potluck.content.UnavailableException;
import dev.potluck.content.Version;
import dev.potluck.directory.Fact;
import dev.potluck.directory.Reason;
import dev.potluck.directory.Verdict;
import dev.potluck.wire.CommitOutcome;
import dev.potluck.wire.Deleted;
import dev.potluck.wire.Moved;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Changes of names that are no drafts: folders, deletions, other names, other attributes. What has
/// returned can be seen in this peer's own list of names. Thread-safe.
final class NameEdits {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Duration VISIBLE_WITHIN = Duration.ofSeconds(5);

  private final Share share;
  private final Namespace namespace;
  private final Announcer announcer;
  private final DirectoryAtHand directory;
  private final Bringer bringer;
  private final Clock clock;

  /// Fetches a version whole into the share.
  @FunctionalInterface
  interface Bringer {
    void bring(Name name, Version version, Reason reason) throws InterruptedException;
  }

  NameEdits(
      Share share,
      Namespace namespace,
      Announcer announcer,
      DirectoryAtHand directory,
      Bringer bringer,
      Clock clock) {
    this.share = share;
    this.namespace = namespace;
    this.announcer = announcer;
    this.directory = directory;
    this.bringer = bringer;
    this.clock = clock;
  }

  /// The same content with other attributes, as the next version.
  Version dress(Name name, Version version, int mode, Instant mtime) throws InterruptedException {
    Version made = commit(name, version.number(), version.withAttributes(mtime, mode));
    if (version.kind() != Kind.FOLDER) {
      share.dress(name, made);
      announcer.changed(name);
    }
    return made;
  }

  /// A folder that is there also while nothing lies in it.
  Version makeFolder(Name name, int mode) throws InterruptedException {
    long base = namespace.entry(name).map(entry -> entry.version().number()).orElse(0L);
    Version folder =
        new Version(0, Kind.FOLDER, ContentId.EMPTY, clock.instant(), mode & Version.MODE_MASK);
    return commit(name, base, folder);
  }

  private Version commit(Name name, long base, Version version) throws InterruptedException {
    var edit = new Fact.Edited(name, base, version, Reason.KEPT);
    return switch (directory.commit(List.of(edit), TIMEOUT)) {
      case CommitOutcome.Committed(var versions, var revision) -> {
        awaitRevision(revision);
        yield versions.getFirst();
      }
      case CommitOutcome.Refused(var refusal, var why, _) -> throw refusal.exception(why);
    };
  }

  /// @throws NoSuchNameException if there is no such name
  void delete(Name name) throws InterruptedException {
    Deleted deleted = directory.delete(List.of(name), TIMEOUT);
    awaitRevision(deleted.revision());
    if (!deleted.missing().isEmpty()) {
      throw new NoSuchNameException("no such name: " + name);
    }
  }

  /// Gives a file, or a folder with all in it, a name that nothing has.
  ///
  /// @return the version that the first of them is now
  Version move(Name from, Name to) throws InterruptedException {
    Moved moved = directory.move(from, to, TIMEOUT);
    awaitRevision(moved.revision());
    return moved.version();
  }

  /// Makes the content of one name the next version of another, then deletes the first: whoever
  /// reads the second sees what it was or what it is.
  ///
  /// @param target what it replaces
  /// @return the version that the second name is now
  Version moveOver(Name from, Version source, Name to, Version target) throws InterruptedException {
    if (share.find(from).isEmpty()) {
      bringer.bring(from, source, Reason.KEPT);
    }
    CompletableFuture<Verdict> verdict = announcer.verdict(to);
    Version made;
    try {
      if (share.moveOver(from, to, target.number()).isEmpty()) {
        throw new ConflictException(from + " was changed by somebody else meanwhile");
      }
      announcer.changed(List.of(to));
      made = replaced(to, verdict);
    } finally {
      verdict.cancel(false);
    }
    namespace.awaitVersion(to, made.number(), VISIBLE_WITHIN);
    Deleted deleted = directory.delete(List.of(from), TIMEOUT);
    share.forgetMoved(from);
    announcer.changed(from);
    awaitRevision(deleted.revision());
    return made;
  }

  private static Version replaced(Name to, CompletableFuture<Verdict> verdict)
      throws InterruptedException {
    try {
      Verdict heard = verdict.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
      if (heard instanceof Verdict.Current(_, var version)) {
        return version;
      }
      throw new ConflictException(to + " was changed by somebody else meanwhile");
    } catch (ExecutionException | TimeoutException e) {
      throw new UnavailableException(to + ": the directory did not answer in time", e);
    }
  }

  private void awaitRevision(long revision) throws InterruptedException {
    namespace.awaitRevision(revision, VISIBLE_WITHIN);
  }
}
