package dev.potluck.simulation;

import dev.potluck.content.Name;
import dev.potluck.content.Version;
import dev.potluck.directory.Command;
import dev.potluck.directory.Entry;
import dev.potluck.directory.Fact;
import dev.potluck.directory.NameLock;
import dev.potluck.directory.Reason;
import dev.potluck.directory.Refusal;
import dev.potluck.directory.Result;
import dev.potluck.simulation.Action.Edit;
import dev.potluck.simulation.Recorder.Asked;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/// Somebody who works at one machine: one thing after the other, with pauses, on a few names that
/// everybody wants. All of it is written down.
final class Client {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final long THINK_MS_MAX = 2_500;

  private final PartyMember member;
  private final SimulatedParty party;
  private final SplittableRandom random;

  /// The locks this machine knows to have.
  private final Map<Name, Long> held = new HashMap<>();

  Client(PartyMember member, SimulatedParty party) {
    this.member = member;
    this.party = party;
    this.random = party.random.split();
  }

  void start() {
    held.clear();
    think();
  }

  private void think() {
    after(THINK_MS_MAX, this::act);
  }

  private void after(long millisMax, Runnable action) {
    member.machine.after(Duration.ofMillis(random.nextLong(20, millisMax)), action);
  }

  private void act() {
    if (party.resting) {
      return;
    }
    Name name = party.names.get(random.nextInt(party.names.size()));
    switch (random.nextInt(12)) {
      case 0, 1, 2, 3, 4 -> lockAndWrite(name);
      case 5 -> write(List.of(edit(name, NameLock.NO_TOKEN)), this::think);
      case 6 -> writeTogether(name);
      case 7 -> editFile(name);
      case 8, 9 -> delete(name);
      case 10 -> move(name);
      default -> look(name, this::think);
    }
  }

  /// The other name of a pair.
  private Name partner(Name name) {
    int at = party.names.indexOf(name) ^ 1;
    return party.names.get(Math.min(at, party.names.size() - 1));
  }

  private void lockAndWrite(Name name) {
    Asked asked = party.asks(member.machine, new Action.Lock(name.value()));
    Duration wait = Duration.ofMillis(random.nextBoolean() ? 0 : random.nextLong(3_000));
    member
        .caller()
        .ask(
            new Question.TakeLock(name, wait),
            PATIENCE.plus(wait),
            answer -> {
              switch (answer) {
                case Answer.Decided(Result.Locked(NameLock lock)) -> {
                  party.answered(asked, new Outcome.Granted(lock.token()));
                  held.put(name, lock.token());
                  after(500, () -> hold(name, lock.token()));
                }
                case Answer.NotFree(boolean byOther) -> {
                  Outcome.Reason why = byOther ? Outcome.Reason.LOCKED : Outcome.Reason.OTHER;
                  party.answeredFromMemory(asked, new Outcome.Refused(why));
                  think();
                }
                default -> {
                  notDecided(asked, answer);
                  think();
                }
              }
            });
  }

  /// With the lock in hand: sometimes the machine freezes now, for longer than a lease.
  private void hold(Name name, long token) {
    if (random.nextInt(6) == 0) {
      long lease = party.leases.lease().toMillis();
      member.machine.freeze(Duration.ofMillis(random.nextLong(lease / 2, 3 * lease)));
    }
    look(name, () -> after(300, () -> writeUnder(name, token, 1 + random.nextInt(2))));
  }

  private void writeUnder(Name name, long token, int times) {
    write(
        List.of(edit(name, token)),
        () -> {
          if (times > 1) {
            after(1_000, () -> writeUnder(name, token, times - 1));
          } else if (random.nextInt(5) > 0) {
            unlock(name, token, () -> afterUnlocking(name, token));
          } else {
            think();
          }
        });
  }

  /// Sometimes somebody writes who has not noticed that the lock is over.
  private void afterUnlocking(Name name, long token) {
    if (random.nextInt(3) == 0) {
      after(1_000, () -> write(List.of(edit(name, token)), this::think));
    } else {
      think();
    }
  }

  private void unlock(Name name, long token, Runnable then) {
    held.remove(name, token);
    Asked asked = party.asks(member.machine, new Action.Unlock(name.value(), token));
    change(new Command.Unlock(member.machine.id, name, token), asked, then);
  }

  private Fact.Edited edit(Name name, long token) {
    Entry entry = member.known().get(name);
    long base = entry == null ? 0 : entry.version().number();
    return new Fact.Edited(name, base, party.newContent(), Reason.KEPT, token);
  }

  private void write(List<Fact.Edited> edits, Runnable then) {
    List<Edit> asked =
        edits.stream()
            .map(
                e ->
                    new Edit(
                        e.name().value(), e.base(), SimulatedParty.label(e.version()), e.token()))
            .toList();
    change(
        new Command.Commit(member.machine.id, edits),
        party.asks(member.machine, new Action.Commit(asked)),
        then);
  }

  private void writeTogether(Name name) {
    List<Fact.Edited> edits = new ArrayList<>();
    for (Name one : List.of(name, partner(name))) {
      edits.add(edit(one, held.getOrDefault(one, NameLock.NO_TOKEN)));
    }
    write(edits, this::think);
  }

  private void editFile(Name name) {
    if (!member.isEdited(name)) {
      member.edit(name, party.newContent());
    }
    think();
  }

  private void delete(Name name) {
    Asked asked = party.asks(member.machine, new Action.Delete(name.value()));
    change(new Command.Delete(member.machine.id, List.of(name)), asked, this::think);
  }

  private void move(Name name) {
    Name to = partner(name);
    Asked asked = party.asks(member.machine, new Action.Move(name.value(), to.value()));
    change(new Command.Move(member.machine.id, name, to), asked, this::think);
  }

  private void change(Command command, Asked asked, Runnable then) {
    member
        .caller()
        .ask(
            new Question.Change(command),
            PATIENCE,
            answer -> {
              if (answer instanceof Answer.Decided(Result result)) {
                party.answered(asked, outcome(result));
              } else {
                notDecided(asked, answer);
              }
              then.run();
            });
  }

  private void notDecided(Asked asked, Answer answer) {
    if (answer instanceof Answer.Unknown) {
      compareLocks();
    } else {
      party.recorder.withdrawn(asked);
    }
  }

  private static Outcome outcome(Result result) {
    return switch (result) {
      case Result.Committed(List<Version> versions, _) ->
          new Outcome.Committed(versions.stream().map(Version::number).toList());
      case Result.Deleted(List<Name> missing, _) ->
          missing.isEmpty() ? new Outcome.Done() : new Outcome.Missing();
      case Result.Moved(Version version, _) -> new Outcome.Moved(version.number());
      case Result.Done _ -> new Outcome.Done();
      case Result.Refused(Refusal refusal, _, _) -> new Outcome.Refused(reason(refusal));
      case Result.Locked _, Result.Learned _, Result.Enlisted _ ->
          throw new IllegalArgumentException("not of a client's command: " + result);
    };
  }

  private static Outcome.Reason reason(Refusal refusal) {
    return switch (refusal) {
      case LOCKED -> Outcome.Reason.LOCKED;
      case CONFLICT -> Outcome.Reason.CONFLICT;
      case NO_SUCH_NAME -> Outcome.Reason.NO_SUCH_NAME;
      case USAGE, DENIED -> Outcome.Reason.OTHER;
    };
  }

  /// Gives back locks that the directory says are this machine's and nobody here knows of.
  void compareLocks() {
    Set<Long> before = new HashSet<>(held.values());
    member
        .caller()
        .ask(
            new Question.OwnLocks(),
            PATIENCE,
            answer -> {
              if (answer instanceof Answer.Locks(List<NameLock> locks)) {
                Set<Long> there = new HashSet<>();
                locks.forEach(lock -> there.add(lock.token()));
                held.values().removeIf(token -> before.contains(token) && !there.contains(token));
                locks.stream()
                    .filter(lock -> !held.containsValue(lock.token()))
                    .forEach(lock -> unlock(lock.name(), lock.token(), () -> {}));
              }
            });
  }

  private void look(Name name, Runnable then) {
    look(name, party::answeredFromMemory, _ -> then.run());
  }

  /// Looks when all has come to rest: what is found must be what is.
  void lookInTheEnd(Name name, Consumer<Boolean> then) {
    look(name, party::answered, then);
  }

  /// @param answered records what was found
  /// @param then is told whether there was an answer
  private void look(Name name, BiConsumer<Asked, Outcome.Seen> answered, Consumer<Boolean> then) {
    Asked asked = party.asks(member.machine, new Action.Read(name.value()));
    member
        .caller()
        .ask(
            new Question.Look(name),
            PATIENCE,
            answer -> {
              if (answer instanceof Answer.Looked(List<Entry> entries)) {
                answered.accept(asked, seen(entries));
              } else {
                party.recorder.withdrawn(asked);
              }
              then.accept(answer instanceof Answer.Looked);
            });
  }

  private static Outcome.Seen seen(List<Entry> entries) {
    if (entries.isEmpty()) {
      return new Outcome.Seen(0, Optional.empty());
    }
    SortedMap<Long, String> past = new TreeMap<>();
    for (Entry entry : entries.subList(0, entries.size() - 1)) {
      if (!entry.deleted()) {
        past.put(entry.version().number(), SimulatedParty.label(entry.version()));
      }
    }
    Entry last = entries.getLast();
    Optional<String> content =
        last.deleted() ? Optional.empty() : Optional.of(SimulatedParty.label(last.version()));
    return new Outcome.Seen(last.version().number(), content, past);
  }
}
