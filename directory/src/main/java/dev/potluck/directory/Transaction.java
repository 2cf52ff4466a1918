package dev.potluck.directory;

import dev.potluck.content.Name;
import dev.potluck.content.Version;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The changes of one command: all get the next revision.
final class Transaction {
  private final NameTable names;
  private final long revision;
  private final Set<NameState> changed = new LinkedHashSet<>();

  Transaction(NameTable names, long revision) {
    this.names = names;
    this.revision = revision;
  }

  void set(Name name, Version version, boolean deleted) {
    NameState state = names.set(name, version, deleted, revision);
    if (deleted) {
      state.policy(Policy.NONE);
    }
    changed.add(state);
  }

  Changes changes() {
    List<Entry> entries = new ArrayList<>(changed.size());
    changed.forEach(state -> entries.add(state.entry()));
    return new Changes(revision, false, entries);
  }
}
