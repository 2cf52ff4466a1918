package dev.potluck.simulation;

import dev.potluck.directory.Member;
import dev.potluck.directory.MemberState;
import dev.potluck.directory.PeerId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.function.Consumer;

/// Whether members that fell silent are dead: they are only if most of those who are asked cannot
/// reach them, as the daemon's inquest has it. Asking takes no time here.
final class Inquiry {
  private static final int ASKED_MAX = 5;
  private static final int VOICES_MIN = 2;

  private final Duration silence;
  private final BiPredicate<PeerId, PeerId> reaches;
  private final Map<PeerId, Instant> silentSince = new HashMap<>();

  /// @param reaches whether one can ask another and be answered
  Inquiry(Duration silence, BiPredicate<PeerId, PeerId> reaches) {
    this.silence = silence;
    this.reaches = reaches;
  }

  void review(SimulatedMachine self, List<Member> members, Consumer<PeerId> dead) {
    Instant now = self.now();
    for (Member member : members) {
      if (member.state() != MemberState.SUSPECT) {
        silentSince.remove(member.id());
      } else if (now.isAfter(silentSince.computeIfAbsent(member.id(), _ -> now).plus(silence))) {
        silentSince.remove(member.id());
        if (isDead(self.id, member.id(), members)) {
          dead.accept(member.id());
        }
      }
    }
  }

  void forget() {
    silentSince.clear();
  }

  private boolean isDead(PeerId self, PeerId silent, List<Member> members) {
    List<PeerId> others =
        members.stream()
            .filter(m -> m.state() == MemberState.ALIVE && !m.id().equals(self))
            .map(Member::id)
            .filter(other -> reaches.test(self, other))
            .limit(ASKED_MAX)
            .toList();
    long cannot = others.stream().filter(other -> !reaches.test(other, silent)).count();
    cannot += reaches.test(self, silent) ? 0 : 1;
    return cannot >= VOICES_MIN && 2 * cannot > others.size() + 1;
  }
}
