package dev.potluck.peer;

import dev.potluck.content.Name;
import dev.potluck.directory.Changes;
import dev.potluck.directory.Entry;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

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
  private final NavigableMap<String, Entry> entries = new TreeMap<>();
  private final Set<String> unconfirmed = new HashSet<>();
  private long incarnation;
  private long revision;

  private Namespace(Database database) {
    this.database = database;
  }

  /// Opens or makes the copy kept in a database file.
  static Namespace open(Path file) throws IOException {
    Database database =
        Database.open(
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
        }
      }
    }
    EntryRows.forEach(connection, entry -> entries.put(entry.name().value(), entry));
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

  /// The revision up to which this copy is complete.
  long revision() {
    lock.readLock().lock();
    try {
      return revision;
    } finally {
      lock.readLock().unlock();
    }
  }

  /// How many names exist.
  long size() {
    lock.readLock().lock();
    try {
      return entries.values().stream().filter(entry -> !entry.deleted()).count();
    } finally {
      lock.readLock().unlock();
    }
  }

  /// What is known of a name, a tombstone too.
  Optional<Entry> entry(Name name) {
    lock.readLock().lock();
    try {
      return Optional.ofNullable(entries.get(name.value()));
    } finally {
      lock.readLock().unlock();
    }
  }

  /// The current version of a name that exists.
  Optional<Entry> living(Name name) {
    return entry(name).filter(entry -> !entry.deleted());
  }

  /// Living names that begin with a text, in order.
  List<Entry> list(String prefix) {
    lock.readLock().lock();
    try {
      List<Entry> found = new ArrayList<>();
      for (Entry entry : entries.tailMap(prefix, true).values()) {
        if (!entry.name().value().startsWith(prefix)) {
          break;
        }
        if (!entry.deleted()) {
          found.add(entry);
        }
      }
      return found;
    } finally {
      lock.readLock().unlock();
    }
  }

  /// All entries, tombstones too, as they are now.
  List<Entry> all() {
    lock.readLock().lock();
    try {
      return List.copyOf(entries.values());
    } finally {
      lock.readLock().unlock();
    }
  }

  /// What became of an event.
  ///
  /// @param accepted what is now known, in the event's order
  /// @param better what this copy knows better than the directory that said it, to be taught
  record Applied(List<Entry> accepted, List<Entry> better) {}

  /// Applies one whole event of the watch, durably; if that fails nothing has changed.
  Applied apply(long from, Changes changes) throws IOException {
    if (!changes.last()) {
      throw new IllegalArgumentException("a part of an event");
    }
    lock.writeLock().lock();
    try {
      List<Entry> accepted = new ArrayList<>();
      List<Entry> better = new ArrayList<>();
      for (Entry entry : changes.entries()) {
        Entry known = entries.get(entry.name().value());
        if (known != null && known.version().number() > entry.version().number()) {
          better.add(known);
        } else {
          accepted.add(entry);
        }
      }
      save(accepted, from, changes.revision());
      if (from != incarnation || changes.snapshot()) {
        unconfirmed.clear();
        unconfirmed.addAll(entries.keySet());
      }
      incarnation = from;
      revision = changes.revision();
      accepted.forEach(entry -> entries.put(entry.name().value(), entry));
      changes.entries().forEach(entry -> unconfirmed.remove(entry.name().value()));
      return new Applied(accepted, better);
    } finally {
      lock.writeLock().unlock();
    }
  }

  /// Drops the names that the present directory has not confirmed. Tombstones stay: they keep the
  /// dead from being resurrected by whoever was away.
  void forgetUnconfirmed() throws IOException {
    lock.writeLock().lock();
    try {
      unconfirmed.removeIf(
          name -> Optional.ofNullable(entries.get(name)).map(Entry::deleted).orElse(true));
      database.call(
          connection -> {
            EntryRows.removeAll(connection, unconfirmed);
            return true;
          });
      unconfirmed.forEach(entries::remove);
      unconfirmed.clear();
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
