package dev.potluck.peer;

import dev.potluck.content.ConflictException;
import dev.potluck.content.FailedException;
import dev.potluck.content.Name;
import dev.potluck.content.UnavailableException;
import dev.potluck.content.Version;
import dev.potluck.directory.Verdict;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Makes versions of drafts: first a file of the share, which survives whatever becomes of this
/// machine, then, by the directory's word, the version. Thread-safe.
final class Commits {
  private static final Logger LOG = System.getLogger(Commits.class.getName());
  private static final Duration VERDICT_TIMEOUT = Duration.ofSeconds(30);

  private final Share share;
  private final Announcer announcer;
  private final WriteOptions options;
  private final BooleanSupplier partyThere;
  private final Supplier<Instant> now;
  private final Supplier<String> selfName;
  private volatile boolean ending;

  /// @param partyThere whether the directory answers at present
  /// @param selfName what people call this peer
  Commits(
      Share share,
      Announcer announcer,
      WriteOptions options,
      BooleanSupplier partyThere,
      Supplier<Instant> now,
      Supplier<String> selfName) {
    this.share = share;
    this.announcer = announcer;
    this.options = options;
    this.partyThere = partyThere;
    this.now = now;
    this.selfName = selfName;
  }

  /// What is to become a version.
  ///
  /// @param base the number of the version it was made of; of a tombstone, or 0, for a new file
  record Edit(Name name, long base, DraftShape shape) {}

  /// Makes a draft a whole file.
  @FunctionalInterface
  interface Sealing {
    ReadyContent seal() throws IOException, InterruptedException;
  }

  /// Whether whoever closes a file waits until the party has its version.
  boolean waitsForParty() {
    return options.commit() == WriteOptions.Commit.CLOSE;
  }

  /// From here on nobody waits for a directory that is away.
  void end() {
    ending = true;
  }

  boolean isPartyThere() {
    return partyThere.getAsBoolean();
  }

  /// Waits for the directory.
  ///
  /// @throws UnavailableException if it stays away
  void awaitParty(Name name) throws InterruptedException {
    if (!isThereInTime()) {
      throw new UnavailableException(
          name
              + " cannot be written: the directory is away for longer than "
              + options.patience().toSeconds()
              + " s"
              + "; try again when it is back");
    }
  }

  private boolean isThereInTime() throws InterruptedException {
    Retry retry = new Retry(Retry.deadline(options.patience()));
    while (!partyThere.getAsBoolean()) {
      if (ending || !retry.again()) {
        return false;
      }
    }
    return true;
  }

  /// Puts an edit into the share, durably, and says so to the party. If nobody can make it a
  /// version, it is kept beside, and the failure is what {@link Pending#await} tells.
  Pending begin(Edit edit, Sealing sealing) throws IOException, InterruptedException {
    boolean lost = waitsForParty() && !isThereInTime();
    ReadyContent ready = sealing.seal();
    Name name = lost ? UnsavedName.of(edit.name, selfName.get(), now.get()) : edit.name;
    CompletableFuture<Verdict> verdict = announcer.verdict(name);
    boolean installed = false;
    try {
      DraftShape shape = edit.shape;
      var _ = share.installEdit(ready, name, lost ? 0 : edit.base, shape.mtime(), shape.mode());
      installed = true;
    } finally {
      if (!installed) {
        verdict.cancel(false);
        share.discard(ready);
      }
    }
    announcer.changed(name);
    if (!lost) {
      return new Pending(edit.name, verdict, null);
    }
    verdict.cancel(false);
    String why =
        edit.name + " was not saved, since the directory is away: what was written is " + name;
    LOG.log(Level.WARNING, why);
    return new Pending(edit.name, verdict, new UnavailableException(why));
  }

  /// An edit that waits for the directory's word.
  static final class Pending {
    private final Name name;
    private final CompletableFuture<Verdict> verdict;
    private final @Nullable UnavailableException lost;

    private Pending(
        Name name, CompletableFuture<Verdict> verdict, @Nullable UnavailableException lost) {
      this.name = name;
      this.verdict = verdict;
      this.lost = lost;
    }

    boolean isHeard() {
      return verdict.isDone();
    }

    /// Does something when the directory has spoken, on its thread: must not wait.
    void whenHeard(Runnable action) {
      var _ = verdict.whenComplete((_, _) -> action.run());
    }

    /// Waits for the word.
    ///
    /// @return the version it is
    /// @throws dev.potluck.content.PotluckException saying why it is none, and what it is now
    Version await() throws InterruptedException {
      if (lost != null) {
        throw lost;
      }
      return switch (heard()) {
        case Verdict.Current(_, var version) -> version;
        case Verdict.Conflict(_, _, var keepAs) ->
            throw new ConflictException(
                name + " was changed by somebody else meanwhile; yours is kept as " + keepAs);
        case Verdict.Rejected(_, var why) ->
            throw new FailedException("the directory does not take " + name + ": " + why);
        case Verdict.Stale _ ->
            throw new ConflictException(name + " was changed by somebody else meanwhile");
        case Verdict.Buried _ ->
            throw new ConflictException(name + " was deleted by somebody else meanwhile");
      };
    }

    private Verdict heard() throws InterruptedException {
      try {
        return verdict.get(VERDICT_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
      } catch (ExecutionException | TimeoutException e) {
        throw new UnavailableException(
            name
                + " lies in the share, but the directory did not answer: it becomes a version when"
                + " the directory is back",
            e);
      } finally {
        verdict.cancel(false);
      }
    }
  }
}
