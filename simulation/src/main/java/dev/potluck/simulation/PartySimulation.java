package dev.potluck.simulation;

import dev.potluck.content.Name;
import dev.potluck.directory.Entry;
import dev.potluck.directory.Member;
import dev.potluck.directory.MemberState;
import dev.potluck.directory.Saved;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;

/// A whole party in one thread and in virtual time, over the real state machine of the directory:
/// members work on the same names while machines and network fail, then all is mended, and what was
/// written down is checked.
public final class PartySimulation {
  static final Duration USUAL_WRITE = Duration.ofMillis(2);

  /// By then leases are over, a leader is found, and everybody knows everything.
  private static final Duration SETTLING = Duration.ofSeconds(40);

  private static final Duration BACKUP = Duration.ofSeconds(15);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final long JOINING_MS_MAX = 20_000;
  private static final long AHEAD_S_MAX = 3_600;
  private static final double DRIFT_MAX = 0.02;
  private static final int SNAPSHOT_AFTER_MIN = 10;
  private static final int SNAPSHOT_AFTER_MAX = 60;

  private final PartyScenario scenario;
  private final SimulatedParty party;
  private final Mischief mischief;
  private final List<SeatLog> logs = new ArrayList<>();
  private final List<SimulatedMachine> machines = new ArrayList<>();

  private PartySimulation(PartyScenario scenario, Alteration alteration) {
    this.scenario = scenario;
    this.party = new SimulatedParty(scenario);
    this.mischief = new Mischief(party, this::start);
    SplittableRandom random = party.random.split();
    for (int i = 0; i < scenario.machines(); i++) {
      SimulatedMachine machine =
          new SimulatedMachine(
              party.events,
              i,
              1 + random.nextDouble(-DRIFT_MAX, DRIFT_MAX),
              Duration.ofSeconds(random.nextLong(-AHEAD_S_MAX, AHEAD_S_MAX)),
              USUAL_WRITE);
      machines.add(machine);
      if (i < scenario.seats()) {
        addSeat(machine, alteration, random);
      }
    }
  }

  private void addSeat(SimulatedMachine machine, Alteration alteration, SplittableRandom random) {
    Inquiry inquiry = new Inquiry(party.leases.lease(), party::reach);
    SeatHost host = new SeatHost(machine, party.wires, party.leases, 1, alteration, inquiry);
    party.seats.add(host);
    int snapshotAfter = random.nextInt(SNAPSHOT_AFTER_MIN, SNAPSHOT_AFTER_MAX);
    logs.add(
        new SeatLog(
            machine.number, machine, random.split(), party.wires, logs, host, snapshotAfter));
  }

  /// Runs a scenario to its end and checks what happened.
  public static PartyReport run(PartyScenario scenario) {
    return run(scenario, Alteration.NONE, Check.ALL);
  }

  static PartyReport run(PartyScenario scenario, Alteration alteration, List<Check> checks) {
    PartySimulation simulation = new PartySimulation(scenario, alteration);
    simulation.populate();
    return simulation.play(checks);
  }

  private void populate() {
    SplittableRandom random = party.random.split();
    for (int i = 0; i < scenario.machines(); i++) {
      SimulatedMachine machine = machines.get(i);
      PartyMember member = new PartyMember(machine, party);
      party.members.add(member);
      long at = i < scenario.seats() ? 0 : random.nextLong(JOINING_MS_MAX);
      party.events.after(1_000_000 * at, () -> start(member));
    }
    mischief.begin();
    backUp();
  }

  private void backUp() {
    party.members.forEach(PartyMember::backUp);
    party.events.after(BACKUP.toNanos(), this::backUp);
  }

  private void start(PartyMember member) {
    SimulatedMachine machine = member.machine;
    if (machine.isUp()) {
      return;
    }
    machine.start();
    if (machine.number < logs.size()) {
      party.seats.get(machine.number).start(logs.get(machine.number));
    }
    member.start();
  }

  private PartyReport play(List<Check> checks) {
    runFor(scenario.troubled());
    party.resting = true;
    mischief.end();
    runFor(SETTLING);
    lookInTheEnd();
    runFor(PATIENCE);
    for (PartyMember member : party.members) {
      party.recorder.sees(new View("the names", member.machine.name, names(member)));
    }
    for (SeatHost seat : party.seats) {
      party.recorder.sees(new View("the names", "seat " + seat.machine.name, names(seat)));
      party.recorder.sees(new View("the directory", "seat " + seat.machine.name, items(seat)));
    }
    History history = party.recorder.history();
    return new PartyReport(
        scenario,
        history,
        mischief.made(),
        Check.violations(history, checks),
        party.events.scheduled());
  }

  private void runFor(Duration time) {
    long end = party.events.nowNanos() + time.toNanos();
    while (party.events.step(end)) {}
    party.events.rest(end);
  }

  /// Every machine asks for everything once more.
  private void lookInTheEnd() {
    TreeSet<Name> names = new TreeSet<>(party.names);
    party.members.forEach(member -> names.addAll(member.known().keySet()));
    SortedMap<String, String> wanted = new TreeMap<>();
    party.members.forEach(m -> wanted.put(m.machine.name, MemberState.ALIVE.name()));
    party.recorder.sees(new View("the members", "whoever knows", wanted));
    for (PartyMember member : party.members) {
      names.forEach(name -> member.client().lookInTheEnd(name, looked -> note(member, looked)));
      member
          .caller()
          .ask(
              new Question.Members(),
              PATIENCE,
              answer ->
                  party.recorder.sees(
                      new View("the members", member.machine.name, members(answer))));
    }
  }

  private void note(PartyMember member, boolean looked) {
    if (!looked) {
      SortedMap<String, String> nothing = new TreeMap<>();
      party.recorder.sees(new View("the names", member.machine.name + " asking", nothing));
    }
  }

  private static SortedMap<String, String> members(Answer answer) {
    SortedMap<String, String> members = new TreeMap<>();
    if (answer instanceof Answer.Roster(List<Member> all)) {
      all.forEach(member -> members.put(member.name(), member.state().name()));
    }
    return members;
  }

  private SortedMap<String, String> names(PartyMember member) {
    SortedMap<String, String> names = new TreeMap<>();
    member.known().values().stream()
        .filter(this::isShown)
        .forEach(entry -> names.put(entry.name().value(), text(entry)));
    return names;
  }

  /// Who has forgotten a deletion, and when, is not agreed on where that happens soon.
  private boolean isShown(Entry entry) {
    return !entry.deleted() || !scenario.forgets();
  }

  private SortedMap<String, String> names(SeatHost seat) {
    SortedMap<String, String> names = new TreeMap<>();
    seat.directory()
        .saved()
        .forEachRemaining(
            item -> {
              if (item instanceof Saved.Named(Entry entry, _) && isShown(entry)) {
                names.put(entry.name().value(), text(entry));
              }
            });
    return names;
  }

  private static String text(Entry entry) {
    String what = entry.deleted() ? "deleted" : SimulatedParty.label(entry.version());
    return entry.version().number() + " " + what;
  }

  private static SortedMap<String, String> items(SeatHost seat) {
    SortedMap<String, String> items = new TreeMap<>();
    seat.directory().saved().forEachRemaining(item -> items.put(item.toString(), "there"));
    return items;
  }
}
