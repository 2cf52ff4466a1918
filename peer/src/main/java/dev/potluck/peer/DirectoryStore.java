package dev.potluck.peer;

import dev.potluck.content.Name;
import dev.potluck.directory.Directory;
import dev.potluck.directory.Entry;
import dev.potluck.directory.PeerId;
import dev.potluck.directory.Policy;
import dev.potluck.directory.Saved;
import dev.potluck.directory.WriteLock;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/// The directory's hard state on disk, as rows: members, deny list and used tickets always, the
/// names unless the directory is one that forgets them. What {@link #save} wrote is durable.
final class DirectoryStore implements AutoCloseable {
  private static final String SCHEMA =
      EntryRows.SCHEMA
          + EntryRows.PAST_SCHEMA
          + """
          CREATE TABLE IF NOT EXISTS party(
            id INTEGER PRIMARY KEY CHECK (id = 0), incarnation INTEGER NOT NULL,
            revision INTEGER NOT NULL);
          CREATE TABLE IF NOT EXISTS member(
            peer TEXT PRIMARY KEY, wished TEXT NOT NULL, granted TEXT NOT NULL,
            standing TEXT NOT NULL);
          CREATE TABLE IF NOT EXISTS denied(peer TEXT PRIMARY KEY);
          CREATE TABLE IF NOT EXISTS ticket(
            id TEXT PRIMARY KEY, expires_s INTEGER NOT NULL, peer TEXT NOT NULL);
          CREATE TABLE IF NOT EXISTS lock(
            name TEXT PRIMARY KEY, owner TEXT NOT NULL, token INTEGER NOT NULL);
          CREATE TABLE IF NOT EXISTS lock_token(
            id INTEGER PRIMARY KEY CHECK (id = 0), last INTEGER NOT NULL);
          """;

  private final Database database;
  private final boolean keepsNames;

  private DirectoryStore(Database database, boolean keepsNames) {
    this.database = database;
    this.keepsNames = keepsNames;
  }

  /// @param keepsNames false: names are forgotten at each start, members and tickets are not
  static DirectoryStore open(Path file, boolean keepsNames) throws IOException {
    return new DirectoryStore(Database.open(file, SCHEMA), keepsNames);
  }

  /// The directory as it was saved, or an empty one. Without names it is another incarnation.
  Directory load() throws IOException {
    return database.call(
        connection -> {
          List<Saved> items = new ArrayList<>();
          items.add(party(connection));
          try (var statement = connection.createStatement()) {
            loadParty(statement, items);
          }
          if (keepsNames) {
            EntryRows.forEach(connection, e -> items.add(new Saved.Named(e, Policy.NONE)));
            EntryRows.forEachPast(connection, e -> items.add(new Saved.Past(e)));
          }
          return Directory.restored(items.iterator());
        });
  }

  private Saved.Party party(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT incarnation, revision FROM party")) {
      return keepsNames && row.next()
          ? new Saved.Party(row.getLong(1), row.getLong(2))
          : new Saved.Party(new SecureRandom().nextLong() | 1, 0);
    }
  }

  private static void loadParty(Statement statement, List<Saved> items) throws SQLException {
    try (ResultSet row = statement.executeQuery("SELECT * FROM member")) {
      while (row.next()) {
        items.add(
            new Saved.Joined(
                new PeerId(row.getString(1)),
                row.getString(2),
                row.getString(3),
                Saved.Standing.valueOf(row.getString(4))));
      }
    }
    try (ResultSet row = statement.executeQuery("SELECT * FROM denied")) {
      while (row.next()) {
        items.add(new Saved.Denied(new PeerId(row.getString(1))));
      }
    }
    loadLocks(statement, items);
    try (ResultSet row = statement.executeQuery("SELECT * FROM ticket")) {
      while (row.next()) {
        items.add(
            new Saved.Used(
                row.getString(1),
                Instant.ofEpochSecond(row.getLong(2)),
                new PeerId(row.getString(3))));
      }
    }
  }

  private static void loadLocks(Statement statement, List<Saved> items) throws SQLException {
    try (ResultSet row = statement.executeQuery("SELECT last FROM lock_token")) {
      while (row.next()) {
        items.add(new Saved.Tokens(row.getLong(1)));
      }
    }
    try (ResultSet row = statement.executeQuery("SELECT name, owner, token FROM lock")) {
      while (row.next()) {
        items.add(
            new Saved.Locked(
                new WriteLock(
                    Name.of(row.getString(1)), new PeerId(row.getString(2)), row.getLong(3))));
      }
    }
  }

  /// Saves what a command changed.
  ///
  /// @param partyToo whether members, deny list or tickets may have changed as well
  /// @param locksToo whether locks may have
  void save(Directory directory, List<Entry> changed, boolean partyToo, boolean locksToo)
      throws IOException {
    if (!partyToo && !locksToo && !keepsNames) {
      return;
    }
    database.call(
        connection -> {
          if (keepsNames) {
            EntryRows.putAll(connection, changed);
            for (Entry entry : changed) {
              List<Entry> history = directory.history(entry.name());
              if (history.size() > 1) {
                EntryRows.putPast(connection, history.subList(0, history.size() - 1));
              }
            }
          }
          if (locksToo) {
            put(connection, "DELETE FROM lock");
          }
          for (Iterator<Saved> items = directory.saved(); items.hasNext(); ) {
            if (!saveParty(connection, items.next(), partyToo || locksToo)) {
              break;
            }
          }
          return true;
        });
  }

  /// @return false once the rest need not be looked at
  private boolean saveParty(Connection connection, Saved item, boolean all) throws SQLException {
    switch (item) {
      case Saved.Party(var incarnation, var revision) -> {
        // Names that are not kept have no revision to return to.
        if (keepsNames) {
          put(connection, "INSERT OR REPLACE INTO party VALUES (0,?,?)", incarnation, revision);
        }
        return all;
      }
      case Saved.Joined(var peer, var wished, var granted, var standing) ->
          put(
              connection,
              "INSERT OR REPLACE INTO member VALUES (?,?,?,?)",
              peer.text(),
              wished,
              granted,
              standing.name());
      case Saved.Denied(var peer) ->
          put(connection, "INSERT OR REPLACE INTO denied VALUES (?)", peer.text());
      case Saved.Used(var id, var expires, var peer) ->
          put(
              connection,
              "INSERT OR REPLACE INTO ticket VALUES (?,?,?)",
              id,
              expires.getEpochSecond(),
              peer.text());
      case Saved.Tokens(var last) ->
          put(connection, "INSERT OR REPLACE INTO lock_token VALUES (0,?)", last);
      case Saved.Locked(var lock) ->
          put(
              connection,
              "INSERT OR REPLACE INTO lock VALUES (?,?,?)",
              lock.name().value(),
              lock.owner().text(),
              lock.token());
      case Saved.Named _, Saved.Past _ -> {
        return false;
      }
    }
    return true;
  }

  private static void put(Connection connection, String sql, Object... values) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      statement.executeUpdate();
    }
  }

  @Override
  public void close() throws IOException {
    database.close();
  }
}
