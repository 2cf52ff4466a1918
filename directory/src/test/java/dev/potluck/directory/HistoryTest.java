package dev.potluck.directory;

import static dev.potluck.directory.Seat.ANNA;
import static dev.potluck.directory.Seat.START;
import static dev.potluck.directory.Seat.edited;
import static dev.potluck.directory.Seat.version;
import static org.assertj.core.api.Assertions.assertThat;

import dev.potluck.content.ContentId;
import dev.potluck.content.Kind;
import dev.potluck.content.Name;
import dev.potluck.content.Version;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class HistoryTest {
  private static final Name X = Name.of("x");

  private final Directory directory = new Directory(1);

  @Test
  void aNameRemembersWhatItWas() {
    commit(edited("x", 0, 1));
    commit(edited("x", 1, 2));
    directory.apply(new Command.Delete(ANNA, List.of(X)), START);
    commit(edited("x", 0, 4));

    List<Entry> history = directory.history(X);

    assertThat(history.stream().map(e -> e.version().number())).containsExactly(1L, 2L, 3L, 4L);
    assertThat(history.stream().map(Entry::deleted)).containsExactly(false, false, true, false);
    assertThat(history.get(1).version()).isEqualTo(version(2, 2));
    assertThat(history.getLast()).isEqualTo(directory.entry(X).orElseThrow());
  }

  @Test
  void aNameOfOneVersionHasNoPast() {
    commit(edited("x", 0, 1));

    assertThat(directory.history(X)).containsExactly(directory.entry(X).orElseThrow());
    assertThat(directory.names().history().of(X)).isEmpty();
    assertThat(directory.history(Name.of("y"))).isEmpty();
  }

  @Test
  void onlyTheLastVersionsAreRemembered() {
    for (int i = 0; i < History.MAX_VERSIONS + 3; i++) {
      commit(edited("x", i, i));
    }

    List<Entry> history = directory.history(X);

    assertThat(history).hasSize(History.MAX_VERSIONS + 1);
    assertThat(history.getFirst().version()).isEqualTo(version(3, 2));
  }

  @Test
  void everyFieldIsRemembered() {
    History history = new History();
    Instant mtime = Instant.ofEpochSecond(-5, 999_999_999);
    for (Kind kind : Kind.values()) {
      Version version = new Version(9, kind, Seat.content(-77), mtime, 0777);
      history.add(X, version, true);
      assertThat(history.of(X).getLast()).isEqualTo(new Entry(X, version, true, 0));
    }
    Version empty = new Version(1, Kind.FILE, ContentId.EMPTY, Instant.EPOCH, 0);
    history.add(X, empty, false);
    assertThat(history.of(X).getLast()).isEqualTo(new Entry(X, empty, false, 0));
  }

  @Test
  void itOutlivesASnapshot() {
    commit(edited("x", 0, 1));
    commit(edited("x", 1, 2));
    commit(edited("x", 2, 3));

    Directory restored = Directory.restored(directory.saved());

    assertThat(restored.history(X)).isEqualTo(directory.history(X));
  }

  private void commit(Fact.Edited edit) {
    directory.apply(new Command.Commit(ANNA, List.of(edit)), START);
  }
}
