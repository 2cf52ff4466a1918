package dev.potluck.peer;

import dev.potluck.content.ContentId;
import dev.potluck.content.Name;
import dev.potluck.content.Version;
import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The journal of what is about to be committed: files that lie ready in Potluck's own folder, by
/// transaction. A transaction stays in it until its files are in place, or are not to be. Durable
/// on return. Thread-safe.
final class PreparedFiles {
  static final String SCHEMA =
      """
      CREATE TABLE IF NOT EXISTS prepared(
        path TEXT PRIMARY KEY, tx TEXT NOT NULL, name TEXT NOT NULL, base INTEGER NOT NULL,
        token INTEGER NOT NULL, content TEXT NOT NULL, mtime_s INTEGER NOT NULL,
        mtime_ns INTEGER NOT NULL, mode INTEGER NOT NULL);
      """;

  private final Database database;

  /// @param database has the table of {@link #SCHEMA}
  PreparedFiles(Database database) {
    this.database = database;
  }

  /// A file that is to become a version.
  ///
  /// @param path where its content lies, below the share
  /// @param base the version it is to follow, 0 if none
  /// @param token of the lock it is written under
  /// @param version what it is to be, without a number
  record Prepared(String path, Name name, long base, long token, Version version) {}

  @SuppressWarnings("JavaInstantGetSecondsGetNano") // the seconds are beside it
  void begin(String transaction, List<Prepared> files) throws IOException {
    database.call(
        connection -> {
          try (PreparedStatement put =
              connection.prepareStatement("INSERT INTO prepared VALUES (?,?,?,?,?,?,?,?,?)")) {
            for (Prepared file : files) {
              put.setString(1, file.path());
              put.setString(2, transaction);
              put.setString(3, file.name().value());
              put.setLong(4, file.base());
              put.setLong(5, file.token());
              Version version = file.version();
              put.setString(6, version.content().toString());
              put.setLong(7, version.mtime().getEpochSecond());
              put.setInt(8, version.mtime().getNano());
              put.setInt(9, FileStat.modeOf(version.kind(), version.mode()));
              put.addBatch();
            }
            return put.executeBatch().length;
          }
        });
  }

  void end(String transaction) throws IOException {
    database.call(
        connection -> {
          try (PreparedStatement delete =
              connection.prepareStatement("DELETE FROM prepared WHERE tx = ?")) {
            delete.setString(1, transaction);
            return delete.executeUpdate();
          }
        });
  }

  /// The transactions that have not ended.
  Map<String, List<Prepared>> all() throws IOException {
    return database.call(
        connection -> {
          Map<String, List<Prepared>> all = new LinkedHashMap<>();
          try (var statement = connection.createStatement();
              ResultSet row = statement.executeQuery("SELECT * FROM prepared ORDER BY tx, name")) {
            while (row.next()) {
              all.computeIfAbsent(row.getString("tx"), _ -> new ArrayList<>()).add(read(row));
            }
          }
          return all;
        });
  }

  private static Prepared read(ResultSet row) throws SQLException {
    int statMode = row.getInt("mode");
    Version version =
        new Version(
            0,
            FileStat.kindOf(statMode),
            ContentId.parse(row.getString("content")),
            Instant.ofEpochSecond(row.getLong("mtime_s"), row.getLong("mtime_ns")),
            statMode & Version.MODE_MASK);
    return new Prepared(
        row.getString("path"),
        Name.of(row.getString("name")),
        row.getLong("base"),
        row.getLong("token"),
        version);
  }
}
