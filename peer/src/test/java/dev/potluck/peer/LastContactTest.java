package dev.potluck.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.potluck.directory.Contact;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LastContactTest {
  private static final Instant THEN = Instant.parse("2026-11-22T09:00:00Z");

  @TempDir Path folder;
  private Instant now = THEN;

  @Test
  void whoWasNeverInAPartyHasNone() throws IOException {
    try (Database database = open()) {
      LastContact it = new LastContact(database, () -> now);

      assertThat(it.contact()).isEqualTo(Contact.NONE);
      assertThat(it.at()).isEmpty();
    }
  }

  @Test
  void itOutlivesARestart() throws IOException {
    try (Database database = open()) {
      new LastContact(database, () -> now).note(new Contact(7, 3));
    }

    try (Database database = open()) {
      LastContact it = new LastContact(database, () -> now);
      assertThat(it.contact()).isEqualTo(new Contact(7, 3));
      assertThat(it.at()).contains(THEN);
    }
  }

  @Test
  void itIsNotedNowAndThenAndNeverGoesBack() throws IOException {
    try (Database database = open()) {
      LastContact it = new LastContact(database, () -> now);
      it.note(new Contact(7, 3));

      it.note(new Contact(7, 4));
      assertThat(it.contact()).isEqualTo(new Contact(7, 3));
      now = THEN.plusSeconds(61);
      it.note(new Contact(7, 4));
      assertThat(it.contact()).isEqualTo(new Contact(7, 4));
      now = THEN.plusSeconds(200);
      it.note(new Contact(7, 0));
      assertThat(it.contact()).isEqualTo(new Contact(7, 4));
    }
  }

  @Test
  void anotherDirectoryIsNotedAtOnce() throws IOException {
    try (Database database = open()) {
      LastContact it = new LastContact(database, () -> now);
      it.note(new Contact(7, 3));

      it.note(new Contact(8, 0));

      assertThat(it.contact()).isEqualTo(new Contact(8, 0));
    }
  }

  private Database open() throws IOException {
    return Database.open(folder.resolve("peer.db"), LastContact.SCHEMA);
  }
}
