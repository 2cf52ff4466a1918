package dev.potluck.directory;

import static dev.potluck.directory.Seat.ANNA;
import static dev.potluck.directory.Seat.START;
import static dev.potluck.directory.Seat.edited;
import static dev.potluck.directory.Seat.holds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.potluck.content.Name;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class WatchTest {
  private static final int ALL = 1_000_000;

  private final Directory directory = new Directory(1);

  @Test
  void aNewWatcherGetsASnapshotEvenOfNothing() {
    Watch watch = directory.watch(0, 0);

    assertThat(watch.next(ALL)).contains(new Changes(0, true, List.of()));
    assertThat(watch.next(ALL)).isEmpty();
  }

  @Test
  void aSnapshotHoldsTombstonesToo() {
    learn(holds("x", 1, 1), holds("y", 1, 1));
    delete("x");

    assertThat(directory.watch(0, 0).next(ALL))
        .contains(new Changes(2, true, List.of(entry("x"), entry("y"))));
  }

  @Test
  void aTransactionIsOneEvent() {
    Watch watch = directory.watch(1, 0);
    learn(holds("x", 1, 1), holds("y", 1, 1));
    Changes first = watch.next(1).orElseThrow();
    learn(edited("x", 1, 2));

    assertThat(first.entries()).hasSize(2);
    assertThat(first.last()).isTrue();
    assertThat(watch.next(ALL)).contains(new Changes(2, false, List.of(entry("x"))));
    assertThat(watch.next(ALL)).isEmpty();
  }

  @Test
  void transactionsThatWaitComeTogetherAsFarAsTheyFit() {
    Watch watch = directory.watch(1, 0);
    learn(holds("x", 1, 1), holds("y", 1, 1));
    learn(edited("x", 1, 2));
    learn(holds("z", 1, 1));
    learn(holds("a", 1, 1), holds("b", 1, 1));

    Changes first = watch.next(4).orElseThrow();

    assertThat(first).isEqualTo(new Changes(3, false, List.of(entry("x"), entry("y"), entry("z"))));
    assertThat(watch.next(4)).contains(new Changes(4, false, List.of(entry("a"), entry("b"))));
    assertThat(watch.next(4)).isEmpty();
  }

  @Test
  void whoKnowsThisDirectoryGetsOnlyWhatIsNew() {
    learn(holds("x", 1, 1));
    learn(holds("y", 1, 1));

    assertThat(directory.watch(1, 1).next(ALL))
        .contains(new Changes(2, false, List.of(entry("y"))));
    assertThat(directory.watch(1, 2).next(ALL)).isEmpty();
  }

  @Test
  void whoKnowsAnotherDirectoryOrTheFutureGetsASnapshot() {
    learn(holds("x", 1, 1));

    assertThat(directory.watch(7, 1).next(ALL).orElseThrow().snapshot()).isTrue();
    assertThat(directory.watch(1, 5).next(ALL).orElseThrow().snapshot()).isTrue();
  }

  @Test
  void afterARestartWhatIsNewComesTogether() {
    learn(holds("x", 1, 1));
    learn(holds("y", 1, 1));
    learn(edited("x", 1, 2));

    Watch watch = Directory.restored(directory.saved()).watch(1, 1);

    assertThat(watch.next(ALL)).contains(new Changes(3, false, List.of(entry("x"), entry("y"))));
    assertThat(watch.next(ALL)).isEmpty();
  }

  @Test
  void whatIsLongComesInPartsThatFitTogether() {
    learn(IntStream.range(0, 1_000).mapToObj(i -> holds("n" + i, 1, i)).toArray(Fact[]::new));
    Watch watch = directory.watch(0, 0);

    Changes first = watch.next(100).orElseThrow();
    delete("n0");
    learn(edited("n999", 1, 7), holds("a", 1, 1));
    List<Changes> rest = parts(watch, 100);

    assertThat(first.last()).isFalse();
    assertThat(first.entries()).hasSize(100);
    assertThat(rest).allMatch(Changes::snapshot).allMatch(part -> part.entries().size() <= 100);
    assertThat(rest.getLast().revision()).isEqualTo(3);
    List<Changes> all = new ArrayList<>(List.of(first));
    all.addAll(rest);
    assertThat(applied(all)).isEqualTo(current());
    assertThat(watch.next(100)).isEmpty();
  }

  @Test
  void whoFellFarBehindCatchesUp() {
    Watch watch = directory.watch(1, 0);
    for (int i = 0; i < 20_000; i++) {
      learn(edited("n" + i % 10, i < 10 ? 0 : i / 10, i));
    }

    List<Changes> parts = parts(watch, 4);

    assertThat(parts).noneMatch(Changes::snapshot).hasSize(3);
    assertThat(applied(parts)).isEqualTo(current());
  }

  private static List<Changes> parts(Watch watch, int limit) {
    List<Changes> parts = new ArrayList<>();
    do {
      parts.add(watch.next(limit).orElseThrow());
    } while (!parts.getLast().last());
    return parts;
  }

  private static Map<Name, Entry> applied(List<Changes> parts) {
    Map<Name, Entry> known = new HashMap<>();
    parts.forEach(part -> part.entries().forEach(entry -> known.put(entry.name(), entry)));
    return known;
  }

  private Map<Name, Entry> current() {
    return applied(List.of(directory.watch(0, 0).next(ALL).orElseThrow()));
  }

  private void learn(Fact... facts) {
    directory.apply(new Command.Learn(ANNA, List.of(facts)), START);
  }

  private void delete(String name) {
    directory.apply(new Command.Delete(ANNA, List.of(Name.of(name))), START);
  }

  private Entry entry(String name) {
    return Optional.of(Name.of(name)).flatMap(directory::entry).orElseThrow();
  }
}
