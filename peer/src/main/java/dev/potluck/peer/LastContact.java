package dev.potluck.peer;

import dev.potluck.directory.Contact;
import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/// When this peer was last in touch with its party, which knew all that it holds: who was away for
/// longer than deletions are remembered must not bring them back. Durable, though it may lag behind
/// by a while. Thread-safe.
final class LastContact {
  static final String SCHEMA =
      """
      CREATE TABLE IF NOT EXISTS contact(
        id INTEGER PRIMARY KEY CHECK (id = 0), incarnation INTEGER NOT NULL,
        revision INTEGER NOT NULL, at_ms INTEGER NOT NULL);
      """;

  /// Each note is a sync of the disk.
  private static final Duration REST = Duration.ofMinutes(1);

  private final Database database;
  private final InstantSource clock;
  private Contact contact = Contact.NONE;
  private Optional<Instant> at = Optional.empty();

  /// @param database has the table of {@link #SCHEMA}
  LastContact(Database database, InstantSource clock) throws IOException {
    this.database = database;
    this.clock = clock;
    database.call(
        connection -> {
          try (var statement = connection.createStatement();
              ResultSet row =
                  statement.executeQuery("SELECT incarnation, revision, at_ms FROM contact")) {
            if (row.next()) {
              contact = new Contact(row.getLong(1), row.getLong(2));
              at = Optional.of(Instant.ofEpochMilli(row.getLong(3)));
            }
            return true;
          }
        });
  }

  synchronized Contact contact() {
    return contact;
  }

  /// When that was; nothing if there was none.
  synchronized Optional<Instant> at() {
    return at;
  }

  /// The party is in touch.
  synchronized void note(Contact now) throws IOException {
    Instant present = clock.instant();
    boolean first = now.incarnation() != contact.incarnation();
    if (!first && now.revision() < contact.revision()) {
      return;
    }
    if (!first && at.filter(last -> present.isBefore(last.plus(REST))).isPresent()) {
      return;
    }
    database.call(
        connection -> {
          try (PreparedStatement put =
              connection.prepareStatement("INSERT OR REPLACE INTO contact VALUES (0,?,?,?)")) {
            put.setLong(1, now.incarnation());
            put.setLong(2, now.revision());
            put.setLong(3, present.toEpochMilli());
            return put.executeUpdate();
          }
        });
    contact = now;
    at = Optional.of(present);
  }
}
