package dev.potluck.directory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Peers edit, delete, come and go, and announce in any order to a directory that is restarted,
/// with its state or with nothing. In the end nothing has reverted, nothing is resurrected, nothing
/// lost: what was written is a current version, or a conflict copy, or was superseded, overwritten
/// or deleted by a user. And both sides' digests agree.
///
/// A failure names its seed; `-Dpotluck.seed=N` runs that one alone.
final class AnnouncingInAnyOrderTest {
  private static final int SEEDS = 1_000;

  static LongStream seedsToRun() {
    Long one = Long.getLong("potluck.seed");
    return one == null ? LongStream.range(0, SEEDS) : LongStream.of(one);
  }

  static Stream<Arguments> worlds() {
    return Stream.of(
        Arguments.of(List.of("x", "y", "d/z"), false),
        Arguments.of(List.of("x", "x/y", "x/y/z", "w"), true));
  }

  @ParameterizedTest
  @MethodSource("worlds")
  void nothingRevertsIsResurrectedOrLost(List<String> names, boolean namesClash) {
    seedsToRun()
        .forEach(
            seed -> {
              Random random = new Random(seed);
              ModelParty party = new ModelParty(names, 2 + random.nextInt(3), random);
              int steps = 5 + random.nextInt(120);
              for (int i = 0; i < steps; i++) {
                party.step();
              }
              party.settle();

              assertThat(party.violations(namesClash))
                  .as("replay with -Dpotluck.seed=%d", seed)
                  .isEmpty();
            });
  }

  @ParameterizedTest
  @MethodSource("worlds")
  void theSameCommandsMakeTheSameDirectory(List<String> names, boolean namesClash) {
    seedsToRun()
        .limit(50)
        .forEach(
            seed -> {
              Random random = new Random(seed);
              Seat seat = Seat.fresh();
              Directory twin = new Directory(1);
              List<Result> results = new ArrayList<>();
              List<Result> twins = new ArrayList<>();
              for (int i = 0; i < 200; i++) {
                Command command = RandomCommands.next(names, random);
                seat.now = seat.now.plusMillis(random.nextInt(1_000));
                results.add(seat.tracker.directory().apply(command, seat.now));
                twins.add(twin.apply(command, seat.now));
              }

              assertThat(twins).as("potluck.seed=%d", seed).isEqualTo(results);
              assertThat(DirectoryTest.saved(twin))
                  .isEqualTo(DirectoryTest.saved(seat.tracker.directory()));
              assertThat(DirectoryTest.saved(Directory.restored(twin.saved())))
                  .isEqualTo(DirectoryTest.saved(twin));
            });
  }
}
