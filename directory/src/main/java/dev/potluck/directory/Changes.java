package dev.potluck.directory;

import java.util.List;

/// What a watcher applies at once: one transaction, or several together when it has fallen behind.
///
/// @param revision the directory's revision once this is applied
/// @param snapshot whether this replaces all that the watcher knows, rather than adding to it
/// @param entries the new state of each name that changed
/// @param last false if the event goes on in the next `Changes`: apply them together
public record Changes(long revision, boolean snapshot, List<Entry> entries, boolean last) {
  public Changes {
    entries = List.copyOf(entries);
  }

  public Changes(long revision, boolean snapshot, List<Entry> entries) {
    this(revision, snapshot, entries, true);
  }

  public static Changes none(long revision) {
    return new Changes(revision, false, List.of());
  }

  public boolean isEmpty() {
    return entries.isEmpty();
  }
}
