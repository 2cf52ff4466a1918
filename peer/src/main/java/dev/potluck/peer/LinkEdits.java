package dev.potluck.peer;

import dev.potluck.content.ConflictException;
import dev.potluck.content.Kind;
import dev.potluck.content.Name;
import dev.potluck.content.PotluckException;
import dev.potluck.content.UnavailableException;
import dev.potluck.content.Version;
import dev.potluck.directory.Entry;
import dev.potluck.directory.Fact;
import dev.potluck.directory.Reason;
import dev.potluck.directory.Refusal;
import dev.potluck.directory.Verdict;
import dev.potluck.wire.CommitOutcome;
import java.nio.file.FileAlreadyExistsException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// Makes symlinks. Programs take locks with them, so that of all who make one of a name at a time
/// one alone succeeds: the directory is asked before it can be seen, and what is refused leaves
/// nothing behind. Thread-safe.
final class LinkEdits {
  private static final int MODE = 0777;
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Duration VISIBLE_WITHIN = Duration.ofSeconds(5);

  private final Share share;
  private final Namespace namespace;
  private final Announcer announcer;
  private final FileTransactions.Committing directory;
  private final Clock clock;

  LinkEdits(
      Share share,
      Namespace namespace,
      Announcer announcer,
      FileTransactions.Committing directory,
      Clock clock) {
    this.share = share;
    this.namespace = namespace;
    this.announcer = announcer;
    this.directory = directory;
    this.clock = clock;
  }

  /// Makes a symlink where nothing is; it is the party's and lies in the share when this returns.
  ///
  /// @throws FileAlreadyExistsException if somebody else has made something of that name
  /// @throws UnavailableException if the directory does not answer: the link lies in the share, and
  ///   becomes the party's when it is back
  Version make(Name name, byte[] target) throws FileAlreadyExistsException, InterruptedException {
    long base = namespace.entry(name).map(entry -> entry.version().number()).orElse(0L);
    Instant now = clock.instant();
    try (NotedLink link = share.noteLink(name, base, target, now)) {
      Version wanted = new Version(0, Kind.SYMLINK, link.content(), now, MODE);
      return agreed(link, new Fact.Edited(name, base, wanted, Reason.KEPT));
    } finally {
      announcer.changed(name);
    }
  }

  private Version agreed(NotedLink link, Fact.Edited edit)
      throws FileAlreadyExistsException, InterruptedException {
    CommitOutcome outcome;
    try {
      outcome = directory.commit(List.of(edit), TIMEOUT);
    } catch (UnavailableException e) {
      throw e;
    } catch (PotluckException e) {
      link.drop();
      throw e;
    }
    return switch (outcome) {
      case CommitOutcome.Committed(List<Version> versions, long revision) -> {
        link.install(versions.getFirst());
        namespace.awaitRevision(revision, VISIBLE_WITHIN);
        yield versions.getFirst();
      }
      case CommitOutcome.Refused(Refusal refusal, String why, List<Verdict> conflicts) -> {
        link.drop();
        awaitTaken(edit.name(), conflicts);
        throw refusal == Refusal.LOCKED
            ? new ConflictException(why, new BusyException(why))
            : refusal.exception(why);
      }
    };
  }

  /// Who hears that somebody else was first wants to see what that has made.
  ///
  /// @throws FileAlreadyExistsException if something of that name is in the way
  private void awaitTaken(Name name, List<Verdict> conflicts)
      throws FileAlreadyExistsException, InterruptedException {
    for (Verdict verdict : conflicts) {
      if (verdict instanceof Verdict.Conflict(_, Entry current, _)
          && !current.deleted()
          && current.name().isIn(name)) {
        namespace.awaitVersion(current.name(), current.version().number(), VISIBLE_WITHIN);
        throw new FileAlreadyExistsException(name.value());
      }
    }
  }
}
