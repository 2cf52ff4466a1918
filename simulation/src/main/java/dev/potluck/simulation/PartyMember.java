package dev.potluck.simulation;

import dev.potluck.content.Name;
import dev.potluck.content.Version;
import dev.potluck.directory.Announcement;
import dev.potluck.directory.Changes;
import dev.potluck.directory.Contact;
import dev.potluck.directory.Endpoint;
import dev.potluck.directory.Entry;
import dev.potluck.directory.Fact;
import dev.potluck.directory.FactDigest;
import dev.potluck.directory.Hello;
import dev.potluck.directory.Reason;
import dev.potluck.directory.Verdict;
import dev.potluck.simulation.Action.Edit;
import dev.potluck.simulation.Outcome.Committed;
import dev.potluck.simulation.Recorder.Asked;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What a peer does as far as the directory is concerned: it has files, some of them edited, and a
/// copy of the names, announces what it has, obeys the verdicts, and follows the watch. Files and
/// names survive a crash, sessions do not.
final class PartyMember {
  private static final Endpoint SOMEWHERE = new Endpoint("10.0.0.1", 7420);
  private static final Duration CONNECTING = Duration.ofSeconds(5);
  private static final Duration PAUSE = Duration.ofMillis(300);

  /// How often somebody fetches what it does not have.
  private static final double CURIOUS = 0.3;

  final SimulatedMachine machine;
  private final SimulatedParty party;
  private final Caller caller;
  private final Client client;

  // On disk.
  private final Map<Name, LocalFile> files = new TreeMap<>();
  private final Map<Name, Entry> known = new TreeMap<>();
  private final Map<Name, OpenEdit> edits = new TreeMap<>();
  private long knownIncarnation;
  private long revision;
  private Contact contact = Contact.NONE;

  /// What the disk was some time ago, without edits.
  private @Nullable Backup backup;

  // In memory.
  private @Nullable SessionStream stream;
  private boolean connecting;
  private Instant heardAt = Instant.MIN;
  private final Map<Name, Fact.Holds> told = new TreeMap<>();
  private final List<Entry> incoming = new ArrayList<>();
  private long incarnation;
  private long toldIncarnation;
  private long sequence;

  /// The last announcement of all there is, in this session.
  private long allAnnounced;

  /// What lies under a name: this, which is or was made from that version.
  private record LocalFile(long base, Version version, boolean edited) {}

  private record Backup(
      Map<Name, LocalFile> files,
      Map<Name, Entry> known,
      long incarnation,
      long revision,
      Contact contact) {}

  /// An edit that waits for the verdict.
  private static final class OpenEdit {
    final Asked asked;

    /// Whether an earlier announcement may have been heard: then a refusal says nothing of it.
    boolean repeated;

    boolean announced;

    OpenEdit(Asked asked) {
      this.asked = asked;
    }
  }

  PartyMember(SimulatedMachine machine, SimulatedParty party) {
    this.machine = machine;
    this.party = party;
    this.caller = new Caller(this, party.wires, party.seats);
    this.client = new Client(this, party);
  }

  Caller caller() {
    return caller;
  }

  Client client() {
    return client;
  }

  /// Begins a life of the machine, with what is on disk.
  void start() {
    stream = null;
    connecting = false;
    told.clear();
    incoming.clear();
    toldIncarnation = 0;
    connect();
    client.start();
  }

  /// Puts the disk aside, as a backup does.
  void backUp() {
    Map<Name, LocalFile> settled = new TreeMap<>(files);
    settled.values().removeIf(LocalFile::edited);
    backup = new Backup(settled, new TreeMap<>(known), knownIncarnation, revision, contact);
  }

  /// Puts back what the disk was.
  void restoreBackup() {
    Backup old = backup;
    if (old != null) {
      files.clear();
      files.putAll(old.files);
      known.clear();
      known.putAll(old.known);
      knownIncarnation = old.incarnation;
      revision = old.revision;
      contact = old.contact;
      edits.clear();
    }
  }

  boolean isConnected() {
    return stream != null;
  }

  /// The names as this machine knows them.
  Map<Name, Entry> known() {
    return known;
  }

  boolean isEdited(Name name) {
    return edits.containsKey(name);
  }

  private boolean has(Entry entry) {
    LocalFile file = files.get(entry.name());
    return file != null && file.version().sameContent(entry.version());
  }

  private void connect() {
    if (connecting || stream != null) {
      return;
    }
    connecting = true;
    Hello hello = new Hello(machine.name, SOMEWHERE, SOMEWHERE, contact);
    caller.ask(
        new Question.Begin(hello, knownIncarnation, revision),
        CONNECTING,
        answer -> {
          connecting = false;
          if (answer instanceof Answer.Begun begun) {
            opened(begun);
          } else {
            machine.after(PAUSE, this::connect);
          }
        });
  }

  private void opened(Answer.Begun begun) {
    SessionStream opened = begun.stream();
    stream = opened;
    heardAt = machine.now();
    sequence = 0;
    allAnnounced = 0;
    incoming.clear();
    incarnation = begun.welcome().incarnation();
    if (contact.incarnation() != incarnation
        && files.values().stream().allMatch(LocalFile::edited)) {
      contact = new Contact(incarnation, 0);
    }
    FactDigest held = begun.welcome().held();
    if (incarnation != toldIncarnation || held.count() == 0 || !held.equals(digest())) {
      announceAll();
    } else {
      edits.keySet().forEach(this::announceEdit);
    }
    beat(opened);
    client.compareLocks();
  }

  private void beat(SessionStream open) {
    machine.after(
        party.leases.refresh(),
        () -> {
          if (open != stream) {
            return;
          }
          if (machine.now().isAfter(heardAt.plus(party.leases.lease()))) {
            ended();
            return;
          }
          FactDigest digest = digest();
          open.up(seat -> seat.heartbeat(open, digest));
          beat(open);
        });
  }

  /// Something comes from the seat.
  void hears(SessionStream from, Consumer<PartyMember> message) {
    if (from == stream) {
      heardAt = machine.now();
      message.accept(this);
    }
  }

  /// The directory has judged all that was announced up to this.
  void judgedUpTo(long announced) {
    if (announced >= allAnnounced && knownIncarnation == incarnation) {
      contact = new Contact(incarnation, revision);
    }
  }

  /// The session is over.
  void ended() {
    stream = null;
    machine.after(PAUSE, this::connect);
  }

  private FactDigest digest() {
    FactDigest digest = FactDigest.EMPTY;
    for (Fact.Holds held : told.values()) {
      digest = digest.with(held);
    }
    return digest;
  }

  void announceAll() {
    List<Fact> facts = new ArrayList<>();
    if (incarnation != toldIncarnation) {
      for (Entry entry : known.values()) {
        LocalFile file = files.get(entry.name());
        boolean newer = file != null && file.base() < entry.version().number();
        if (entry.deleted() || newer) {
          facts.add(new Fact.Known(entry));
        }
      }
    }
    told.clear();
    files.forEach(
        (name, file) -> {
          if (file.edited()) {
            facts.add(edited(name, file));
          } else {
            facts.add(held(name, file.version()));
          }
        });
    toldIncarnation = incarnation;
    say(facts, true);
    allAnnounced = sequence;
  }

  private Fact.Holds held(Name name, Version version) {
    Fact.Holds fact = new Fact.Holds(name, version, Reason.KEPT, true);
    told.put(name, fact);
    return fact;
  }

  private Fact.Edited edited(Name name, LocalFile file) {
    OpenEdit open = edits.get(name);
    if (open != null) {
      open.repeated |= open.announced;
      open.announced = true;
    }
    boolean again = open != null && open.repeated;
    return new Fact.Edited(name, file.base(), file.version(), Reason.KEPT).said(again);
  }

  private void announceEdit(Name name) {
    LocalFile file = files.get(name);
    if (file != null && file.edited() && stream != null) {
      say(List.of(edited(name, file)), false);
    }
  }

  private void say(List<Fact> facts, boolean all) {
    SessionStream open = stream;
    if (open != null) {
      Announcement announcement = new Announcement(++sequence, all, all, facts);
      open.up(seat -> seat.announce(open, announcement));
    }
  }

  private void giveUp(Name name) {
    Fact.Holds held = told.remove(name);
    if (held != null) {
      say(List.of(new Fact.GaveUp(name, held.version().number(), false)), false);
    }
  }

  /// The user changes a file of the share, or makes it, behind the party's back.
  void edit(Name name, Version content) {
    Entry entry = known.get(name);
    long base = entry == null ? 0 : entry.version().number();
    put(name, base, content);
  }

  private void put(Name name, long base, Version content) {
    Edit edit = new Edit(name.value(), base, SimulatedParty.label(content), Action.NO_TOKEN);
    files.put(name, new LocalFile(base, content, true));
    edits.put(name, new OpenEdit(party.asks(machine, new Action.Commit(edit))));
    announceEdit(name);
  }

  /// What the directory says of announced files.
  void judged(List<Verdict> verdicts) {
    verdicts.forEach(this::judged);
  }

  private void judged(Verdict verdict) {
    LocalFile file = files.get(verdict.name());
    switch (verdict) {
      case Verdict.Current(Name name, Version version) -> {
        if (file != null && file.version().sameContent(version)) {
          answered(name, new Committed(List.of(version.number())));
          files.put(name, new LocalFile(version.number(), version, false));
          held(name, version);
        }
      }
      case Verdict.Stale(_, Entry current) -> learn(current);
      case Verdict.Buried(_, Entry tombstone) -> learn(tombstone);
      case Verdict.Forgotten(Name name) -> {
        told.remove(name);
        if (file != null && !file.edited()) {
          files.remove(name);
        }
      }
      case Verdict.Conflict(Name name, _, Name keepAs) -> {
        answered(name, new Outcome.Refused(Outcome.Reason.OTHER));
        if (file != null) {
          files.remove(name);
          giveUp(name);
          put(keepAs, 0, file.version());
        }
      }
      case Verdict.Rejected(Name name, _) -> {
        answered(name, new Outcome.Refused(Outcome.Reason.OTHER));
        if (file != null && file.edited()) {
          files.remove(name);
        }
      }
    }
  }

  private void answered(Name name, Outcome outcome) {
    OpenEdit open = edits.remove(name);
    if (open != null && !(open.repeated && outcome instanceof Outcome.Refused)) {
      party.answered(open.asked, outcome);
    }
  }

  /// What the watch brings.
  void learn(Changes changes) {
    incoming.addAll(changes.entries());
    if (!changes.last()) {
      return;
    }
    if (changes.snapshot()) {
      known.clear();
    }
    revision = changes.revision();
    knownIncarnation = incarnation;
    List<Entry> all = List.copyOf(incoming);
    incoming.clear();
    all.forEach(this::learn);
  }

  private void learn(Entry entry) {
    Entry before = known.get(entry.name());
    if (before != null && before.version().number() > entry.version().number()) {
      return;
    }
    known.put(entry.name(), entry);
    LocalFile file = files.get(entry.name());
    if (file == null ? party.random.nextDouble() >= CURIOUS : file.edited()) {
      return;
    }
    if (entry.deleted() && file != null && file.base() < entry.version().number()) {
      files.remove(entry.name());
      giveUp(entry.name());
    } else if (!entry.deleted() && !has(entry)) {
      machine.after(party.fetchTakes(), () -> fetched(entry));
    }
  }

  private void fetched(Entry entry) {
    LocalFile file = files.get(entry.name());
    boolean current = entry.equals(known.get(entry.name()));
    boolean free = file == null || (!file.edited() && file.base() < entry.version().number());
    Optional<PartyMember> holder = party.holder(machine, other -> other.has(entry));
    if (current && free && holder.isPresent()) {
      files.put(entry.name(), new LocalFile(entry.version().number(), entry.version(), false));
      say(List.of(held(entry.name(), entry.version())), false);
    }
  }
}
