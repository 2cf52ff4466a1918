package dev.potluck.simulation;

import dev.potluck.content.ContentId;
import dev.potluck.content.Name;
import dev.potluck.content.Root;
import dev.potluck.content.Version;
import dev.potluck.directory.Leases;
import dev.potluck.directory.PeerId;
import dev.potluck.simulation.Recorder.Asked;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Predicate;

/// What the machines of a party share: time, chance, the network, what is written down of them.
final class SimulatedParty {
  // Shorter than those of the program, so that more of them end in a run.
  private static final Duration LEASE = Duration.ofSeconds(6);
  private static final Duration REFRESH = Duration.ofSeconds(2);

  private static final Duration USUAL_ABSENCE = Duration.ofSeconds(15);

  final Leases leases;

  /// How long a machine that crashed stays away: where deletions are forgotten, also for longer.
  final Duration absenceMax;

  final EventQueue events = new EventQueue();
  final SplittableRandom random;
  final Wires wires;
  final Recorder recorder = new Recorder();
  final List<SeatHost> seats = new ArrayList<>();
  final List<PartyMember> members = new ArrayList<>();
  final List<Name> names = new ArrayList<>();

  /// Whether nobody begins anything any more.
  boolean resting;

  private long contents;

  SimulatedParty(PartyScenario scenario) {
    absenceMax = scenario.forgets() ? scenario.memory().multipliedBy(4) : USUAL_ABSENCE;
    leases = new Leases(LEASE, REFRESH, scenario.memory());
    random = new SplittableRandom(scenario.seed());
    wires = new Wires(events, random.split(), scenario.machines());
    for (int i = 0; i < scenario.names(); i++) {
      names.add(Name.of("" + (char) ('a' + i / 2) + i % 2));
    }
  }

  /// What nobody has written before.
  Version newContent() {
    long number = ++contents;
    return Version.file(0, new ContentId(new Root(number, 0, 0, 1), number), Instant.EPOCH, 0644);
  }

  static String label(Version version) {
    return "c" + version.content().size();
  }

  Asked asks(SimulatedMachine machine, Action action) {
    return recorder.asks(machine.name, action, events.nowNanos());
  }

  void answered(Asked asked, Outcome outcome) {
    recorder.answered(asked, outcome, events.nowNanos());
  }

  void answeredFromMemory(Asked asked, Outcome outcome) {
    recorder.answeredFromMemory(asked, outcome, events.nowNanos());
  }

  Duration fetchTakes() {
    return Duration.ofMillis(random.nextLong(20, 800));
  }

  /// Somebody who can be reached and has something.
  Optional<PartyMember> holder(SimulatedMachine by, Predicate<PartyMember> has) {
    return members.stream()
        .filter(other -> other.machine != by && reach(by, other.machine) && has.test(other))
        .findFirst();
  }

  boolean reach(PeerId from, PeerId to) {
    return reach(machine(from), machine(to));
  }

  private SimulatedMachine machine(PeerId peer) {
    return members.stream()
        .map(member -> member.machine)
        .filter(machine -> machine.id.equals(peer))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no machine " + peer));
  }

  private boolean reach(SimulatedMachine from, SimulatedMachine to) {
    return wires.reaches(from, to) && wires.reaches(to, from);
  }
}
