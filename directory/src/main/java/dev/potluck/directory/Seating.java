package dev.potluck.directory;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Who should keep the directory: one seat for one or two peers, three from three on, five from
/// five on. A step changes one seat. Two seats are passed through only, since with two the death of
/// one stops both; who is dead keeps its seat until another can take it.
public final class Seating {
  /// More than five seats would cost more than they save.
  public static final int SEATS_MAX = 5;

  private final int bound;

  /// A step on the way; the next is asked for when it is done.
  public sealed interface Step {
    /// Gives a peer a seat.
    record Add(PeerId peer) implements Step {}

    /// Gives one peer the seat of another.
    record Replace(PeerId gone, PeerId by) implements Step {}

    /// Takes a seat away.
    record Remove(PeerId peer) implements Step {}
  }

  /// @param bound at most so many seats
  public Seating(int bound) {
    if (bound < 1 || bound > SEATS_MAX) {
      throw new IllegalArgumentException("1 to " + SEATS_MAX + " seats, not " + bound);
    }
    this.bound = bound;
  }

  /// What to do next, if anything.
  ///
  /// @param leader the seat that asks, which stays
  /// @param missed seats that were not heard of for so long that another may take their place
  public Optional<Step> next(
      Set<PeerId> seats, PeerId leader, Collection<Member> members, Set<PeerId> missed) {
    Map<PeerId, MemberState> states = new HashMap<>();
    members.forEach(member -> states.put(member.id(), member.state()));
    List<PeerId> candidates = new ArrayList<>();
    states.forEach(
        (peer, state) -> {
          if (state == MemberState.ALIVE && !seats.contains(peer)) {
            candidates.add(peer);
          }
        });
    candidates.sort(Comparator.comparing(PeerId::text));
    List<PeerId> others = seats.stream().filter(peer -> !peer.equals(leader)).sorted().toList();
    Optional<PeerId> left =
        others.stream().filter(p -> states.get(p) == MemberState.LEFT).findFirst();
    Optional<PeerId> gone = left.or(() -> others.stream().filter(missed::contains).findFirst());
    if (gone.isPresent() && !candidates.isEmpty()) {
      return Optional.of(new Step.Replace(gone.get(), candidates.getFirst()));
    }
    if (left.isPresent()) {
      return Optional.of(new Step.Remove(left.get()));
    }
    int wanted = wanted(states);
    // An even number is no better than the odd one below it: it takes two more to get there.
    int needed = seats.size() % 2 == 0 ? 1 : 2;
    if (seats.size() < wanted && candidates.size() >= needed) {
      return Optional.of(new Step.Add(candidates.getFirst()));
    }
    if (seats.size() == 2 && states.get(others.getFirst()) == MemberState.ALIVE) {
      return Optional.of(new Step.Remove(others.getFirst()));
    }
    return Optional.empty();
  }

  private int wanted(Map<PeerId, MemberState> states) {
    long alive = states.values().stream().filter(state -> state == MemberState.ALIVE).count();
    int wanted = alive < 3 ? 1 : alive < 5 ? 3 : 5;
    int within = Math.min(wanted, bound);
    return within % 2 == 0 ? within - 1 : within;
  }
}
