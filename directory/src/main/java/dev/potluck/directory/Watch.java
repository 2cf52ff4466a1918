package dev.potluck.directory;

import dev.potluck.content.Name;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One watcher's place in the history of the names. The host asks for what is next whenever the
/// watcher can take more and the directory has changed: a slow watcher costs no memory, since who
/// falls far behind gets the names' latest states together instead of each transaction.
public final class Watch {
  private final Directory directory;
  private final NameTable names;
  private final ChangeLog recent;

  /// The watcher has all up to here.
  private long position;

  private boolean scanning;

  /// Whether the scan under way replaces what the watcher has: the first does, and one that would
  /// have to tell of deletions that are forgotten.
  private boolean snapshot;

  /// A scan gives what changed after this, ...
  private long scanFrom;

  /// ... was begun at this, and has come so far.
  private long scanBegan;

  private String cursor = "";

  Watch(Directory directory, NameTable names, ChangeLog recent, long position, boolean snapshot) {
    this.directory = directory;
    this.names = names;
    this.recent = recent;
    this.position = position;
    this.snapshot = snapshot;
    this.scanning = snapshot;
    this.scanBegan = directory.revision();
  }

  /// What comes next, empty if the watcher has all. A part that is not the last holds at most
  /// `limit` entries; a transaction that is recent comes whole, with those that followed it, if
  /// they are not more than that. In a scan's parts a name can come twice: the later counts.
  public Optional<Changes> next(int limit) {
    if (!scanning) {
      if (position == directory.revision()) {
        return Optional.empty();
      }
      Changes following = recent.at(position + 1);
      if (following != null) {
        Changes together = withFollowing(following, limit);
        position = together.revision();
        return Optional.of(together);
      }
      beginScan(position);
      scanning = true;
    }
    return Optional.of(scan(Math.max(1, limit)));
  }

  /// Many small transactions cost who watches as much as one.
  private Changes withFollowing(Changes first, int limit) {
    Changes next = recent.at(first.revision() + 1);
    if (next == null || first.entries().size() + next.entries().size() > limit) {
      return first;
    }
    Map<Name, Entry> latest = new LinkedHashMap<>();
    first.entries().forEach(entry -> latest.put(entry.name(), entry));
    long upTo = first.revision();
    while (next != null && latest.size() + next.entries().size() <= limit) {
      next.entries().forEach(entry -> latest.put(entry.name(), entry));
      upTo = next.revision();
      next = recent.at(upTo + 1);
    }
    return new Changes(upTo, false, List.copyOf(latest.values()));
  }

  private void beginScan(long from) {
    scanFrom = from;
    scanBegan = directory.revision();
    cursor = "";
  }

  /// Passes over the names until one pass saw no change: only then do the parts fit together. Who
  /// needs to hear of a deletion that is forgotten gets all names there are instead.
  private Changes scan(int limit) {
    if (scanFrom > 0 && directory.forgotten().isAfter(scanFrom)) {
      snapshot = true;
      beginScan(0);
    }
    List<Entry> entries = new ArrayList<>();
    while (true) {
      for (Iterator<NameState> all = names.after(cursor); all.hasNext(); ) {
        NameState state = all.next();
        if (state.revision() > scanFrom) {
          if (entries.size() == limit) {
            return new Changes(scanBegan, snapshot, entries, false);
          }
          entries.add(state.entry());
        }
        cursor = state.name.value();
      }
      if (scanBegan == directory.revision()) {
        Changes whole = new Changes(scanBegan, snapshot, entries, true);
        position = scanBegan;
        scanning = false;
        snapshot = false;
        return whole;
      }
      beginScan(scanBegan);
    }
  }
}
