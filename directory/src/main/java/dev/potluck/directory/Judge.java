package dev.potluck.directory;

import dev.potluck.content.ContentId;
import dev.potluck.content.Kind;
import dev.potluck.content.Name;
import dev.potluck.content.Pieces;
import dev.potluck.content.Version;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The rules of design.md, part 3: what the facts of one peer come to, given the names as they are.
/// Changes nothing. One judge serves one batch, so that the conflict names it gives out differ.
final class Judge {
  /// What a member can still commit on top of.
  static final long MAX_NUMBER = (1L << Copies.NUMBER_BITS) - 2;

  static final long MAX_SIZE = Math.min((1L << Copies.SIZE_BITS) - 1, Pieces.COUNTABLE_SIZE);

  private final NameTable names;
  private final Locks locks;
  private final Forgotten forgotten;
  private final PeerId by;
  private final String peerName;
  private final boolean missed;
  private final Instant now;
  private final Set<Name> given = new HashSet<>();

  /// @param missed whether the peer may have missed deletions that are forgotten: names that it has
  ///   and the party has not are no news then
  Judge(
      NameTable names,
      Locks locks,
      Forgotten forgotten,
      PeerId by,
      String peerName,
      boolean missed,
      Instant now) {
    this.names = names;
    this.locks = locks;
    this.forgotten = forgotten;
    this.missed = missed;
    this.by = by;
    this.peerName = peerName;
    this.now = now;
  }

  Ruling judge(Fact fact) {
    return switch (fact) {
      case Fact.Holds holds -> holds(holds);
      case Fact.Edited edited -> edited(edited);
      case Fact.GaveUp gaveUp -> gaveUp(gaveUp);
      case Fact.Known known -> known(known);
    };
  }

  /// Why the lock of a name forbids this edit; null if it does not, or the edit changes nothing:
  /// who has not heard the answer to a commit may ask again after unlocking.
  @Nullable String locked(Fact.Edited edit) {
    NameState state = names.get(edit.name());
    boolean changes = state == null || !state.isLive() || !state.sameContent(edit.version());
    return changes ? locks.obstacle(edit.name(), by, edit.token()) : null;
  }

  /// Why the lock of a name forbids that this peer deletes, moves or replaces it; null if it does
  /// not.
  @Nullable String locked(Name name) {
    return locks.obstacle(name, by, NameLock.NO_TOKEN);
  }

  private Ruling holds(Fact.Holds fact) {
    Name name = fact.name();
    Version version = fact.version();
    String problem = problemWith(version, version.number());
    if (problem != null) {
      return rejected(name, problem);
    }
    NameState state = names.get(name);
    if (state == null && missed) {
      return new Ruling.Settled(new Verdict.Forgotten(name));
    }
    if (state == null || version.number() > state.number()) {
      return orClash(name, state, version);
    }
    if (version.number() < state.number()) {
      return isForked(name, version) ? conflict(name, state) : outdated(name, state);
    }
    // A tombstone has the number after the version it deleted: who has that number changed the
    // thing when another deleted it.
    return state.isLive() && state.sameContent(version) ? current(state) : conflict(name, state);
  }

  /// Whether the party had something else at that number: the version is of a directory that was
  /// given up meanwhile, and nobody may have anything newer that came of it.
  private boolean isForked(Name name, Version version) {
    return names.history().of(name).stream()
        .filter(past -> past.version().number() == version.number())
        .anyMatch(past -> past.deleted() || !past.version().sameContent(version));
  }

  private static Ruling outdated(Name name, NameState state) {
    return new Ruling.Settled(
        state.isLive()
            ? new Verdict.Stale(name, state.entry())
            : new Verdict.Buried(name, state.entry()));
  }

  private Ruling edited(Fact.Edited fact) {
    Name name = fact.name();
    NameState state = names.get(name);
    long number = state == null ? forgotten.number() : state.number();
    String problem = problemWith(fact.version(), Math.max(fact.base(), number) + 1);
    if (problem != null) {
      return rejected(name, problem);
    }
    if (locked(fact) != null) {
      return new Ruling.Settled(new Verdict.Conflict(name, entry(name, state), keepAs(name)));
    }
    if (state == null || fact.base() > number) {
      long highest = Math.max(fact.base(), number);
      return orClash(name, state, fact.version().withNumber(highest + 1));
    }
    Version next = fact.version().withNumber(number + 1);
    if (!state.isLive()) {
      boolean knewOfIt = fact.base() == number || (fact.base() == 0 && !wasMade(fact));
      return knewOfIt ? orClash(name, state, next) : conflict(name, state);
    }
    if (state.sameContent(fact.version())) {
      boolean touched =
          fact.base() == number
              && !state.sameAttributes(fact.version())
              && locks.obstacle(name, by, fact.token()) == null;
      return touched ? becomes(name, next) : current(state);
    }
    return fact.base() == number ? orClash(name, state, next) : conflict(name, state);
  }

  /// Whether an edit whose answer was lost had become a version.
  private boolean wasMade(Fact.Edited fact) {
    return fact.again()
        && names.history().of(fact.name()).stream()
            .filter(past -> !past.deleted() && past.version().number() > fact.base())
            .anyMatch(past -> past.version().sameContent(fact.version()));
  }

  private Ruling gaveUp(Fact.GaveUp fact) {
    NameState state = names.get(fact.name());
    if (state == null) {
      return rejected(fact.name(), "no such name");
    }
    boolean goes =
        fact.byUser()
            && state.isLive()
            && state.number() == fact.version()
            && state.number() < MAX_NUMBER
            && locked(fact.name()) == null
            && state.policy().equals(Policy.NONE);
    if (goes) {
      return buried(fact.name(), tombstone(state, now));
    }
    return state.isLive()
        ? current(state)
        : new Ruling.Settled(new Verdict.Buried(fact.name(), state.entry()));
  }

  private Ruling known(Fact.Known fact) {
    Name name = fact.name();
    Entry entry = fact.entry();
    String problem = problemWith(entry.version(), entry.version().number());
    if (problem != null) {
      return rejected(name, problem);
    }
    NameState state = names.get(name);
    boolean isPast = entry.deleted() ? forgotten.covers(entry.version().mtime()) : missed;
    if (state == null && isPast) {
      return new Ruling.Settled(new Verdict.Forgotten(name));
    }
    if (state == null || entry.version().number() > state.number()) {
      return entry.deleted()
          ? buried(name, entry.version())
          : orClash(name, state, entry.version());
    }
    return state.isLive()
        ? current(state)
        : new Ruling.Settled(new Verdict.Buried(name, state.entry()));
  }

  /// What the name becomes when it is deleted.
  static Version tombstone(NameState state, Instant now) {
    Version last = state.version();
    return new Version(last.number() + 1, last.kind(), last.content(), now, last.mode());
  }

  private Ruling orClash(Name name, @Nullable NameState state, Version next) {
    boolean leaf = next.kind() != Kind.FOLDER;
    boolean checked = state != null && state.isLive() && (state.isLeaf() || !leaf);
    NameState other = checked ? null : names.clashing(name, leaf);
    return other == null ? becomes(name, next) : clash(name, other);
  }

  /// What is known of a name, also if that is nothing: locked before it was made.
  private static Entry entry(Name name, @Nullable NameState state) {
    return state != null
        ? state.entry()
        : new Entry(name, Version.file(0, ContentId.EMPTY, Instant.EPOCH, 0), true, 0);
  }

  private Ruling clash(Name name, NameState other) {
    return new Ruling.Settled(new Verdict.Conflict(name, other.entry(), keepAs(name)));
  }

  private Ruling conflict(Name name, NameState state) {
    return new Ruling.Settled(new Verdict.Conflict(name, state.entry(), keepAs(name)));
  }

  /// A name where the thing can really be: not below a file.
  private Name keepAs(Name name) {
    NameState leaf = names.leafOnTheWayTo(name);
    Name keepAs =
        leaf == null
            ? ConflictName.of(name, peerName, now, this::isTaken)
            : ConflictName.below(leaf.name, name, peerName, now, this::isTaken);
    given.add(keepAs);
    return keepAs;
  }

  private boolean isTaken(Name name) {
    return given.contains(name) || names.get(name) != null || names.clashing(name, true) != null;
  }

  private static Ruling becomes(Name name, Version next) {
    return new Ruling.Becomes(next, false, new Verdict.Current(name, next));
  }

  /// The verdict's entry has no revision yet: nobody is sent it.
  private static Ruling buried(Name name, Version tombstone) {
    Entry entry = new Entry(name, tombstone, true, 0);
    return new Ruling.Becomes(tombstone, true, new Verdict.Buried(name, entry));
  }

  private static Ruling current(NameState state) {
    return new Ruling.Settled(new Verdict.Current(state.name, state.version()));
  }

  private static Ruling rejected(Name name, String why) {
    return new Ruling.Settled(new Verdict.Rejected(name, why));
  }

  private static @Nullable String problemWith(Version version, long number) {
    if (number < 1 || number > MAX_NUMBER) {
      return "version number " + number + " is not within 1 to " + MAX_NUMBER;
    }
    if (version.content().size() > MAX_SIZE) {
      return "larger than " + MAX_SIZE + " bytes";
    }
    boolean link = version.kind() == Kind.SYMLINK;
    long targetBytes = version.content().size();
    if (link && (targetBytes == 0 || targetBytes > Version.TARGET_BYTES_MAX)) {
      return "the target of a symlink has 1 to " + Version.TARGET_BYTES_MAX + " bytes";
    }
    return null;
  }
}
