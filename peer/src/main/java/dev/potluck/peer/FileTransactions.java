package dev.potluck.peer;

import dev.potluck.content.FailedException;
import dev.potluck.content.Name;
import dev.potluck.content.PotluckException;
import dev.potluck.content.UnavailableException;
import dev.potluck.content.UsageException;
import dev.potluck.content.Version;
import dev.potluck.directory.Fact;
import dev.potluck.directory.Reason;
import dev.potluck.wire.CommitOutcome;
import dev.potluck.wire.WireLimits;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/// Makes versions of several files in one step: everywhere all of them are there, or none.
///
/// The contents lie ready and durable before the directory is asked, and are put in place once it
/// has agreed. If its answer is lost, or this peer dies in between, the same is asked again in the
/// next session: a commit that happened answers as it did, and one that did not happens or is
/// refused as a whole. Thread-safe.
final class FileTransactions {
  private static final Logger LOG = System.getLogger(FileTransactions.class.getName());
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Duration VISIBLE_WITHIN = Duration.ofSeconds(5);

  private final Share share;
  private final Namespace namespace;
  private final Announcer announcer;
  private final Committing directory;
  private final PreparedFiles journal;

  // Guarded by this.
  private final Set<String> underWay = new HashSet<>();

  /// The directory.
  @FunctionalInterface
  interface Committing {
    /// @throws UnavailableException if it is not known whether it happened
    CommitOutcome commit(List<Fact.Edited> edits, Duration timeout);
  }

  FileTransactions(
      Share share,
      Namespace namespace,
      Announcer announcer,
      Committing directory,
      PreparedFiles journal) {
    this.share = share;
    this.namespace = namespace;
    this.announcer = announcer;
    this.directory = directory;
    this.journal = journal;
  }

  /// Commits what lies prepared (see {@link Share#prepare}), all or none.
  ///
  /// @return the versions, in order; they are in place in the share
  /// @throws dev.potluck.content.ConflictException if one of them has changed or is locked: nothing
  ///   happened
  /// @throws UnavailableException if it is not known whether it happened: it is found out later
  List<Version> commit(List<PreparedFiles.Prepared> files) throws InterruptedException {
    if (files.size() > WireLimits.EDITS_PER_CALL) {
      discard(files);
      throw new UsageException(
          "at most " + WireLimits.EDITS_PER_CALL + " files go into one transaction");
    }
    String transaction = UUID.randomUUID().toString();
    begin(transaction, files);
    try {
      return settled(transaction, files, false);
    } finally {
      over(transaction);
    }
  }

  private void begin(String transaction, List<PreparedFiles.Prepared> files) {
    boolean begun = false;
    synchronized (this) {
      underWay.add(transaction);
    }
    try {
      journal.begin(transaction, files);
      begun = true;
    } catch (IOException e) {
      throw new FailedException("cannot note what is to be committed: " + e.getMessage(), e);
    } finally {
      if (!begun) {
        discard(files);
        over(transaction);
      }
    }
  }

  private synchronized void over(String transaction) {
    underWay.remove(transaction);
  }

  /// @param again whether it may have been asked before
  private List<Version> settled(
      String transaction, List<PreparedFiles.Prepared> files, boolean again)
      throws InterruptedException {
    List<Fact.Edited> edits = files.stream().map(file -> edit(file).said(again)).toList();
    CommitOutcome outcome;
    try {
      outcome = directory.commit(edits, TIMEOUT);
    } catch (UnavailableException e) {
      throw new UnavailableException(
          "the directory did not answer ("
              + e.getMessage()
              + "): all of it or nothing happens when it is back",
          e);
    } catch (PotluckException e) {
      dropped(transaction, files);
      throw e;
    }
    return switch (outcome) {
      case CommitOutcome.Committed(List<Version> versions, long revision) -> {
        install(transaction, files, versions);
        namespace.awaitRevision(revision, VISIBLE_WITHIN);
        yield versions;
      }
      case CommitOutcome.Refused(var refusal, String why, _) -> {
        dropped(transaction, files);
        throw refusal.exception(why + "; nothing was changed");
      }
    };
  }

  private static Fact.Edited edit(PreparedFiles.Prepared file) {
    return new Fact.Edited(file.name(), file.base(), file.version(), Reason.KEPT, file.token());
  }

  /// What cannot be put in place now (a full disk, a folder in its way) stays in the journal.
  private void install(
      String transaction, List<PreparedFiles.Prepared> files, List<Version> versions) {
    List<PotluckException> failures = new ArrayList<>();
    for (int i = 0; i < files.size(); i++) {
      PreparedFiles.Prepared file = files.get(i);
      Version version = versions.get(i);
      try {
        share
            .prepared(file.path(), file.version().content())
            .ifPresent(ready -> share.install(ready, file.name(), version, Reason.KEPT));
      } catch (PotluckException e) {
        failures.add(e);
      }
    }
    List<Name> names = files.stream().map(PreparedFiles.Prepared::name).toList();
    announcer.changed(names);
    if (!failures.isEmpty()) {
      throw new FailedException(
          "committed, but not all of it is in place here: " + failures.getFirst().getMessage(),
          failures.getFirst());
    }
    share.syncPlaces(names);
    forget(transaction);
  }

  private void dropped(String transaction, List<PreparedFiles.Prepared> files) {
    discard(files);
    forget(transaction);
  }

  private void discard(List<PreparedFiles.Prepared> files) {
    files.forEach(file -> share.discardPrepared(file.path()));
  }

  private void forget(String transaction) {
    try {
      journal.end(transaction);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cannot forget a finished transaction: {0}", e.getMessage());
    }
  }

  /// Finds out what became of transactions whose answer was lost, in the background; at the begin
  /// of a session.
  void settleOld() {
    Thread.ofVirtual().name("transactions").start(this::settleAll);
  }

  private void settleAll() {
    try {
      for (Map.Entry<String, List<PreparedFiles.Prepared>> one : journal.all().entrySet()) {
        if (taken(one.getKey())) {
          settle(one.getKey(), one.getValue());
        }
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cannot look for transactions to finish: {0}", e.getMessage());
    } catch (InterruptedException e) {
      LOG.log(Level.DEBUG, "finishing transactions was interrupted");
    }
  }

  private synchronized boolean taken(String transaction) {
    return underWay.add(transaction);
  }

  private void settle(String transaction, List<PreparedFiles.Prepared> files)
      throws InterruptedException {
    String first = files.getFirst().name().value();
    try {
      var _ = settled(transaction, files, true);
      LOG.log(Level.INFO, "finished the transaction of {0} and what belongs to it", first);
    } catch (PotluckException e) {
      LOG.log(Level.WARNING, "the transaction of {0} is not finished: {1}", first, e.getMessage());
    } finally {
      over(transaction);
    }
  }

  /// Deletes what a crash left that belongs to no transaction. Before anything is prepared.
  void tidy() throws IOException {
    Set<String> kept = new HashSet<>();
    journal.all().values().forEach(files -> files.forEach(file -> kept.add(file.path())));
    share.tidyPrepared(kept);
  }
}
