package dev.potluck.peer;

import dev.potluck.content.ContentId;
import dev.potluck.content.Kind;
import dev.potluck.content.Name;
import dev.potluck.content.Root;
import dev.potluck.content.Version;
import dev.potluck.directory.Entry;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;

/// Directory entries as rows of a table `entry`: of the directory itself, and of each peer's copy.
final class EntryRows {
  static final String SCHEMA =
      """
      CREATE TABLE IF NOT EXISTS entry(
        name TEXT PRIMARY KEY, number INTEGER NOT NULL, kind TEXT NOT NULL,
        root BLOB NOT NULL, size INTEGER NOT NULL, mtime_s INTEGER NOT NULL,
        mtime_ns INTEGER NOT NULL, mode INTEGER NOT NULL, deleted INTEGER NOT NULL,
        revision INTEGER NOT NULL) WITHOUT ROWID;
      """;

  /// The same of what names were before, with a row a version.
  static final String PAST_SCHEMA =
      """
      CREATE TABLE IF NOT EXISTS past(
        name TEXT NOT NULL, number INTEGER NOT NULL, kind TEXT NOT NULL,
        root BLOB NOT NULL, size INTEGER NOT NULL, mtime_s INTEGER NOT NULL,
        mtime_ns INTEGER NOT NULL, mode INTEGER NOT NULL, deleted INTEGER NOT NULL,
        revision INTEGER NOT NULL, PRIMARY KEY (name, number)) WITHOUT ROWID;
      """;

  private EntryRows() {}

  static void putAll(Connection connection, Collection<Entry> entries) throws SQLException {
    putAll(connection, "INSERT OR REPLACE INTO entry VALUES (?,?,?,?,?,?,?,?,?,?)", entries);
  }

  /// Replaces what is known of a name's past.
  ///
  /// @param past oldest first, not empty
  static void putPast(Connection connection, List<Entry> past) throws SQLException {
    Entry oldest = past.getFirst();
    try (PreparedStatement forget =
        connection.prepareStatement("DELETE FROM past WHERE name = ? AND number < ?")) {
      forget.setString(1, oldest.name().value());
      forget.setLong(2, oldest.version().number());
      forget.executeUpdate();
    }
    putAll(
        connection,
        "INSERT OR REPLACE INTO past VALUES (?,?,?,?,?,?,?,?,?,?)",
        List.of(past.getLast()));
  }

  private static void putAll(Connection connection, String sql, Collection<Entry> entries)
      throws SQLException {
    try (PreparedStatement put = connection.prepareStatement(sql)) {
      for (Entry entry : entries) {
        bind(put, entry);
        put.addBatch();
      }
      put.executeBatch();
    }
  }

  static void removeAll(Connection connection, Collection<String> names) throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement("DELETE FROM entry WHERE name = ?")) {
      for (String name : names) {
        delete.setString(1, name);
        delete.addBatch();
      }
      delete.executeBatch();
    }
  }

  static void forEach(Connection connection, Consumer<Entry> action) throws SQLException {
    forEach(connection, "SELECT * FROM entry", action);
  }

  /// What names were, those of one name oldest first.
  static void forEachPast(Connection connection, Consumer<Entry> action) throws SQLException {
    forEach(connection, "SELECT * FROM past ORDER BY name, number", action);
  }

  private static void forEach(Connection connection, String sql, Consumer<Entry> action)
      throws SQLException {
    try (var statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      while (row.next()) {
        action.accept(read(row));
      }
    }
  }

  private static Entry read(ResultSet row) throws SQLException {
    ContentId content = new ContentId(Root.of(row.getBytes("root")), row.getLong("size"));
    Instant mtime = Instant.ofEpochSecond(row.getLong("mtime_s"), row.getLong("mtime_ns"));
    Kind kind = Kind.valueOf(row.getString("kind"));
    Version version = new Version(row.getLong("number"), kind, content, mtime, row.getInt("mode"));
    Name name = Name.of(row.getString("name"));
    return new Entry(name, version, row.getInt("deleted") != 0, row.getLong("revision"));
  }

  private static void bind(PreparedStatement put, Entry entry) throws SQLException {
    Version version = entry.version();
    Instant mtime = version.mtime();
    put.setString(1, entry.name().value());
    put.setLong(2, version.number());
    put.setString(3, version.kind().name());
    put.setBytes(4, version.content().root().bytes());
    put.setLong(5, version.content().size());
    put.setLong(6, mtime.getEpochSecond());
    put.setInt(7, mtime.getNano());
    put.setInt(8, version.mode());
    put.setInt(9, entry.deleted() ? 1 : 0);
    put.setLong(10, entry.revision());
  }
}
