package dev.potluck.directory;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// What is left of the deletions that a directory has forgotten: enough to tell who may have missed
/// some of them, and to keep version numbers growing. Hard state.
final class Forgotten {
  private final long incarnation;
  private final List<Saved.Ancestor> ancestors = new ArrayList<>();

  /// Deletions up to this time are forgotten, also those that somebody still tells of.
  private Instant until = Instant.EPOCH;

  /// The last revision at which something was deleted that is forgotten.
  private long revision;

  /// No name that is forgotten had a version of a higher number.
  private long number;

  Forgotten(long incarnation) {
    this.incarnation = incarnation;
  }

  /// All deletions up to a time are about to be forgotten.
  void begin(Instant upTo) {
    until = upTo.isAfter(until) ? upTo : until;
  }

  /// One of them.
  void add(NameState tombstone) {
    revision = Math.max(revision, tombstone.revision());
    number = Math.max(number, tombstone.number());
  }

  /// Whether a deletion is so old that nobody needs to be told of it.
  boolean covers(Instant deletion) {
    return !deletion.isAfter(until);
  }

  /// The highest number that a forgotten name may have had: a name that begins anew goes on from
  /// there, so that a higher number is always newer.
  long number() {
    return number;
  }

  /// Whether who was last in touch then may have missed a deletion that is forgotten by now. Of a
  /// directory that this one knows nothing of, it can't be said: a name that is unknown here may
  /// never have been told.
  boolean isMissedBy(Contact last) {
    if (last.incarnation() == incarnation) {
      return last.revision() < revision;
    }
    for (Saved.Ancestor ancestor : ancestors) {
      if (ancestor.incarnation() == last.incarnation()) {
        return Math.min(last.revision(), ancestor.revision()) < revision;
      }
    }
    return false;
  }

  /// Whether who has followed this directory up to a revision can't be brought on by what came
  /// later: some of that is forgotten.
  boolean isAfter(long followed) {
    return revision > followed;
  }

  List<Saved> saved() {
    List<Saved> items = new ArrayList<>(ancestors);
    if (until.isAfter(Instant.EPOCH)) {
      items.add(new Saved.Forgotten(until, revision, number));
    }
    return items;
  }

  void restore(Saved.Ancestor ancestor) {
    ancestors.add(ancestor);
  }

  void restore(Saved.Forgotten saved) {
    until = saved.until();
    revision = saved.revision();
    number = saved.number();
  }
}
