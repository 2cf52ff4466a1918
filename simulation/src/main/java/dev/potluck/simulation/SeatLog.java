package dev.potluck.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;

/// A model of the ordered log that seats keep together: Raft (Ongaro and Ousterhout, 2014) with
/// snapshots and fixed seats. An entry counts when most seats have it on disk; whoever was deposed
/// says late, if at all, that it does not know what became of its entries.
final class SeatLog {
  private static final Duration TICK = Duration.ofMillis(100);
  private static final Duration BEAT = Duration.ofMillis(300);
  private static final long ELECTION_MS_MIN = 1_000;
  private static final long ELECTION_MS_MAX = 2_000;

  /// A leader that has not heard of most seats for so long leads no more.
  private static final Duration SILENCE = Duration.ofSeconds(2);

  private static final long LATE_MS_MAX = 3_000;
  private static final int ENTRIES_PER_MESSAGE = 16;
  private static final int NOBODY = -1;

  private final int self;
  private final SimulatedMachine machine;
  private final SplittableRandom random;
  private final Wires wires;
  private final List<SeatLog> seats;
  private final State state;
  private final int snapshotAfter;

  /// What is on disk.
  private Image image = new Image(0, NOBODY, Snapshot.NONE, List.of());

  /// Writes under way.
  private int writing;

  private long term;
  private int votedFor = NOBODY;
  private Snapshot snapshot = Snapshot.NONE;
  private final List<Entry> entries = new ArrayList<>();

  private Role role = Role.FOLLOWER;
  private int leader = NOBODY;
  private long committed;
  private long applied;
  private Instant electionAt = Instant.MIN;
  private Instant beatAt = Instant.MIN;
  private boolean[] votes = new boolean[0];
  private long[] following = new long[0];
  private long[] onDisk = new long[0];
  private Instant[] heard = new Instant[0];
  private final TreeMap<Long, Consumer<Fate>> awaited = new TreeMap<>();

  private enum Role {
    FOLLOWER,
    CANDIDATE,
    LEADER
  }

  /// What becomes of an entry, as the one who appended it learns.
  enum Fate {
    APPLIED,
    /// It is in no log.
    REJECTED,
    UNCERTAIN
  }

  /// What the entries are applied to.
  interface State {
    void apply(byte[] entry);

    byte[] save();

    /// Becomes what was saved; with no bytes, what is there before the first entry.
    void load(byte[] saved);

    /// This seat leads, and has applied all that was agreed before.
    void leads();

    /// It does not lead.
    void follows();
  }

  @SuppressWarnings("ArrayRecordComponent") // entries are never compared
  private record Entry(long term, byte[] bytes) {
    /// What a leader begins with.
    static final byte[] FIRST = {};
  }

  @SuppressWarnings("ArrayRecordComponent")
  private record Snapshot(long index, long term, byte[] saved) {
    static final Snapshot NONE = new Snapshot(0, 0, new byte[0]);
  }

  private record Image(long term, int votedFor, Snapshot snapshot, List<Entry> entries) {}

  /// @param seats all of them, this one at the place `self` once all are made
  SeatLog(
      int self,
      SimulatedMachine machine,
      SplittableRandom random,
      Wires wires,
      List<SeatLog> seats,
      State state,
      int snapshotAfter) {
    this.self = self;
    this.machine = machine;
    this.random = random;
    this.wires = wires;
    this.seats = seats;
    this.state = state;
    this.snapshotAfter = snapshotAfter;
  }

  /// Begins anew with what is on disk.
  void start() {
    term = image.term;
    votedFor = image.votedFor;
    snapshot = image.snapshot;
    entries.clear();
    entries.addAll(image.entries);
    role = Role.FOLLOWER;
    leader = NOBODY;
    committed = snapshot.index;
    applied = snapshot.index;
    awaited.clear();
    writing = 0;
    state.load(snapshot.saved);
    waitForLeader();
    tick();
  }

  /// The place of the seat that leads, as far as this one knows; below 0 if it does not.
  int leader() {
    return leader;
  }

  long applied() {
    return applied;
  }

  /// Appends an entry.
  void append(byte[] bytes, Consumer<Fate> told) {
    if (role != Role.LEADER) {
      told.accept(Fate.REJECTED);
      return;
    }
    awaited.put(last() + 1, told);
    add(bytes);
  }

  private void add(byte[] bytes) {
    entries.add(new Entry(term, bytes));
    long index = last();
    long inTerm = term;
    persist(
        () -> {
          if (role == Role.LEADER && term == inTerm) {
            onDisk[self] = Math.max(onDisk[self], index);
            commit();
          }
        });
    replicate();
  }

  private void tick() {
    if (role == Role.LEADER) {
      lead();
    } else if (machine.now().isAfter(electionAt)) {
      stand();
    }
    machine.after(TICK, this::tick);
  }

  private void lead() {
    Instant limit = machine.now().minus(SILENCE);
    int near = 1;
    for (int seat = 0; seat < heard.length; seat++) {
      near += seat != self && heard[seat].isAfter(limit) ? 1 : 0;
    }
    if (!isMost(near)) {
      stepDown(term, NOBODY);
    } else if (!machine.now().isBefore(beatAt)) {
      replicate();
    }
  }

  private void stand() {
    role = Role.CANDIDATE;
    leader = NOBODY;
    term++;
    votedFor = self;
    votes = new boolean[seats.size()];
    waitForLeader();
    long inTerm = term;
    persist(
        () -> {
          if (role == Role.CANDIDATE && term == inTerm) {
            voted(self);
            toOthers(seat -> seat.asked(self, inTerm, last(), termAt(last())));
          }
        });
  }

  private void asked(int candidate, long ofTerm, long itsLast, long itsLastTerm) {
    if (ofTerm > term) {
      stepDown(ofTerm, NOBODY);
    }
    long lastTerm = termAt(last());
    boolean newer = itsLastTerm > lastTerm || (itsLastTerm == lastTerm && itsLast >= last());
    boolean granted = ofTerm == term && newer && (votedFor == NOBODY || votedFor == candidate);
    if (granted) {
      votedFor = candidate;
      waitForLeader();
      persist(() -> to(candidate, seat -> seat.answered(self, ofTerm)));
    }
  }

  private void answered(int voter, long inTerm) {
    if (role == Role.CANDIDATE && term == inTerm) {
      voted(voter);
    }
  }

  private void voted(int voter) {
    votes[voter] = true;
    int count = 0;
    for (boolean vote : votes) {
      count += vote ? 1 : 0;
    }
    if (isMost(count)) {
      role = Role.LEADER;
      leader = self;
      following = new long[seats.size()];
      Arrays.fill(following, last() + 1);
      onDisk = new long[seats.size()];
      heard = new Instant[seats.size()];
      Arrays.fill(heard, machine.now());
      awaited.put(
          last() + 1,
          fate -> {
            if (fate == Fate.APPLIED) {
              state.leads();
            }
          });
      add(Entry.FIRST);
    }
  }

  private void replicate() {
    beatAt = machine.now().plus(BEAT);
    for (int seat = 0; seat < seats.size(); seat++) {
      if (seat != self) {
        replicate(seat);
      }
    }
  }

  private void replicate(int seat) {
    long inTerm = term;
    long before = following[seat] - 1;
    if (before < snapshot.index) {
      Snapshot sent = snapshot;
      to(seat, other -> other.installed(self, inTerm, sent));
      return;
    }
    int from = (int) (before - snapshot.index);
    int until = Math.min(entries.size(), from + ENTRIES_PER_MESSAGE);
    List<Entry> sent = List.copyOf(entries.subList(from, until));
    long beforeTerm = termAt(before);
    long agreed = committed;
    to(seat, other -> other.appended(self, inTerm, before, beforeTerm, sent, agreed));
  }

  private void appended(
      int from, long inTerm, long before, long beforeTerm, List<Entry> sent, long agreed) {
    if (!follow(from, inTerm)) {
      return;
    }
    boolean known = before < snapshot.index || (before <= last() && termAt(before) == beforeTerm);
    if (!known) {
      long mine = Math.min(last(), before - 1);
      to(from, seat -> seat.acknowledged(self, inTerm, mine, false));
      return;
    }
    boolean changed = false;
    for (int i = 0; i < sent.size(); i++) {
      changed |= take(before + 1 + i, sent.get(i));
    }
    long upTo = before + sent.size();
    committed = Math.max(committed, Math.min(agreed, upTo));
    applyCommitted();
    Runnable answer = () -> to(from, seat -> seat.acknowledged(self, inTerm, upTo, true));
    if (changed) {
      persist(answer);
    } else if (writing == 0) {
      answer.run();
    } else {
      machine.write(() -> {}, answer); // What it says must be on disk: behind what is written now.
    }
  }

  private boolean take(long index, Entry entry) {
    if (index <= snapshot.index || (index <= last() && termAt(index) == entry.term)) {
      return false;
    }
    int at = (int) (index - snapshot.index - 1);
    entries.subList(at, entries.size()).clear();
    entries.add(entry);
    return true;
  }

  private void installed(int from, long inTerm, Snapshot sent) {
    if (!follow(from, inTerm)) {
      return;
    }
    if (sent.index > committed) {
      snapshot = sent;
      entries.clear();
      committed = sent.index;
      applied = sent.index;
      state.load(sent.saved);
    }
    persist(() -> to(from, seat -> seat.acknowledged(self, inTerm, sent.index, true)));
  }

  /// @return false if that is a leader of the past
  private boolean follow(int other, long inTerm) {
    if (inTerm < term) {
      long now = term;
      to(other, seat -> seat.outdated(now));
      return false;
    }
    if (inTerm > term || role != Role.FOLLOWER || leader != other) {
      stepDown(inTerm, other);
    }
    waitForLeader();
    return true;
  }

  private void outdated(long newerTerm) {
    if (newerTerm > term) {
      stepDown(newerTerm, NOBODY);
    }
  }

  private void acknowledged(int seat, long inTerm, long upTo, boolean agrees) {
    if (role != Role.LEADER || term != inTerm) {
      return;
    }
    heard[seat] = machine.now();
    if (!agrees) {
      following[seat] = Math.max(1, Math.min(following[seat] - 1, upTo + 1));
      replicate(seat);
      return;
    }
    onDisk[seat] = Math.max(onDisk[seat], upTo);
    following[seat] = Math.max(following[seat], upTo + 1);
    commit();
    if (following[seat] <= last()) {
      replicate(seat);
    }
  }

  /// What most have on disk is agreed, if it is of this leader's term.
  private void commit() {
    long[] sorted = onDisk.clone();
    Arrays.sort(sorted);
    long most = sorted[(sorted.length - 1) / 2];
    if (most > committed && termAt(most) == term) {
      committed = most;
      applyCommitted();
    }
  }

  private void applyCommitted() {
    while (applied < Math.min(committed, last())) {
      Entry entry = entries.get((int) (++applied - snapshot.index - 1));
      if (entry.bytes.length > 0) {
        state.apply(entry.bytes);
      }
      Consumer<Fate> told = awaited.remove(applied);
      if (told != null) {
        told.accept(Fate.APPLIED);
      }
    }
    if (applied - snapshot.index >= snapshotAfter) {
      takeSnapshot();
    }
  }

  private void takeSnapshot() {
    long termOfLast = termAt(applied);
    entries.subList(0, (int) (applied - snapshot.index)).clear();
    snapshot = new Snapshot(applied, termOfLast, state.save());
    persist(() -> {});
  }

  private void stepDown(long newTerm, int newLeader) {
    boolean led = role == Role.LEADER;
    role = Role.FOLLOWER;
    leader = newLeader;
    if (newTerm > term) {
      term = newTerm;
      votedFor = NOBODY;
      persist(() -> {});
    }
    waitForLeader();
    if (led) {
      state.follows();
      List<Consumer<Fate>> unknown = List.copyOf(awaited.values());
      awaited.clear();
      machine.after(
          Duration.ofMillis(random.nextLong(LATE_MS_MAX)),
          () -> unknown.forEach(told -> told.accept(Fate.UNCERTAIN)));
    }
  }

  private void waitForLeader() {
    electionAt = machine.now().plusMillis(random.nextLong(ELECTION_MS_MIN, ELECTION_MS_MAX));
  }

  private void persist(Runnable then) {
    Image now = new Image(term, votedFor, snapshot, List.copyOf(entries));
    writing++;
    machine.write(
        () -> {
          image = now;
          writing--;
        },
        then);
  }

  private boolean isMost(int count) {
    return 2 * count > seats.size();
  }

  private long last() {
    return snapshot.index + entries.size();
  }

  private long termAt(long index) {
    return index == snapshot.index
        ? snapshot.term
        : entries.get((int) (index - snapshot.index - 1)).term;
  }

  private void toOthers(Consumer<SeatLog> message) {
    for (int seat = 0; seat < seats.size(); seat++) {
      if (seat != self) {
        to(seat, message);
      }
    }
  }

  private void to(int seat, Consumer<SeatLog> message) {
    SeatLog other = seats.get(seat);
    wires.send(machine, other.machine, () -> message.accept(other));
  }
}
