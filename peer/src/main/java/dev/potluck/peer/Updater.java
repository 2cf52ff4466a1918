package dev.potluck.peer;

import dev.potluck.content.ConflictException;
import dev.potluck.content.CorruptException;
import dev.potluck.content.Name;
import dev.potluck.content.PotluckException;
import dev.potluck.content.UnavailableException;
import dev.potluck.content.Version;
import dev.potluck.directory.Entry;
import dev.potluck.directory.Reason;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;

/// Brings files of this share to the version the party has: replaces what is old or was damaged,
/// sets aside what was deleted, and keeps beside it what was changed apart.
final class Updater implements Announcer.Verdicts, AutoCloseable {
  private static final Logger LOG = System.getLogger(Updater.class.getName());
  private static final int CONFLICT_NAMES_MAX = 20;

  /// Updates that run at a time: fewer than the fetcher has places, so that a user's own downloads
  /// never wait behind files whose holders are away.
  private static final int AT_A_TIME = 16;

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  private final Share share;
  private final Namespace namespace;
  private final Announcer announcer;
  private final Bringer bringer;
  private final EventLog events;
  private final Map<Name, Wanted> wanted = new ConcurrentHashMap<>();
  private final Semaphore places = new Semaphore(AT_A_TIME, true);
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("update-", 0).factory());

  /// Puts a version in its place in the share.
  @FunctionalInterface
  interface Bringer {
    /// @throws UnavailableException if no holder is up: it is tried again later
    void bring(Name name, Version version, Reason reason) throws InterruptedException;
  }

  Updater(Share share, Namespace namespace, Announcer announcer, Bringer bringer, EventLog events) {
    this.share = share;
    this.namespace = namespace;
    this.announcer = announcer;
    this.bringer = bringer;
    this.events = events;
  }

  /// A version that is to be here.
  ///
  /// @param replacing instead of an older copy: if its user deletes that meanwhile, not at all
  private record Wanted(Entry entry, Reason reason, boolean replacing) {
    Name name() {
      return entry.name();
    }

    long number() {
      return entry.version().number();
    }

    Wanted of(Entry other) {
      return new Wanted(other, reason, replacing);
    }

    Wanted orNewer(Wanted other) {
      return other.number() > number() ? other : this;
    }
  }

  @Override
  public void stale(Entry current) {
    share.find(current.name()).ifPresent(file -> update(current, file.reason()));
  }

  /// Fetches a version into the place of an older copy. Returns at once; goes on until it is here
  /// or no longer wanted.
  void update(Entry entry, Reason reason) {
    bring(new Wanted(entry, reason, true));
  }

  private void bring(Wanted one) {
    boolean[] first = new boolean[1];
    wanted.compute(
        one.name(),
        (_, before) -> {
          first[0] = before == null;
          return before == null ? one : before.orNewer(one);
        });
    if (first[0]) {
      begin(one.name());
    }
  }

  private void begin(Name name) {
    try {
      threads.execute(() -> run(name));
    } catch (RejectedExecutionException e) {
      LOG.log(Level.DEBUG, "the peer is ending: {0} is updated at its next start", name);
    }
  }

  private void run(Name name) {
    Retry retry = Retry.forEver(FIRST_PAUSE, LONGEST_PAUSE);
    try {
      for (Wanted one = wanted.get(name); one != null; one = wanted.get(name)) {
        Optional<Entry> newer = newer(one.entry);
        if (newer.isPresent() && !newer.get().deleted()) {
          // Nobody keeps what was replaced.
          share.forgetDownload(one.entry.version().content());
          boolean _ = wanted.replace(name, one, one.of(newer.get()));
        } else if (newer.isEmpty() && !isSettled(one)) {
          boolean _ = retry.again();
        } else if (wanted.remove(name, one)) {
          // Nothing newer was asked for meanwhile.
          return;
        }
      }
    } catch (InterruptedException e) {
      LOG.log(Level.DEBUG, "the update of {0} ends", name);
    } catch (RuntimeException e) {
      var _ = wanted.remove(name);
      LOG.log(Level.ERROR, "an update failed in a way it should not: " + name, e);
    }
  }

  /// Tries once.
  ///
  /// @return false if it is to be tried again
  private boolean isSettled(Wanted one) throws InterruptedException {
    places.acquire();
    try {
      fetch(one);
      return true;
    } catch (UnavailableException | CorruptException e) {
      LOG.log(Level.INFO, "{0} stays at its old version for now: {1}", one.name(), e.getMessage());
      return false;
    } catch (PotluckException e) {
      if (e.getCause() instanceof OvertakenException) {
        LOG.log(Level.DEBUG, e.getMessage());
        return true;
      }
      LOG.log(Level.WARNING, "{0} stays at its old version: {1}", one.name(), e.getMessage());
      return true;
    } finally {
      places.release();
    }
  }

  private Optional<Entry> newer(Entry than) {
    return namespace
        .entry(than.name())
        .filter(now -> now.version().number() > than.version().number());
  }

  private void fetch(Wanted one) throws InterruptedException {
    Name name = one.name();
    Version version = one.entry.version();
    Optional<LocalFile> here = share.find(name);
    if (here.isEmpty() ? one.replacing : here.get().edited()) {
      return;
    }
    if (here.isPresent() && here.get().holds(version)) {
      share.recordVersion(name, version);
      announcer.changed(name);
      return;
    }
    bringer.bring(name, version, one.reason);
    events.add("updated", "name", name.value(), "version", version.number());
  }

  @Override
  public void buried(Entry tombstone) {
    if (share.remove(tombstone.name(), tombstone.version().number()).isPresent()) {
      events.add("removed", "name", tombstone.name().value());
    }
    announcer.changed(tombstone.name());
  }

  @Override
  public void forgotten(Name name) {
    if (share.setAside(name).isPresent()) {
      LOG.log(
          Level.WARNING,
          "{0} is set aside: this machine was away for longer than the party remembers what was"
              + " deleted, and the party does not know the name any more; potluck restore brings it"
              + " back",
          name);
      events.add("set_aside", "name", name.value());
    }
    announcer.changed(name);
  }

  @Override
  public void conflict(Name name, Entry current, Name keepAs) {
    Optional<LocalFile> before = share.find(name);
    if (before.filter(file -> isOf(file, current)).isPresent()) {
      // The party's version was put in its place meanwhile, which has kept it beside.
      share.recordVersion(name, current.version());
      announcer.changed(name);
      return;
    }
    if (share.forgetAttributes(name)) {
      LOG.log(Level.INFO, "{0} was changed apart: it keeps no attributes set here", name);
      if (current.deleted()) {
        buried(current);
      } else {
        stale(current);
      }
      return;
    }
    Optional<LocalFile> kept = keep(name, keepAs);
    kept.ifPresent(
        file -> {
          LOG.log(
              Level.WARNING, "{0} was changed apart: this one is kept as {1}", name, file.name());
          events.add("conflict", "name", name.value(), "kept_as", file.name().value());
          announcer.changed(List.of(name, file.name()));
        });
    boolean heldBefore = before.map(file -> file.base() > 0).orElse(false);
    if (heldBefore && current.name().equals(name) && !current.deleted()) {
      bring(new Wanted(current, Reason.KEPT, false));
    }
  }

  private static boolean isOf(LocalFile file, Entry entry) {
    return file.name().equals(entry.name()) && !entry.deleted() && file.holds(entry.version());
  }

  /// Renames a file; what lies at the name it is to have stays, and the next like it is taken.
  private Optional<LocalFile> keep(Name name, Name keepAs) {
    Name as = keepAs;
    for (int attempt = 2; ; attempt++) {
      try {
        return share.keepAs(name, as);
      } catch (ConflictException e) {
        if (attempt > CONFLICT_NAMES_MAX) {
          throw e;
        }
        as = numbered(keepAs, attempt);
      }
    }
  }

  private static Name numbered(Name name, int number) {
    String text = name.value();
    String suffix = "-" + number;
    while (!Name.isValid(text + suffix)) {
      text = text.substring(0, text.length() - 1);
    }
    return Name.of(text + suffix);
  }

  /// A file was damaged on disk and set aside: the party's version takes its place.
  void damaged(LocalFile file) {
    events.add("rot", "name", file.name().value());
    announcer.changed(file.name());
    namespace
        .living(file.name())
        .filter(entry -> file.holds(entry.version()))
        .ifPresent(entry -> bring(new Wanted(entry, file.reason(), false)));
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
