package dev.potluck.peer;

import dev.potluck.content.Kind;
import dev.potluck.content.Name;
import dev.potluck.content.UsageException;
import dev.potluck.directory.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Compares the share with the database, hashes what differs once it is settled, and tells what it
/// found. Used by one thread; others change the index meanwhile, under its claims.
final class Scanner {
  private static final int BATCH = 512;
  private static final long LARGE_BYTES = 64L << 20;

  private final ShareTree tree;
  private final ShareIndex index;
  private final ScanDatabase database;
  private final Naming naming;
  private final FileHasher hasher;
  private final ShareOptions options;
  private final ShareListener listener;
  private final Folders folders;
  private final RotShelf rot;
  private final Overlays overlays;

  /// That the last walk came by.
  private Set<String> walked = Set.of();

  private final Map<String, Unsettled> unsettled = new HashMap<>();
  private final Map<String, Long> missingSinceNs = new HashMap<>();
  private final Disappearances disappearances;

  /// Is told every folder, before it is looked through, to watch it.
  @FunctionalInterface
  interface Folders {
    void walked(String path, long inode);
  }

  Scanner(
      ShareTree tree,
      ShareIndex index,
      ScanDatabase database,
      Naming naming,
      FileHasher hasher,
      RotShelf rot,
      ShareOptions options,
      ShareListener listener,
      Overlays overlays,
      Folders folders)
      throws IOException {
    this.tree = tree;
    this.index = index;
    this.database = database;
    this.naming = naming;
    this.hasher = hasher;
    this.rot = rot;
    this.options = options;
    this.listener = listener;
    this.overlays = overlays;
    this.folders = folders;
    this.disappearances = new Disappearances(database);
  }

  /// What one scan found.
  ///
  /// @param unsettled changes that were too recent to be told
  /// @param settledNs wall-clock time at which all of them can be, if nothing changes meanwhile
  /// @param nextDueNs wall-clock time at which something wants another look; Long.MAX_VALUE if
  ///   nothing
  /// @param doubts what is missing, but not taken for deleted
  record Result(
      ScanReport report, int unsettled, long settledNs, long nextDueNs, List<Skipped> doubts) {}

  /// At start, before anybody is told anything: trusts the records whose files look as recorded.
  void confirm() throws IOException {
    index.doubtAll();
    Set<String> all = new HashSet<>();
    new ShareWalk(
            tree,
            new ShareWalk.Visitor() {
              @Override
              public void file(String path, FileStat stat) {
                FileRecord known = index.at(path);
                if (known != null && known.identity().equals(stat.identity())) {
                  index.trust(path);
                }
              }

              @Override
              public void folder(String path, long inode) {
                all.add(path);
                folders.walked(path, inode);
              }
            })
        .run();
    walked = all;
  }

  /// What a look at some paths found.
  ///
  /// @param differs whether something may not be as it was recorded, so that a scan is needed; the
  ///   rest counts for nothing then
  /// @param nextDueNs wall-clock time at which a scan is needed though nothing differs;
  ///   Long.MAX_VALUE if none is
  /// @param changing paths that are being changed this instant, to be looked at again
  record Look(boolean differs, long nextDueNs, Set<String> changing) {}

  /// Looks whether files are as they were recorded: what Potluck itself did needs no scan.
  Look look(Set<String> paths) {
    Set<String> changing = new HashSet<>();
    long dueNs = Long.MAX_VALUE;
    for (String path : paths) {
      if (!isAsRecorded(path)) {
        if (index.isClaimed(path)) {
          changing.add(path);
        } else if (!isAsRecorded(path)) {
          return new Look(true, dueNs, changing);
        }
      }
      FileRecord known = index.at(path);
      if (known != null && isToBeHashedAgain(known)) {
        dueNs = Math.min(dueNs, sureNs(known));
      }
    }
    return new Look(false, dueNs, changing);
  }

  /// Also of what there is not, and was not. Folders never are: what is in them counts.
  private boolean isAsRecorded(String path) {
    String folder = path.substring(0, Math.max(0, path.lastIndexOf('/')));
    if (walked.contains(path) || !walked.contains(folder)) {
      return false;
    }
    try {
      Optional<FileStat> there = tree.stat(path);
      FileRecord known = index.at(path);
      if (known == null || there.isEmpty()) {
        return known == null && there.isEmpty();
      }
      return isOf(there.get(), known) && index.isTrusted(path);
    } catch (IOException e) {
      return false; // The scan says of it why.
    }
  }

  private static boolean isToBeHashedAgain(FileRecord known) {
    return known.racy() && known.overlay() == null;
  }

  /// From when on another change of a file would show.
  private static long sureNs(FileRecord known) {
    return known.identity().ctimeNs() + FileRecord.RACY_NS;
  }

  /// One full scan.
  ///
  /// @param deletionsMeant what is missing was deleted on purpose, however much it is
  Result scan(boolean deletionsMeant) throws IOException {
    long startNs = System.nanoTime();
    Pass now = new Pass(FileStat.nanos(options.clock().instant()));
    ShareWalk walk = new ShareWalk(tree, now);
    now.walk = walk;
    walk.run();
    walked = now.folders;
    unsettled.keySet().retainAll(now.seen);
    findMissing(now, walk, deletionsMeant);
    seeToOverlaid(now);
    hasher.hashAll(now.candidates, done -> collect(now, done));
    flush(now);
    long bytes = index.trusted().mapToLong(r -> r.content().size()).sum();
    ScanReport report =
        new ScanReport(
            index.trusted().count(),
            bytes,
            now.added,
            now.changed,
            now.removed,
            walk.skipped(),
            Duration.ofNanos(System.nanoTime() - startNs));
    return new Result(report, now.waiting, now.settledNs, now.dueNs, List.copyOf(now.doubts));
  }

  private void findMissing(Pass now, ShareWalk walk, boolean deletionsMeant) throws IOException {
    Set<String> gone = new HashSet<>();
    for (FileRecord record : index.all()) {
      String path = record.path();
      if (!now.seen.contains(path) && !walk.isHidden(path)) {
        gone.add(path);
      }
    }
    for (Disappearances.Doubt doubt :
        disappearances.doubts(
            index.all().size(), now.seen.size(), gone, walk.mounts(), deletionsMeant)) {
      gone.removeIf(doubt::covers);
      now.doubts.add(doubt.skipped());
      walk.skip(doubt.skipped().path(), doubt.why());
    }
    missingSinceNs.keySet().retainAll(gone);
    DatabaseChanges changes = new DatabaseChanges();
    List<ShareEvent> events = new ArrayList<>();
    synchronized (index) {
      for (String path : gone) {
        FileRecord record = index.at(path);
        long since = missingSinceNs.computeIfAbsent(path, p -> now.timeNs);
        if (record != null && index.isClaimed(path)) {
          missingSinceNs.remove(path);
          now.waitFor(now.timeNs + options.settle().toNanos());
        } else if (record == null || hasContent(path)) {
          missingSinceNs.remove(path);
        } else if (now.timeNs - since < options.settle().toNanos()) {
          now.waitFor(since + options.settle().toNanos());
        } else if (record.overlay() != null) {
          now.overlaid.add(path);
        } else {
          changes.removed.add(path);
          events.add(new ShareEvent.Removed(record.local()));
        }
      }
      if (!changes.isEmpty()) {
        database.write(changes, false);
        changes.removed.forEach(index::remove);
        changes.removed.forEach(missingSinceNs::remove);
        now.removed += events.size();
      }
    }
    if (!events.isEmpty()) {
      listener.changed(events);
    }
  }

  /// What lies beneath an edit that is not a file yet is not as it was: another scan sees what came
  /// of it.
  private void seeToOverlaid(Pass now) {
    for (String path : now.overlaid) {
      try {
        overlays.changed(path);
      } catch (IOException e) {
        now.skip(path, "what was written over it waits: " + ShareWalk.why(e));
      }
      unsettled.remove(path);
      now.waitFor(now.timeNs + options.settle().toNanos());
    }
  }

  private boolean hasContent(String path) throws IOException {
    return tree.stat(path).filter(FileStat::hasContent).isPresent();
  }

  private void collect(Pass now, ScanCandidate.Done done) {
    now.done.add(done);
    if (now.done.size() >= BATCH) {
      flush(now);
    }
  }

  /// Records what was hashed and tells of it.
  private void flush(Pass now) {
    DatabaseChanges changes = new DatabaseChanges();
    List<ShareEvent> events = new ArrayList<>(now.reappeared);
    now.reappeared.clear();
    synchronized (index) {
      for (ScanCandidate.Done done : now.done) {
        settle(now, done, changes, events);
      }
      now.done.clear();
      if (!changes.isEmpty()) {
        try {
          database.write(changes, false);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
        changes.removed.forEach(index::remove);
        for (FileRecord record : changes.files) {
          index.put(record);
          unsettled.remove(record.path());
        }
      }
    }
    if (!events.isEmpty()) {
      listener.changed(events);
    }
  }

  private void settle(
      Pass pass, ScanCandidate.Done done, DatabaseChanges changes, List<ShareEvent> events) {
    ScanCandidate candidate = done.candidate();
    switch (done.result()) {
      case FileHasher.Result.Failed(String why) -> pass.skip(candidate.path(), why);
      case FileHasher.Result.Unsettled() -> {
        unsettled.remove(candidate.path());
        pass.waitFor(pass.timeNs + options.settle().toNanos());
      }
      case FileHasher.Result.Hashed hashed -> {
        FileRecord now = index.at(candidate.path());
        if (index.isClaimed(candidate.path()) || !isStill(candidate.known(), now)) {
          pass.waitFor(pass.timeNs + options.settle().toNanos());
        } else {
          record(pass, candidate.path(), now, hashed, changes, events);
        }
      }
    }
  }

  /// Whether a record is that of the same file as before, whatever the directory said meanwhile.
  private static boolean isStill(@Nullable FileRecord before, @Nullable FileRecord now) {
    return before == null
        ? now == null
        : now != null
            && now.identity().equals(before.identity())
            && now.kind() == before.kind()
            && now.content().equals(before.content());
  }

  private void record(
      Pass pass,
      String path,
      @Nullable FileRecord known,
      FileHasher.Result.Hashed hashed,
      DatabaseChanges changes,
      List<ShareEvent> events) {
    FileIdentity identity = hashed.stat().identity();
    int mode = hashed.stat().mode();
    if (hashed.racy()) {
      pass.lookAgain(identity.ctimeNs() + FileRecord.RACY_NS);
    }
    changes.layers.add(hashed.layer());
    if (known == null) {
      Name name = naming.nameOf(path);
      if (pass.names.add(name) && index.named(name) == null) {
        FileRecord added =
            new FileRecord(
                path,
                name,
                new FileRecord.OnDisk(identity, mode, hashed.racy(), null),
                FileRecord.Standing.unknown(
                    hashed.stat().kind(), hashed.layer().content(), Reason.KEPT));
        changes.files.add(added);
        events.add(new ShareEvent.Added(added.local()));
        pass.added++;
      }
      return;
    }
    FileRecord seen = known.found(identity, mode, hashed.racy());
    Kind kind = hashed.stat().kind();
    if (known.kind() == kind && known.content().equals(hashed.layer().content())) {
      changes.files.add(seen);
      if (!index.isTrusted(known.path())) {
        events.add(new ShareEvent.Added(seen.local()));
      }
    } else if (isDamage(known.identity(), identity)) {
      setAside(known, changes, events);
    } else {
      FileRecord edited = seen.withContent(kind, hashed.layer().content());
      changes.files.add(edited);
      events.add(new ShareEvent.Changed(edited.local()));
      pass.changed++;
    }
  }

  /// Every edit changes the ctime: other bytes under the old one were lost in a power cut.
  private static boolean isDamage(FileIdentity before, FileIdentity now) {
    return before.inode() == now.inode()
        && before.ctimeNs() == now.ctimeNs()
        && before.size() != now.size();
  }

  private void setAside(FileRecord record, DatabaseChanges changes, List<ShareEvent> events) {
    try {
      events.add(new ShareEvent.Rotten(record.local(), rot.setAside(record)));
      changes.removed.add(record.path());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The share is gone.
  void lost(String why) {
    listener.lost(why);
  }

  /// Hashes a file again although it looks unchanged. What the disk damaged is set aside.
  ///
  /// @return whether it is what the database says
  boolean verify(FileRecord record) throws IOException {
    if (record.overlay() != null) {
      return overlays.verify(record);
    }
    Optional<FileStat> there = tree.stat(record.path());
    if (there.filter(stat -> isOf(stat, record)).isEmpty()) {
      return false;
    }
    FileHasher.Result result = hasher.hash(record.path(), there.get());
    if (!(result instanceof FileHasher.Result.Hashed hashed)) {
      return false;
    }
    if (hashed.layer().content().equals(record.content())) {
      return true;
    }
    if (!record.racy()) {
      List<ShareEvent> events = new ArrayList<>();
      synchronized (index) {
        if (index.isClaimed(record.path()) || !isStill(record, index.at(record.path()))) {
          return false;
        }
        DatabaseChanges changes = new DatabaseChanges();
        setAside(record, changes, events);
        database.write(changes, false);
        index.remove(record.path());
      }
      listener.changed(events);
    }
    return false;
  }

  private static boolean isOf(FileStat stat, FileRecord record) {
    return stat.hasContent() && stat.identity().equals(record.identity());
  }

  private record Unsettled(FileIdentity identity, long sinceNs) {}

  /// The state of one scan.
  private final class Pass implements ShareWalk.Visitor {
    final long timeNs;
    final Set<String> seen = new HashSet<>();
    final Set<String> folders = new HashSet<>();
    final Set<Name> names = new HashSet<>();
    final List<ScanCandidate> candidates = new ArrayList<>();
    final List<String> overlaid = new ArrayList<>();
    final List<ScanCandidate.Done> done = new ArrayList<>();
    final List<ShareEvent> reappeared = new ArrayList<>();
    final List<Skipped> doubts = new ArrayList<>();
    @Nullable ShareWalk walk;
    long settledNs;
    long dueNs = Long.MAX_VALUE;
    int waiting;
    int added;
    int changed;
    int removed;

    Pass(long timeNs) {
      this.timeNs = timeNs;
    }

    void skip(String path, String why) {
      if (walk != null) {
        walk.skip(path, why);
      }
    }

    /// Something changed too recently.
    void waitFor(long timeNs) {
      waiting++;
      settledNs = Math.max(settledNs, timeNs);
      lookAgain(timeNs);
    }

    void lookAgain(long timeNs) {
      dueNs = Math.min(dueNs, timeNs);
    }

    @Override
    public void folder(String path, long inode) {
      folders.add(path);
      Scanner.this.folders.walked(path, inode);
    }

    @Override
    public void file(String path, FileStat stat) {
      seen.add(path);
      if (index.isClaimed(path)) {
        waitFor(timeNs + options.settle().toNanos());
        return;
      }
      FileRecord known = index.at(path);
      if (known != null && known.identity().equals(stat.identity())) {
        unchanged(known, stat);
      } else if (known != null || isShareable(path)) {
        changedOrNew(path, stat, known);
      }
    }

    private void unchanged(FileRecord known, FileStat stat) {
      unsettled.remove(known.path());
      if (index.trust(known.path())) {
        reappeared.add(new ShareEvent.Added(known.local()));
      }
      if (isToBeHashedAgain(known)) {
        long sureNs = sureNs(known);
        if (sureNs <= timeNs) {
          candidates.add(new ScanCandidate(known.path(), stat, known));
        } else {
          lookAgain(sureNs);
        }
      }
    }

    private void changedOrNew(String path, FileStat stat, @Nullable FileRecord known) {
      long settleNs = settleNs(stat.identity().size());
      Unsettled before = unsettled.get(path);
      if (before == null || !before.identity().equals(stat.identity())) {
        before = new Unsettled(stat.identity(), timeNs);
        unsettled.put(path, before);
      }
      long ctimeNs = stat.identity().ctimeNs();
      boolean settled =
          (ctimeNs <= timeNs && timeNs - ctimeNs >= settleNs)
              || timeNs - before.sinceNs() >= settleNs;
      if (settled && known != null && known.overlay() != null) {
        overlaid.add(path);
      } else if (settled) {
        candidates.add(new ScanCandidate(path, stat, known));
      } else {
        waitFor(
            (ctimeNs <= timeNs ? Math.min(ctimeNs, before.sinceNs()) : before.sinceNs())
                + settleNs);
      }
    }

    /// A large file that is hashed a second later need not be hashed twice.
    private long settleNs(long sizeBytes) {
      long settleNs = options.settle().toNanos();
      return sizeBytes < LARGE_BYTES ? settleNs : Math.max(settleNs, FileRecord.RACY_NS);
    }

    private boolean isShareable(String path) {
      try {
        Name name = naming.nameOf(path);
        FileRecord other = index.named(name);
        if (other != null && !other.path().equals(path)) {
          skip(path, "its name " + name + " is already that of " + other.path());
          return false;
        }
        return true;
      } catch (UsageException e) {
        skip(path, e.getMessage() == null ? "not a name" : e.getMessage());
        return false;
      }
    }
  }
}
