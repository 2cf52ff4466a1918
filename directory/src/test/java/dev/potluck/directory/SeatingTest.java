package dev.potluck.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.potluck.directory.Seating.Step;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Who gets a seat, and who loses it.
class SeatingTest {
  private static final Seating SEATING = new Seating(Seating.SEATS_MAX);

  private final Map<PeerId, MemberState> states = new HashMap<>();

  private static PeerId peer(int number) {
    return PeerId.of("a".repeat(31) + (char) ('a' + number));
  }

  private void members(MemberState state, int... numbers) {
    for (int number : numbers) {
      states.put(peer(number), state);
    }
  }

  private static Set<PeerId> seats(int... numbers) {
    Set<PeerId> seats = new TreeSet<>();
    for (int number : numbers) {
      seats.add(peer(number));
    }
    return seats;
  }

  private List<Member> all() {
    List<Member> members = new ArrayList<>();
    states.forEach(
        (id, state) ->
            members.add(
                new Member(
                    id, id.text(), state, Optional.empty(), Optional.empty(), 0, 0, Load.NONE)));
    return members;
  }

  private Optional<Step> next(Set<PeerId> seats, int... missed) {
    return SEATING.next(seats, peer(0), all(), seats(missed));
  }

  /// Takes steps until there is none.
  private Set<PeerId> settled(Set<PeerId> from) {
    Set<PeerId> seats = new TreeSet<>(from);
    for (int i = 0; i < 20; i++) {
      Optional<Step> step = next(seats);
      if (step.isEmpty()) {
        return seats;
      }
      apply(step.get(), seats);
    }
    throw new AssertionError("no end of it: " + seats);
  }

  private static void apply(Step step, Set<PeerId> seats) {
    switch (step) {
      case Step.Add(PeerId peer) -> assertThat(seats.add(peer)).isTrue();
      case Step.Remove(PeerId peer) -> assertThat(seats.remove(peer)).isTrue();
      case Step.Replace(PeerId gone, PeerId by) -> {
        assertThat(seats.remove(gone)).isTrue();
        assertThat(seats.add(by)).isTrue();
      }
    }
  }

  @Test
  void oneOrTwoPeersHaveOneSeat() {
    members(MemberState.ALIVE, 0, 1);

    assertThat(settled(seats(0))).isEqualTo(seats(0));
  }

  @Test
  void threePeersHaveThreeSeatsAndFiveHaveFive() {
    members(MemberState.ALIVE, 0, 1, 2);
    assertThat(settled(seats(0))).isEqualTo(seats(0, 1, 2));

    members(MemberState.ALIVE, 3);
    assertThat(settled(seats(0, 1, 2))).isEqualTo(seats(0, 1, 2));

    members(MemberState.ALIVE, 4, 5, 6);
    assertThat(settled(seats(0, 1, 2))).isEqualTo(seats(0, 1, 2, 3, 4));
  }

  @Test
  void theBoundIsKept() {
    members(MemberState.ALIVE, 0, 1, 2, 3, 4);

    assertThat(new Seating(1).next(seats(0), peer(0), all(), Set.of())).isEmpty();
    assertThat(new Seating(3).next(seats(0, 1, 2), peer(0), all(), Set.of())).isEmpty();
    assertThatThrownBy(() -> new Seating(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Seating(6)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theDeadKeepTheirSeatUntilAnotherCanTakeIt() {
    members(MemberState.ALIVE, 0, 1);
    members(MemberState.SUSPECT, 2);
    assertThat(next(seats(0, 1, 2), 2)).isEmpty();

    members(MemberState.ALIVE, 3);
    assertThat(next(seats(0, 1, 2))).as("not missed for long").isEmpty();
    assertThat(next(seats(0, 1, 2), 2)).contains(new Step.Replace(peer(2), peer(3)));
  }

  @Test
  void whoLeftGivesItsSeatToAnotherOrBack() {
    members(MemberState.ALIVE, 0, 1, 3);
    members(MemberState.LEFT, 2);
    assertThat(settled(seats(0, 1, 2))).isEqualTo(seats(0, 1, 3));

    states.remove(peer(3));
    assertThat(settled(seats(0, 1, 2))).as("never resting at two").isEqualTo(seats(0));
  }

  @Test
  void aGrowthThatWasInterruptedGoesOnOrBack() {
    members(MemberState.ALIVE, 0, 1, 2);
    assertThat(settled(seats(0, 1))).isEqualTo(seats(0, 1, 2));

    states.remove(peer(2));
    assertThat(settled(seats(0, 1))).isEqualTo(seats(0));
  }

  @Test
  void whateverHappensTheLeaderStaysAndAllAliveComesToRest() {
    long seed = Long.getLong("potluck.seed", System.nanoTime());
    System.out.println("potluck.seed=" + seed);
    Random random = new Random(seed);
    for (int run = 0; run < 2_000; run++) {
      states.clear();
      members(MemberState.ALIVE, 0);
      Set<PeerId> seats = new TreeSet<>(seats(0));
      for (int i = 1; i < 8; i++) {
        int dice = random.nextInt(4);
        if (dice > 0) {
          states.put(peer(i), dice == 1 ? MemberState.LEFT : MemberState.ALIVE);
          if (seats.size() < 5 && random.nextBoolean()) {
            seats.add(peer(i));
          }
        }
      }

      Set<PeerId> rest = settled(seats);

      assertThat(rest).contains(peer(0)).hasSizeBetween(1, 5);
      assertThat(rest.size()).isNotEqualTo(2);
      assertThat(rest).allMatch(peer -> states.get(peer) == MemberState.ALIVE);
    }
  }
}
