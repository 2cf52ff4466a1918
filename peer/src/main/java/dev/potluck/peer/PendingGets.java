package dev.potluck.peer;

import dev.potluck.content.ContentId;
import dev.potluck.content.Name;
import dev.potluck.content.Version;
import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// The downloads the user asked for that are not in the share yet: a peer that was killed finishes
/// them when it returns. Thread-safe; durable on return.
final class PendingGets {
  static final String SCHEMA =
      """
      CREATE TABLE IF NOT EXISTS pending(
        name TEXT PRIMARY KEY, number INTEGER NOT NULL, content TEXT NOT NULL,
        mtime_s INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, mode INTEGER NOT NULL);
      """;

  private final Database database;

  record Pending(Name name, Version version) {}

  /// @param database has the table of {@link #SCHEMA}
  PendingGets(Database database) {
    this.database = database;
  }

  void begin(Name name, Version version) throws IOException {
    database.call(
        connection -> {
          try (PreparedStatement put =
              connection.prepareStatement("INSERT OR REPLACE INTO pending VALUES (?,?,?,?,?,?)")) {
            Instant mtime = version.mtime();
            put.setString(1, name.value());
            put.setLong(2, version.number());
            put.setString(3, version.content().toString());
            put.setLong(4, mtime.getEpochSecond());
            put.setInt(5, mtime.getNano());
            put.setInt(6, version.mode());
            return put.executeUpdate();
          }
        });
  }

  /// The download is over, well or not: its user was told.
  void end(Name name) throws IOException {
    database.call(
        connection -> {
          try (PreparedStatement delete =
              connection.prepareStatement("DELETE FROM pending WHERE name = ?")) {
            delete.setString(1, name.value());
            return delete.executeUpdate();
          }
        });
  }

  List<Pending> all() throws IOException {
    return database.call(
        connection -> {
          List<Pending> all = new ArrayList<>();
          try (var statement = connection.createStatement();
              ResultSet row = statement.executeQuery("SELECT * FROM pending")) {
            while (row.next()) {
              Version version =
                  Version.file(
                      row.getLong("number"),
                      ContentId.parse(row.getString("content")),
                      Instant.ofEpochSecond(row.getLong("mtime_s"), row.getLong("mtime_ns")),
                      row.getInt("mode"));
              all.add(new Pending(Name.of(row.getString("name")), version));
            }
          }
          return all;
        });
  }
}
