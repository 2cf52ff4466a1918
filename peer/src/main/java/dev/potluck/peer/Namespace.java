package dev.potluck.peer;

import dev.potluck.content.Name;
import dev.potluck.directory.Changes;
import dev.potluck.directory.Contact;
import dev.potluck.directory.Entry;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// This peer's durable copy of all names in the party, followed through the directory's watch.
/// Lists and look-ups are answered from memory, also while the directory is away.
///
/// A directory that returns knowing less than this copy (another incarnation) takes nothing away at
/// once: what it has not confirmed stays listed until {@link #forgetUnconfirmed}, and a higher
/// version known here is never replaced by a lower one.
///
/// Thread-safe: one transaction of the directory becomes visible at once.
final class Namespace implements AutoCloseable {
  private final Database database;
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private final NavigableMap<String, Entry> living = new TreeMap<>();
  private final Map<String, Entry> tombstones = new HashMap<>();
  private final List<Consumer<Set<Name>>> watchers = new CopyOnWriteArrayList<>();
  private final Set<String> unconfirmed = new HashSet<>();

  /// Notified when an event was applied.
  private final Object progress = new Object();

  private long incarnation;
  private long revision;

  // How far those who watch were told; guarded by progress.
  private long toldIncarnation;
  private long toldRevision;

  private Namespace(Database database) {
    this.database = database;
  }

  /// Opens or makes the copy kept in a database file.
  static Namespace open(Path file) throws IOException {
    Database database =
        Database.openCopy(
            file,
            EntryRows.SCHEMA
                + """
            CREATE TABLE IF NOT EXISTS progress(
              id INTEGER PRIMARY KEY CHECK (id = 0), incarnation INTEGER NOT NULL,
              revision INTEGER NOT NULL);
            """);
    Namespace namespace = new Namespace(database);
    database.call(
        connection -> {
          namespace.load(connection);
          return true;
        });
    return namespace;
  }

  private void load(Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      try (ResultSet row = statement.executeQuery("SELECT incarnation, revision FROM progress")) {
        if (row.next()) {
          incarnation = row.getLong(1);
          revision = row.getLong(2);
          told(incarnation, revision);
        }
      }
    }
    EntryRows.forEach(connection, this::put);
  }

  private void put(Entry entry) {
    String name = entry.name().value();
    if (entry.deleted()) {
      living.remove(name);
      tombstones.put(name, entry);
    } else {
      tombstones.remove(name);
      living.put(name, entry);
    }
  }

  private @Nullable Entry get(String name) {
    Entry entry = living.get(name);
    return entry == null ? tombstones.get(name) : entry;
  }

  /// Has somebody told which names have changed, each time some have; on the thread that follows
  /// the directory, when they can be seen here.
  void watch(Consumer<Set<Name>> watcher) {
    watchers.add(watcher);
  }

  private void tell(Set<Name> changed) {
    if (!changed.isEmpty()) {
      watchers.forEach(watcher -> watcher.accept(changed));
    }
  }

  /// The run of the directory this copy follows; 0 before the first.
  long incarnation() {
    lock.readLock().lock();
    try {
      return incarnation;
    } finally {
      lock.readLock().unlock();
    }
  }

  /// Waits until this copy has come that far, so that who asks next sees it; for a while at most.
  void awaitRevision(long wanted, Duration within) throws InterruptedException {
    var _ = await(() -> revision() >= wanted, within);
  }

  /// Waits until this copy has a name at a version, or a later one; for a while at most.
  void awaitVersion(Name name, long number, Duration within) throws InterruptedException {
    var _ =
        await(() -> entry(name).filter(e -> e.version().number() >= number).isPresent(), within);
  }

  /// Waits until this copy follows a directory and has come that far, and all who watch know it.
  ///
  /// @return false if that took too long
  boolean isAt(long of, long wanted, Duration within) throws InterruptedException {
    return await(() -> toldIncarnation == of && toldRevision >= wanted, within);
  }

  /// @return false if the directory has done it, and only this copy is late
  private boolean await(BooleanSupplier seen, Duration within) throws InterruptedException {
    long deadlineNanos = Retry.deadline(within);
    synchronized (progress) {
      while (!seen.getAsBoolean()) {
        long leftMs = (deadlineNanos - System.nanoTime()) / 1_000_000;
        if (leftMs <= 0) {
          return false;
        }
        progress.wait(leftMs);
      }
    }
    return true;
  }

  /// The revision up to which this copy is complete.
  long revision() {
    lock.readLock().lock();
    try {
      return revision;
    } finally {
      lock.readLock().unlock();
    }
  }

  /// Which directory this copy follows, and how far.
  Contact followed() {
    lock.readLock().lock();
    try {
      return new Contact(incarnation, revision);
    } finally {
      lock.readLock().unlock();
    }
  }

  /// How many names exist.
  long size() {
    lock.readLock().lock();
    try {
      return living.size();
    } finally {
      lock.readLock().unlock();
    }
  }

  /// What is known of a name, a tombstone too.
  Optional<Entry> entry(Name name) {
    lock.readLock().lock();
    try {
      return Optional.ofNullable(get(name.value()));
    } finally {
      lock.readLock().unlock();
    }
  }

  /// The current version of a name that exists.
  Optional<Entry> living(Name name) {
    return living(name.value());
  }

  /// The same for what may be a name or not.
  Optional<Entry> living(String name) {
    lock.readLock().lock();
    try {
      return Optional.ofNullable(living.get(name));
    } finally {
      lock.readLock().unlock();
    }
  }

  /// Living names that begin with a text, in order.
  List<Entry> list(String prefix) {
    lock.readLock().lock();
    try {
      List<Entry> found = new ArrayList<>();
      for (Entry entry : living.tailMap(prefix, true).values()) {
        if (!entry.name().value().startsWith(prefix)) {
          break;
        }
        found.add(entry);
      }
      return found;
    } finally {
      lock.readLock().unlock();
    }
  }

  /// Whether there are names in a folder.
  ///
  /// @param folder without `/` at its end; empty: of all names
  boolean isFolder(String folder) {
    lock.readLock().lock();
    try {
      String inside = folder + "/";
      String first = living.ceilingKey(inside);
      return folder.isEmpty() || (first != null && first.startsWith(inside));
    } finally {
      lock.readLock().unlock();
    }
  }

  /// What lies in a folder, in the order of the names; folders are what names have before a `/`,
  /// and names of their own that may have nothing in them.
  ///
  /// @param folder without `/` at its end; empty: the first components of all names
  List<FolderItem> items(String folder) {
    lock.readLock().lock();
    try {
      List<FolderItem> items = new ArrayList<>();
      String prefix = folder.isEmpty() ? "" : folder + "/";
      Iterator<Entry> entries = living.tailMap(prefix, true).values().iterator();
      while (entries.hasNext()) {
        Entry entry = entries.next();
        String name = entry.name().value();
        if (!name.startsWith(prefix)) {
          break;
        }
        int slash = name.indexOf('/', prefix.length());
        if (slash < 0) {
          items.add(new FolderItem(name.substring(prefix.length()), Optional.of(entry)));
        } else {
          if (!living.containsKey(name.substring(0, slash))) {
            items.add(new FolderItem(name.substring(prefix.length(), slash), Optional.empty()));
          }
          // The character after the slash: past all that lies in that folder.
          String past = name.substring(0, slash) + (char) ('/' + 1);
          entries = living.tailMap(past, true).values().iterator();
        }
      }
      return items;
    } finally {
      lock.readLock().unlock();
    }
  }

  /// Whether something else lies in the folder of a name, however deep.
  boolean hasBeside(Name name) {
    String path = name.value();
    String folder = path.substring(0, path.lastIndexOf('/') + 1);
    lock.readLock().lock();
    try {
      String other = living.ceilingKey(folder);
      while (other != null && other.startsWith(folder)) {
        if (other.equals(path)) {
          other = living.higherKey(path);
        } else if (other.startsWith(path + "/")) {
          // The character after the slash: past all that lies in it.
          other = living.ceilingKey(path + (char) ('/' + 1));
        } else {
          return true;
        }
      }
      return false;
    } finally {
      lock.readLock().unlock();
    }
  }

  /// All entries, tombstones too, as they are now.
  List<Entry> all() {
    lock.readLock().lock();
    try {
      List<Entry> all = new ArrayList<>(living.values());
      all.addAll(tombstones.values());
      return all;
    } finally {
      lock.readLock().unlock();
    }
  }

  /// What became of an event.
  ///
  /// @param accepted what is now known, in the event's order
  /// @param better what this copy knows better than the directory that said it, to be taught
  /// @param complete whether these are all names that there are: the same directory says so that
  ///   this copy followed before, having forgotten what was deleted meanwhile
  record Applied(List<Entry> accepted, List<Entry> better, boolean complete) {}

  /// Applies one whole event of the watch, durably; if that fails nothing has changed.
  Applied apply(long from, Changes changes) throws IOException {
    if (!changes.last()) {
      throw new IllegalArgumentException("a part of an event");
    }
    Applied applied = applyLocked(from, changes);
    if (applied.complete) {
      forgetUnconfirmed();
    }
    synchronized (progress) {
      progress.notifyAll();
    }
    tell(applied.accepted.stream().map(Entry::name).collect(Collectors.toSet()));
    told(from, changes.revision());
    return applied;
  }

  private void told(long of, long at) {
    synchronized (progress) {
      toldIncarnation = of;
      toldRevision = at;
      progress.notifyAll();
    }
  }

  private Applied applyLocked(long from, Changes changes) throws IOException {
    lock.writeLock().lock();
    try {
      List<Entry> accepted = new ArrayList<>();
      List<Entry> better = new ArrayList<>();
      for (Entry entry : changes.entries()) {
        Entry known = get(entry.name().value());
        if (known != null && known.version().number() > entry.version().number()) {
          better.add(known);
        } else {
          accepted.add(entry);
        }
      }
      save(accepted, from, changes.revision());
      boolean resumes = from == incarnation && changes.revision() >= revision;
      if (from != incarnation || changes.snapshot()) {
        unconfirmed.clear();
        unconfirmed.addAll(living.keySet());
      }
      incarnation = from;
      revision = changes.revision();
      accepted.forEach(this::put);
      changes.entries().forEach(entry -> unconfirmed.remove(entry.name().value()));
      return new Applied(accepted, better, resumes && changes.snapshot());
    } finally {
      lock.writeLock().unlock();
    }
  }

  /// Drops the names that the present directory has not confirmed. Tombstones stay: they keep the
  /// dead from being resurrected by whoever was away.
  void forgetUnconfirmed() throws IOException {
    Set<Name> gone = new HashSet<>();
    lock.writeLock().lock();
    try {
      unconfirmed.retainAll(living.keySet());
      database.call(
          connection -> {
            EntryRows.removeAll(connection, unconfirmed);
            return true;
          });
      unconfirmed.stream().map(living::remove).map(Entry::name).forEach(gone::add);
      unconfirmed.clear();
    } finally {
      lock.writeLock().unlock();
    }
    tell(gone);
  }

  /// Forgets what was deleted so long ago that the directory has forgotten it, too: nobody is to be
  /// told of it any more.
  void forgetDeletions(Instant until) throws IOException {
    lock.writeLock().lock();
    try {
      List<String> gone =
          tombstones.values().stream()
              .filter(entry -> !entry.version().mtime().isAfter(until))
              .map(entry -> entry.name().value())
              .toList();
      if (!gone.isEmpty()) {
        database.call(
            connection -> {
              EntryRows.removeAll(connection, gone);
              return true;
            });
        gone.forEach(tombstones::remove);
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  private void save(List<Entry> changed, long from, long newRevision) throws IOException {
    database.call(
        connection -> {
          EntryRows.putAll(connection, changed);
          try (PreparedStatement progress =
              connection.prepareStatement("INSERT OR REPLACE INTO progress VALUES (0,?,?)")) {
            progress.setLong(1, from);
            progress.setLong(2, newRevision);
            return progress.executeUpdate();
          }
        });
  }

  @Override
  public void close() throws IOException {
    database.close();
  }
}
