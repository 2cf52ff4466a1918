package dev.potluck.simulation;

import dev.potluck.content.DeniedException;
import dev.potluck.content.NoSuchNameException;
import dev.potluck.content.UnavailableException;
import dev.potluck.directory.Announced;
import dev.potluck.directory.Announcement;
import dev.potluck.directory.Changes;
import dev.potluck.directory.Command;
import dev.potluck.directory.Directory;
import dev.potluck.directory.FactDigest;
import dev.potluck.directory.Hello;
import dev.potluck.directory.Leases;
import dev.potluck.directory.Load;
import dev.potluck.directory.PeerId;
import dev.potluck.directory.Proposal;
import dev.potluck.directory.Pulse;
import dev.potluck.directory.Result;
import dev.potluck.directory.Saved;
import dev.potluck.directory.Started;
import dev.potluck.directory.Ticked;
import dev.potluck.directory.Tracker;
import dev.potluck.directory.Verdict;
import dev.potluck.directory.Watch;
import dev.potluck.simulation.SeatLog.Fate;
import dev.potluck.wire.CommandCodec;
import dev.potluck.wire.LogEntry;
import dev.potluck.wire.SavedCodec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A seat of the real directory: hard state that the log's entries change, and while it leads the
/// real tracker. Does what the daemon's host does, one entry of the log at a time, and nothing of
/// its own.
final class SeatHost implements SeatLog.State {
  private static final Duration TICK = Duration.ofSeconds(1);
  private static final int COMMANDS_PER_ENTRY = 64;
  private static final int WATCH_PART = 50;

  final SimulatedMachine machine;
  private final Wires wires;
  private final Leases leases;
  private final long incarnation;
  private final Alteration alteration;
  private final Inquiry inquiry;
  private @Nullable SeatLog log;
  private Directory directory;
  private @Nullable Tracker tracker;

  /// Counts the times this seat began or ceased to lead.
  private long reign;

  private long proposer;
  private long proposed;
  private boolean underWay;
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private final Map<Long, Waiting> appended = new LinkedHashMap<>();
  private final Map<Integer, Listener> listeners = new LinkedHashMap<>();
  private final LockLine line = new LockLine();

  private static final class Waiting {
    final Proposal proposal;
    final Consumer<Answer> told;
    @Nullable Result result;

    Waiting(Proposal proposal, Consumer<Answer> told) {
      this.proposal = proposal;
      this.told = told;
    }
  }

  private record Listener(SessionStream stream, Watch watch) {}

  /// @param inquiry finds out who is dead
  SeatHost(
      SimulatedMachine machine,
      Wires wires,
      Leases leases,
      long incarnation,
      Alteration alteration,
      Inquiry inquiry) {
    this.machine = machine;
    this.wires = wires;
    this.leases = leases;
    this.incarnation = incarnation;
    this.alteration = alteration;
    this.inquiry = inquiry;
    this.directory = new Directory(incarnation);
  }

  /// Begins a life of the machine.
  void start(SeatLog withLog) {
    log = withLog;
    tracker = null;
    reign++;
    proposer = ((long) machine.number << 32) + machine.life();
    underWay = false;
    waiting.clear();
    appended.clear();
    listeners.clear();
    line.forget();
    withLog.start();
    tick();
  }

  boolean isLeading() {
    return tracker != null;
  }

  Directory directory() {
    return directory;
  }

  @Override
  public void apply(byte[] bytes) {
    LogEntry entry = CommandCodec.decodeEntry(bytes);
    long number = entry.first();
    for (Command command : entry.commands()) {
      Result result = directory.apply(alteration.commands().apply(command), entry.at());
      applied(entry.proposer() == proposer ? appended.get(number) : null, command, result);
      number++;
    }
    listeners.values().forEach(this::tell);
  }

  private void applied(@Nullable Waiting ours, Command command, Result result) {
    Tracker now = tracker;
    if (ours != null) {
      ours.result = result;
    }
    if (now == null) {
      return;
    }
    Proposal proposal = ours == null ? Proposal.of(command) : ours.proposal;
    List<Verdict> verdicts = now.committed(proposal, result, machine.now());
    Listener listener = listeners.get(proposal.session());
    if (listener != null && !verdicts.isEmpty()) {
      listener.stream.down(member -> member.judged(verdicts));
    }
  }

  @Override
  public byte[] save() {
    try (ByteArrayOutputStream bytes = new ByteArrayOutputStream()) {
      List<Saved> items = new ArrayList<>();
      directory.saved().forEachRemaining(items::add);
      SavedCodec.write(items.stream().filter(alteration.saved()).iterator(), bytes);
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void load(byte[] saved) {
    directory =
        saved.length == 0
            ? new Directory(incarnation)
            : Directory.restored(SavedCodec.read(new ByteArrayInputStream(saved)));
  }

  @Override
  public void leads() {
    reign++;
    listeners.clear();
    boolean returning = !directory.members().isEmpty();
    tracker = new Tracker(directory, leases, machine.now(), returning);
  }

  @Override
  public void follows() {
    reign++;
    tracker = null;
    listeners.values().forEach(listener -> listener.stream.down(PartyMember::ended));
    listeners.clear();
    line.dissolve(leader());
  }

  private int leader() {
    SeatLog now = log;
    return now == null ? -1 : now.leader();
  }

  private void tick() {
    Tracker now = tracker;
    if (now != null) {
      Ticked ticked = now.tick(machine.now());
      for (int session : ticked.ended()) {
        Listener listener = listeners.remove(session);
        if (listener != null) {
          listener.stream.down(PartyMember::ended);
        }
      }
      ticked.proposal().ifPresent(proposal -> propose(proposal, _ -> {}));
      inquiry.review(
          machine,
          now.members(machine.now()),
          dead -> propose(Proposal.of(new Command.DeclareDead(dead)), _ -> {}));
      serveLine();
    } else {
      inquiry.forget();
    }
    machine.after(TICK, this::tick);
  }

  private void serveLine() {
    Tracker now = tracker;
    if (now != null) {
      line.serve(now, machine.now(), (command, told) -> propose(Proposal.of(command), told));
    }
  }

  /// Takes a member's question.
  void ask(PartyMember member, Question question, Consumer<Answer> reply) {
    Tracker now = tracker;
    if (now == null) {
      reply.accept(new Answer.NotLeading(leader()));
      return;
    }
    switch (question) {
      case Question.Change(Command command) -> propose(Proposal.of(command), reply);
      case Question.TakeLock(var name, Duration patience) -> {
        line.join(member.machine.id, name, machine.now().plus(patience), reply);
        serveLine();
      }
      case Question.OwnLocks _ ->
          reply.accept(new Answer.Locks(directory.locks(member.machine.id)));
      case Question.Look look -> reply.accept(look(now, look));
      case Question.Members _ -> reply.accept(new Answer.Roster(now.members(machine.now())));
      case Question.Begin begin ->
          now.enlisting(member.machine.id, begin.hello())
              .ifPresentOrElse(
                  enlisting -> propose(enlisting, answer -> enlisted(member, begin, answer, reply)),
                  () -> begin(member, begin, reply));
    }
  }

  private Answer look(Tracker now, Question.Look look) {
    try {
      return new Answer.Looked(now.history(look.name(), machine.now()));
    } catch (NoSuchNameException _) {
      return new Answer.Looked(List.of());
    } catch (UnavailableException _) {
      return new Answer.Away();
    }
  }

  private void enlisted(
      PartyMember member, Question.Begin question, Answer answer, Consumer<Answer> reply) {
    if (answer instanceof Answer.Decided) {
      begin(member, question, reply);
    } else {
      reply.accept(answer);
    }
  }

  private void begin(PartyMember member, Question.Begin question, Consumer<Answer> reply) {
    Tracker now = tracker;
    if (now == null) {
      reply.accept(new Answer.NotLeading(leader()));
      return;
    }
    try {
      PeerId peer = member.machine.id;
      Hello hello = alteration.hellos().apply(question.hello());
      Started started = now.begin(peer, hello, machine.now());
      SessionStream stream = new SessionStream(started.session(), reign, wires, member, this);
      Watch watch = directory.watch(question.incarnation(), question.revision());
      Listener listener = new Listener(stream, watch);
      listeners.put(started.session(), listener);
      reply.accept(new Answer.Begun(stream, started.welcome()));
      tell(listener);
      serveLine();
    } catch (DeniedException _) {
      reply.accept(new Answer.Away());
    }
  }

  private void tell(Listener listener) {
    Iterator<Changes> news = news(listener.watch);
    while (news.hasNext()) {
      Changes changes = news.next();
      listener.stream.down(member -> member.learn(changes));
    }
  }

  private static Iterator<Changes> news(Watch watch) {
    List<Changes> all = new ArrayList<>();
    for (Optional<Changes> next = watch.next(WATCH_PART);
        next.isPresent();
        next = watch.next(WATCH_PART)) {
      all.add(next.get());
    }
    return all.iterator();
  }

  /// What a member announces in a session.
  void announce(SessionStream stream, Announcement announcement) {
    Tracker now = tracker;
    if (now == null || stream.reign != reign) {
      return;
    }
    stream.announced = announcement.sequence();
    Announced announced = now.announce(stream.session, announcement, machine.now());
    if (!announced.verdicts().isEmpty()) {
      stream.down(member -> member.judged(announced.verdicts()));
    }
    announced
        .proposal()
        .ifPresent(
            proposal ->
                propose(
                    proposal,
                    answer -> {
                      Tracker later = tracker;
                      if (!(answer instanceof Answer.Decided) && later != null) {
                        later.abandoned(proposal);
                      }
                    }));
  }

  void heartbeat(SessionStream stream, FactDigest digest) {
    Tracker now = tracker;
    if (now == null || stream.reign != reign) {
      return;
    }
    Pulse pulse = now.heartbeat(stream.session, Load.NONE, digest, machine.now());
    long announced = stream.announced;
    stream.down(
        member -> {
          switch (pulse) {
            case FINE -> member.judgedUpTo(announced);
            case SEND_ALL -> member.announceAll();
            case ENDED -> member.ended();
          }
        });
  }

  private void propose(Proposal proposal, Consumer<Answer> told) {
    waiting.add(new Waiting(proposal, told));
    append();
  }

  /// One entry at a time; what waits meanwhile shares the next.
  private void append() {
    SeatLog open = log;
    if (underWay || waiting.isEmpty() || open == null) {
      return;
    }
    underWay = true;
    long first = proposed;
    List<Command> commands = new ArrayList<>();
    List<Waiting> batch = new ArrayList<>();
    while (!waiting.isEmpty() && batch.size() < COMMANDS_PER_ENTRY) {
      Waiting one = waiting.remove();
      batch.add(one);
      commands.add(one.proposal.command());
      appended.put(proposed++, one);
    }
    byte[] entry =
        CommandCodec.encode(new LogEntry(proposer, first, machine.wallClock(), commands));
    open.append(entry, fate -> answered(first, batch, fate));
  }

  private void answered(long first, List<Waiting> batch, Fate fate) {
    for (int i = 0; i < batch.size(); i++) {
      appended.remove(first + i);
    }
    underWay = false;
    for (Waiting one : batch) {
      one.told.accept(answer(one, fate));
    }
    serveLine();
    append();
  }

  private Answer answer(Waiting one, Fate fate) {
    Result result = one.result;
    return switch (fate) {
      case APPLIED -> result == null ? new Answer.Unknown() : new Answer.Decided(result);
      case REJECTED -> new Answer.NotLeading(leader());
      case UNCERTAIN -> new Answer.Unknown();
    };
  }
}
