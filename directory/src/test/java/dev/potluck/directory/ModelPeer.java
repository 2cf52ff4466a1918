package dev.potluck.directory;

import dev.potluck.content.Name;
import dev.potluck.content.Version;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What a peer does, as far as the directory is concerned: it has files, some of them edited, and a
/// durable watch copy, announces both, and obeys the verdicts.
final class ModelPeer {
  /// What lies in the share under a name: this content, which is or was made from this version.
  record File(long number, Version version, boolean edited) {}

  final PeerId id;
  final Map<Name, File> files = new TreeMap<>();
  final Map<Name, Entry> known = new TreeMap<>();
  private final ModelParty party;
  private final Map<Name, Fact.Holds> facts = new HashMap<>();
  private @Nullable Watch watch;
  private boolean online;
  private long announcedTo;

  ModelPeer(PeerId id, ModelParty party) {
    this.id = id;
    this.party = party;
  }

  boolean isOnline() {
    return online;
  }

  void goOffline() {
    online = false;
    watch = null;
  }

  void goOnline() {
    online = true;
    Started started = party.seat.hello(id);
    watch = party.seat.tracker.directory().watch(0, 0);
    boolean toldAll = started.welcome().incarnation() == announcedTo;
    if (!toldAll || !started.welcome().held().equals(digest())) {
      announceInFull();
    }
    announceEdits();
  }

  /// The user writes a file.
  void edit(Name name, Version content) {
    File old = files.get(name);
    if (old != null) {
      party.overwritten.add(old.version().content());
    }
    files.put(name, new File(old == null ? 0 : old.number(), content, true));
  }

  /// The user deletes a name, everywhere.
  void delete(Name name) {
    party.seat.tracker.directory().entry(name).ifPresent(party::deleting);
    Result result = party.seat.commit(new Command.Delete(id, List.of(name)));
    File mine = files.remove(name);
    if (mine != null) {
      party.overwritten.add(mine.version().content());
      giveUp(name);
    }
    result.changes().entries().forEach(this::learn);
  }

  /// Applies what the watch stream has, and announces what follows from it.
  void follow() {
    Watch stream = watch;
    if (!online || stream == null) {
      return;
    }
    for (Optional<Changes> next = stream.next(3); next.isPresent(); next = stream.next(3)) {
      next.get().entries().forEach(this::learn);
    }
    announceEdits();
  }

  void announceEdits() {
    List<Fact> edits = new ArrayList<>();
    files.forEach(
        (name, file) -> {
          if (file.edited()) {
            edits.add(new Fact.Edited(name, file.number(), file.version(), Reason.KEPT));
          }
        });
    announce(edits, false);
  }

  FactDigest digest() {
    FactDigest digest = FactDigest.EMPTY;
    for (Fact.Holds held : facts.values()) {
      digest = digest.with(held);
    }
    return digest;
  }

  void announceInFull() {
    List<Fact> all = new ArrayList<>();
    for (Entry entry : known.values()) {
      File file = files.get(entry.name());
      boolean newer = file != null && file.number() < entry.version().number();
      if (entry.deleted() || newer) {
        all.add(new Fact.Known(entry));
      }
    }
    facts.clear();
    files.forEach(
        (name, file) -> {
          if (!file.edited()) {
            hold(name, file.version());
            all.add(new Fact.Holds(name, file.version(), Reason.KEPT, true));
          }
        });
    announcedTo = party.seat.tracker.directory().incarnation();
    announce(all, true);
  }

  private void announce(List<Fact> list, boolean full) {
    if (list.isEmpty() && !full) {
      return;
    }
    Fact[] array = list.toArray(Fact[]::new);
    List<Verdict> verdicts =
        full ? party.seat.announceInFull(id, array) : party.seat.announce(id, array);
    Set<Name> edited = new HashSet<>();
    list.stream().filter(Fact.Edited.class::isInstance).forEach(f -> edited.add(f.name()));
    for (Verdict verdict : verdicts) {
      obey(verdict);
      edited.remove(verdict.name());
    }
    if (!edited.isEmpty()) {
      throw new AssertionError("edits without a verdict: " + edited);
    }
  }

  private void obey(Verdict verdict) {
    switch (verdict) {
      case Verdict.Current(Name name, Version version) -> {
        files.put(name, new File(version.number(), version, false));
        hold(name, version);
        party.acknowledged(name, version);
      }
      case Verdict.Stale(_, Entry current) -> learn(current);
      case Verdict.Buried(_, Entry tombstone) -> learn(tombstone);
      case Verdict.Conflict(Name name, _, Name keepAs) -> moveAside(name, keepAs);
      case Verdict.Rejected rejected -> throw new AssertionError(rejected);
      case Verdict.Forgotten forgotten -> throw new AssertionError(forgotten);
    }
  }

  private void moveAside(Name name, Name keepAs) {
    File file = files.remove(name);
    if (file == null) {
      throw new AssertionError("a conflict about nothing: " + name);
    }
    giveUp(name);
    Name free = keepAs;
    for (int i = 0; files.containsKey(free); i++) {
      free = Name.of(keepAs.value() + "_" + i);
    }
    files.put(free, new File(0, file.version(), true));
    announce(List.of(new Fact.Edited(free, 0, file.version(), Reason.KEPT)), false);
  }

  /// What the directory says, from a verdict or from the watch: never older than what is known.
  private void learn(Entry entry) {
    Entry before = known.get(entry.name());
    if (before != null && before.version().number() > entry.version().number()) {
      return;
    }
    known.put(entry.name(), entry);
    File file = files.get(entry.name());
    if (file == null || file.edited() || file.number() >= entry.version().number()) {
      return;
    }
    party.superseded.add(file.version().content());
    if (entry.deleted()) {
      files.remove(entry.name());
      giveUp(entry.name());
    } else if (party.canBeFetched(entry)) {
      files.put(entry.name(), new File(entry.version().number(), entry.version(), false));
      hold(entry.name(), entry.version());
      announce(List.of(facts.get(entry.name())), false);
    }
  }

  private void hold(Name name, Version version) {
    facts.put(name, new Fact.Holds(name, version, Reason.KEPT, true));
  }

  private void giveUp(Name name) {
    Fact.Holds held = facts.remove(name);
    if (held != null && online) {
      announce(List.of(new Fact.GaveUp(name, held.version().number(), false)), false);
    }
  }
}
