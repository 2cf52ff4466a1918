package dev.potluck.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// Makes things go wrong, again and again until it is told to stop; then all is mended.
final class Mischief {
  private static final long PAUSE_MS_MAX = 6_000;
  private static final Duration SLOW_WRITE = Duration.ofMillis(400);
  private static final Trouble[] TROUBLES = Trouble.values();

  private final SimulatedParty party;
  private final SplittableRandom random;
  private final Map<Trouble, Integer> made = new EnumMap<>(Trouble.class);
  private final Starting starting;
  private boolean over;

  /// Begins a life of a machine.
  @FunctionalInterface
  interface Starting {
    void start(PartyMember member);
  }

  Mischief(SimulatedParty party, Starting starting) {
    this.party = party;
    this.random = party.random.split();
    this.starting = starting;
  }

  /// How often what went wrong.
  Map<Trouble, Integer> made() {
    return made;
  }

  void begin() {
    party.events.after(
        millis(200, PAUSE_MS_MAX),
        () -> {
          if (!over) {
            make(TROUBLES[random.nextInt(TROUBLES.length)]);
            begin();
          }
        });
  }

  /// All machines run, all ways are open.
  void end() {
    over = true;
    party.wires.mendAll();
    for (PartyMember member : party.members) {
      member.machine.thaw();
      member.machine.writesTake(PartySimulation.USUAL_WRITE);
      if (!member.machine.isUp()) {
        starting.start(member);
      }
    }
  }

  private void make(Trouble trouble) {
    PartyMember victim = victim();
    SimulatedMachine machine = victim.machine;
    made.merge(trouble, 1, Integer::sum);
    switch (trouble) {
      case CRASH -> crash(victim, false);
      case OLD_DISK -> crash(victim, true);
      case FREEZE -> machine.freeze(Duration.ofNanos(millis(100, 15_000)));
      case PARTITION -> partition(millis(500, 15_000));
      case ONE_WAY_CUT -> oneWay(machine, millis(500, 15_000));
      case FLAPPING_LINK -> flap(machine.number, other(machine), 2 + random.nextInt(8));
      case SLOW_DISK -> {
        machine.writesTake(SLOW_WRITE);
        party.events.after(
            millis(2_000, 10_000), () -> machine.writesTake(PartySimulation.USUAL_WRITE));
      }
      case LOSS -> {
        party.wires.loses(random.nextDouble(0.02, 0.2));
        party.events.after(millis(500, 5_000), () -> party.wires.loses(0));
      }
    }
  }

  /// Often the one that leads: there it hurts most.
  private PartyMember victim() {
    if (random.nextInt(3) == 0) {
      for (int i = 0; i < party.seats.size(); i++) {
        if (party.seats.get(i).isLeading()) {
          return party.members.get(i);
        }
      }
    }
    return party.members.get(random.nextInt(party.members.size()));
  }

  private void crash(PartyMember victim, boolean oldDisk) {
    if (!victim.machine.isUp()) {
      return;
    }
    victim.machine.crash();
    party.events.after(
        millis(200, party.absenceMax.toMillis()),
        () -> {
          if (!victim.machine.isUp() && !over) {
            if (oldDisk) {
              victim.restoreBackup();
            }
            starting.start(victim);
          }
        });
  }

  private void partition(long nanos) {
    List<Integer> one = new ArrayList<>();
    List<Integer> other = new ArrayList<>();
    for (int i = 0; i < party.members.size(); i++) {
      (random.nextBoolean() ? one : other).add(i);
    }
    for (int a : one) {
      for (int b : other) {
        cut(a, b, nanos);
        cut(b, a, nanos);
      }
    }
  }

  /// It hears and is not heard, or the other way round.
  private void oneWay(SimulatedMachine machine, long nanos) {
    boolean out = random.nextBoolean();
    for (int other = 0; other < party.members.size(); other++) {
      if (other != machine.number) {
        cut(out ? machine.number : other, out ? other : machine.number, nanos);
      }
    }
  }

  private void flap(int from, int to, int times) {
    if (times == 0 || over) {
      return;
    }
    long nanos = millis(100, 2_000);
    cut(from, to, nanos);
    if (random.nextBoolean()) {
      cut(to, from, nanos);
    }
    party.events.after(2 * nanos, () -> flap(from, to, times - 1));
  }

  private void cut(int from, int to, long nanos) {
    party.wires.cut(from, to);
    party.events.after(nanos, () -> party.wires.mend(from, to));
  }

  private int other(SimulatedMachine machine) {
    int count = party.members.size();
    return (machine.number + 1 + random.nextInt(count - 1)) % count;
  }

  private long millis(long from, long to) {
    return 1_000_000 * random.nextLong(from, to);
  }
}
