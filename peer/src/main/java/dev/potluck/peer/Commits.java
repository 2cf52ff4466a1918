package dev.potluck.peer;

import dev.potluck.content.ContentId;
import dev.potluck.content.Name;
import dev.potluck.content.PieceLayer;
import dev.potluck.content.UnavailableException;
import dev.potluck.content.Version;
import dev.potluck.directory.Verdict;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Makes versions of drafts: first a file of the share, which survives whatever becomes of this
/// machine, then, by the directory's word, the version. Thread-safe.
final class Commits {
  private static final Logger LOG = System.getLogger(Commits.class.getName());

  /// How many edits of a machine that is alone may wait to be versions.
  private static final int AHEAD_MAX = 256;

  private final Share share;
  private final Announcer announcer;
  private final WriteOptions options;
  private final BooleanSupplier partyThere;
  private final BooleanSupplier alone;
  private final Supplier<Instant> now;
  private final Supplier<String> selfName;
  private volatile boolean ending;

  /// @param partyThere whether the directory answers at present
  /// @param alone whether nobody else is in the party, whose directory is this machine's alone
  /// @param selfName what people call this peer
  Commits(
      Share share,
      Announcer announcer,
      WriteOptions options,
      BooleanSupplier partyThere,
      BooleanSupplier alone,
      Supplier<Instant> now,
      Supplier<String> selfName) {
    this.share = share;
    this.announcer = announcer;
    this.options = options;
    this.partyThere = partyThere;
    this.alone = alone;
    this.now = now;
    this.selfName = selfName;
  }

  /// What is to become a version.
  ///
  /// @param base the number of the version it was made of; of a tombstone, or 0, for a new file
  record Edit(Name name, long base, DraftShape shape) {}

  /// What was written in a draft.
  interface Sealing {
    /// The content of which it changes little; nothing if it is more than that.
    Optional<ContentId> littleChangeOf();

    /// What it changes of that.
    DraftChange change() throws IOException, InterruptedException;

    /// The change is safe.
    ///
    /// @param whole all of what it made, which the draft is from here on
    void changeIsSafe(OpenFile whole, PieceLayer layer) throws IOException;

    /// Makes all of it a file.
    SealedDraft seal() throws IOException, InterruptedException;
  }

  /// Whether whoever closes a file waits until the party has its version. Who is alone in it need
  /// not: what is durable here becomes a version in any case, and nobody is there to see it late;
  /// commands on this machine wait for it ({@link Announcer#awaitEdits}). Unless so much is waiting
  /// already that somebody who joins now would.
  boolean waitsForParty() {
    return options.commit() == WriteOptions.Commit.CLOSE
        && !(alone.getAsBoolean() && announcer.waiting() < AHEAD_MAX);
  }

  /// Waits a moment for the directory's word on all edits.
  void awaitHeard() throws InterruptedException {
    announcer.awaitEdits(Announcer.HEARD_WITHIN);
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
    var _ = Retry.until(() -> ending || partyThere.getAsBoolean(), options.patience());
    return partyThere.getAsBoolean();
  }

  /// Puts an edit into the share, durably, and says so to the party. If nobody can make it a
  /// version, it is kept beside, and the failure is what {@link Pending#await} tells.
  Pending begin(Edit edit, Sealing sealing) throws IOException, InterruptedException {
    boolean waits = waitsForParty();
    boolean lost = waits && !isThereInTime();
    Name name = lost ? UnsavedName.of(edit.name, selfName.get(), now.get()) : edit.name;
    Optional<InShare> change = lost ? Optional.empty() : asChange(edit, sealing);
    InShare there =
        change.isPresent()
            ? change.get()
            : asFile(new Edit(name, lost ? 0 : edit.base, edit.shape), sealing.seal());
    if (waits) {
      announcer.changed(name);
    } else {
      announcer.changedSoon(name);
    }
    if (!lost) {
      return new Pending(edit.name, there, waits, announcer::hurry, null);
    }
    there.verdict.cancel(false);
    String why =
        edit.name + " was not saved, since the directory is away: what was written is " + name;
    LOG.log(Level.WARNING, why);
    return new Pending(edit.name, there, waits, announcer::hurry, new UnavailableException(why));
  }

  /// What lies in the share, and what becomes of it.
  private record InShare(ContentId content, CompletableFuture<Verdict> verdict) {}

  /// Gives the share's file of a name other attributes, and says so to the party.
  ///
  /// @param content what the file is, be it a version or about to be one
  /// @return nothing if the file is another, or whoever asks has to wait for the party
  Optional<Pending> dress(Name name, ContentId content, DraftShape shape) {
    if (waitsForParty() || share.dressEdit(name, content, shape).isEmpty()) {
      return Optional.empty();
    }
    CompletableFuture<Verdict> verdict = announcer.verdict(name);
    announcer.changedSoon(name);
    // What was being said meanwhile may have told of it already.
    Optional<LocalFile> now = share.find(name);
    if (now.filter(file -> file.content().equals(content)).isEmpty()) {
      verdict.complete(new Verdict.Forgotten(name));
    } else if (!now.get().edited()) {
      verdict.complete(new Verdict.Current(name, now.get().version()));
    }
    var there = new InShare(content, verdict);
    return Optional.of(new Pending(name, there, false, announcer::hurry, null));
  }

  /// Keeps what was changed; the whole file follows.
  ///
  /// @return what becomes of it; nothing if it has to be a file at once
  private Optional<InShare> asChange(Edit edit, Sealing sealing)
      throws IOException, InterruptedException {
    if (sealing.littleChangeOf().filter(base -> share.holds(edit.name, base)).isEmpty()) {
      return Optional.empty();
    }
    DraftChange change = sealing.change();
    CompletableFuture<Verdict> verdict = announcer.verdict(edit.name);
    boolean safe = false;
    try {
      DraftShape shape = edit.shape;
      safe = share.overlay(change, edit.name, edit.base, shape.mtime(), shape.mode()).isPresent();
    } finally {
      if (!safe) {
        verdict.cancel(false);
      }
    }
    if (!safe) {
      return Optional.empty();
    }
    rebase(sealing, change.layer());
    return Optional.of(new InShare(change.layer().content(), verdict));
  }

  /// The edit is safe. A draft that can't be emptied goes on over what it was made from.
  private void rebase(Sealing sealing, PieceLayer layer) {
    try {
      Optional<LocalOpenFile> whole = share.openVersion(layer.content());
      if (whole.isPresent()) {
        boolean taken = false;
        try {
          sealing.changeIsSafe(whole.get(), layer);
          taken = true;
        } finally {
          if (!taken) {
            whole.get().close();
          }
        }
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, "what was saved is kept beside it for now: {0}", e.getMessage());
    }
  }

  /// Who knows what was done to the share's file of a content.
  LocalOpenFile.Recorded recorded(ContentId content) {
    return share.recorded(content);
  }

  private InShare asFile(Edit edit, SealedDraft sealed) {
    CompletableFuture<Verdict> verdict = announcer.verdict(edit.name);
    boolean installed = false;
    try {
      DraftShape shape = edit.shape;
      var _ = share.installEdit(sealed, edit.name, edit.base, shape.mtime(), shape.mode());
      installed = true;
      return new InShare(sealed.ready().content(), verdict);
    } finally {
      if (!installed) {
        verdict.cancel(false);
        share.discard(sealed.ready());
      }
    }
  }

  /// An edit that waits for the directory's word.
  static final class Pending {
    private final Name name;
    private final ContentId content;
    private final CompletableFuture<Verdict> verdict;
    private final boolean waits;
    private final Runnable hurry;
    private final @Nullable UnavailableException lost;

    private Pending(
        Name name,
        InShare there,
        boolean waits,
        Runnable hurry,
        @Nullable UnavailableException lost) {
      this.name = name;
      this.content = there.content;
      this.verdict = there.verdict;
      this.waits = waits;
      this.hurry = hurry;
      this.lost = lost;
    }

    /// What it is.
    ContentId content() {
      return content;
    }

    /// Whether whoever closes the file waits for it.
    boolean isWaitedFor() {
      return waits;
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
      if (!verdict.isDone()) {
        hurry.run();
      }
      return new AwaitedVersion(name, verdict, "it becomes a version when the directory is back")
          .await();
    }
  }
}
