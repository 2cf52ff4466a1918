package dev.potluck.peer;

import dev.potluck.content.FailedException;
import dev.potluck.content.Name;
import dev.potluck.directory.Directory;
import dev.potluck.directory.Epoch;
import dev.potluck.directory.LockMode;
import dev.potluck.directory.NameLock;
import dev.potluck.directory.PeerId;
import dev.potluck.directory.Saved;
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

/// What a directory that forgets its names keeps all the same, as rows: members, deny list, used
/// tickets and locks. What {@link #save} wrote is durable.
final class PartyStore implements AutoCloseable {
  private static final String SCHEMA =
      """
          CREATE TABLE IF NOT EXISTS member(
            peer TEXT PRIMARY KEY, wished TEXT NOT NULL, granted TEXT NOT NULL,
            standing TEXT NOT NULL);
          CREATE TABLE IF NOT EXISTS denied(peer TEXT PRIMARY KEY);
          CREATE TABLE IF NOT EXISTS ticket(
            id TEXT PRIMARY KEY, expires_s INTEGER NOT NULL, peer TEXT NOT NULL);
          CREATE TABLE IF NOT EXISTS held_lock(
            token INTEGER PRIMARY KEY, name TEXT NOT NULL, owner TEXT NOT NULL,
            mode TEXT NOT NULL);
          CREATE TABLE IF NOT EXISTS lock_token(
            id INTEGER PRIMARY KEY CHECK (id = 0), last INTEGER NOT NULL);
          """;

  private final Database database;

  private PartyStore(Database database) {
    this.database = database;
  }

  static PartyStore open(Path file) throws IOException {
    return new PartyStore(Database.open(file, SCHEMA));
  }

  /// A new incarnation of the directory, with the party as it was saved.
  Directory load() throws IOException {
    return database.call(
        connection -> {
          List<Saved> items = new ArrayList<>();
          items.add(
              new Saved.Party(Epoch.incarnation(Epoch.FIRST, new SecureRandom().nextLong()), 0));
          try (var statement = connection.createStatement()) {
            loadParty(statement, items);
            loadLocks(statement, items);
          }
          return Directory.restored(items.iterator());
        });
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
    try (ResultSet row = statement.executeQuery("SELECT name, owner, mode, token FROM held_lock")) {
      while (row.next()) {
        items.add(
            new Saved.Locked(
                new NameLock(
                    Name.of(row.getString(1)),
                    new PeerId(row.getString(2)),
                    LockMode.valueOf(row.getString(3)),
                    row.getLong(4))));
      }
    }
  }

  void save(Directory directory) throws IOException {
    database.call(
        connection -> {
          try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("DELETE FROM held_lock");
          }
          for (Iterator<Saved> items = directory.saved(); items.hasNext(); ) {
            if (!save(connection, items.next())) {
              break;
            }
          }
          return true;
        });
  }

  /// @return false once the rest need not be looked at
  private static boolean save(Connection connection, Saved item) throws SQLException {
    switch (item) {
      case Saved.Party _, Saved.Ancestor _, Saved.Forgotten _ -> {}
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
              "INSERT OR REPLACE INTO held_lock VALUES (?,?,?,?)",
              lock.token(),
              lock.name().value(),
              lock.owner().text(),
              lock.mode().name());
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
  public void close() {
    try {
      database.close();
    } catch (IOException e) {
      throw new FailedException("cannot close the party's database: " + e.getMessage(), e);
    }
  }
}
