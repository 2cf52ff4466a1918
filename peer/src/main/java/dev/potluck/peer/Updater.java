package dev.potluck.peer;

import dev.potluck.content.Name;
import dev.potluck.content.PotluckException;
import dev.potluck.directory.Entry;
import dev.potluck.directory.Reason;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Brings files of this share to the version the party has: replaces what is old or was damaged,
/// sets aside what was deleted, and keeps beside it what was changed apart.
final class Updater implements Announcer.Verdicts {
  private static final Logger LOG = System.getLogger(Updater.class.getName());
  private static final Duration PATIENCE = Duration.ofHours(1);

  private final Share share;
  private final Namespace namespace;
  private final Announcer announcer;
  private final Fetcher fetcher;
  private final Locator locator;
  private final EventLog events;
  private final Set<Name> underWay = ConcurrentHashMap.newKeySet();

  Updater(
      Share share,
      Namespace namespace,
      Announcer announcer,
      Fetcher fetcher,
      Locator locator,
      EventLog events) {
    this.share = share;
    this.namespace = namespace;
    this.announcer = announcer;
    this.fetcher = fetcher;
    this.locator = locator;
    this.events = events;
  }

  @Override
  public void stale(Entry current) {
    Reason reason = share.find(current.name()).map(LocalFile::reason).orElse(Reason.FETCHED);
    update(current, reason);
  }

  /// Fetches a version into its place, unless that is under way. Returns at once.
  void update(Entry wanted, Reason reason) {
    if (underWay.add(wanted.name())) {
      Thread.ofVirtual().name("update-" + wanted.name()).start(() -> run(wanted, reason));
    }
  }

  private void run(Entry wanted, Reason reason) {
    try {
      fetch(wanted, reason);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (PotluckException e) {
      Level level = newer(wanted).isPresent() ? Level.DEBUG : Level.WARNING;
      LOG.log(level, "{0} stays at its old version: {1}", wanted.name(), e.getMessage());
    } finally {
      underWay.remove(wanted.name());
    }
    // What came meanwhile was turned away as under way.
    newer(wanted).ifPresent(entry -> update(entry, reason));
  }

  private Optional<Entry> newer(Entry than) {
    return namespace
        .living(than.name())
        .filter(entry -> entry.version().number() > than.version().number());
  }

  private void fetch(Entry entry, Reason reason) throws InterruptedException {
    Name name = entry.name();
    Optional<LocalFile> here = share.find(name);
    if (here.isPresent() && here.get().edited()) {
      return;
    }
    if (here.isPresent() && here.get().content().equals(entry.version().content())) {
      share.recordVersion(name, entry.version());
      announcer.changed(name);
      return;
    }
    fetcher.intoShare(
        name,
        entry.version(),
        reason,
        locator.source(name, entry.version().content()),
        Retry.deadline(PATIENCE),
        _ -> {});
    events.add("updated", "name", name.value(), "version", entry.version().number());
  }

  @Override
  public void buried(Entry tombstone) {
    if (share.remove(tombstone.name()).isPresent()) {
      events.add("removed", "name", tombstone.name().value());
    }
    announcer.changed(tombstone.name());
  }

  @Override
  public void conflict(Name name, Entry current, Name keepAs) {
    Optional<LocalFile> before = share.find(name);
    Optional<LocalFile> kept = share.keepAs(name, keepAs);
    kept.ifPresent(
        file -> {
          LOG.log(
              Level.WARNING, "{0} was changed apart: this one is kept as {1}", name, file.name());
          events.add("conflict", "name", name.value(), "kept_as", file.name().value());
          announcer.changed(List.of(name, file.name()));
        });
    boolean heldBefore = before.map(file -> file.base() > 0).orElse(false);
    if (heldBefore && current.name().equals(name) && !current.deleted()) {
      update(current, Reason.KEPT);
    }
  }

  /// A file was damaged on disk and set aside: the party's version takes its place.
  void damaged(LocalFile file) {
    events.add("rot", "name", file.name().value());
    announcer.changed(file.name());
    namespace
        .living(file.name())
        .filter(entry -> entry.version().content().equals(file.content()))
        .ifPresent(entry -> update(entry, file.reason()));
  }
}
