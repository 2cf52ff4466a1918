package dev.potluck.peer;

import dev.potluck.content.ContentId;
import dev.potluck.content.Kind;
import dev.potluck.content.Name;
import dev.potluck.content.PotluckException;
import dev.potluck.directory.Entry;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// Brings the files of this share to where the party is: replaced, removed and moved ones.
final class PartyChanges {
  private static final Logger LOG = System.getLogger(PartyChanges.class.getName());

  private final Share share;
  private final Announcer announcer;
  private final Consumer<Entry> update;
  private final EventLog events;

  /// @param update fetches a newer version of a file that is here
  PartyChanges(Share share, Announcer announcer, Consumer<Entry> update, EventLog events) {
    this.share = share;
    this.announcer = announcer;
    this.update = update;
    this.events = events;
  }

  /// Follows one transaction. A file that can't be brought along does not keep the others back.
  void follow(List<Entry> entries) {
    moveWhatMoved(entries);
    for (Entry entry : entries) {
      try {
        follow(entry);
      } catch (PotluckException e) {
        LOG.log(Level.WARNING, "cannot follow {0}: {1}", entry.name(), e.getMessage());
      }
    }
  }

  /// A transaction that deletes one name and makes another of the same content is a rename: the
  /// file moves instead of being fetched again. Of several with one content, as in a folder that
  /// was renamed, each goes its own way.
  private void moveWhatMoved(List<Entry> entries) {
    Map<Thing, Deque<Entry>> gone = new HashMap<>();
    for (Entry entry : entries) {
      if (entry.deleted() && entry.version().kind() != Kind.FOLDER && isPlain(entry)) {
        gone.computeIfAbsent(Thing.of(entry), _ -> new ArrayDeque<>()).add(entry);
      }
    }
    List<Name> touched = new ArrayList<>();
    for (Entry entry : entries) {
      boolean made = !entry.deleted() && entry.version().kind() != Kind.FOLDER;
      Deque<Entry> sources = made ? gone.get(Thing.of(entry)) : null;
      if (sources != null && !sources.isEmpty() && share.find(entry.name()).isEmpty()) {
        Entry old = sources.remove();
        if (move(old, entry)) {
          touched.add(old.name());
          touched.add(entry.name());
        }
      }
    }
    if (!touched.isEmpty()) {
      announcer.changed(touched);
    }
  }

  /// What a version is, whatever its name.
  private record Thing(Kind kind, ContentId content) {
    static Thing of(Entry entry) {
      return new Thing(entry.version().kind(), entry.version().content());
    }
  }

  private boolean move(Entry old, Entry entry) {
    try {
      return share
          .move(old.name(), old.version().number(), entry.name(), entry.version())
          .isPresent();
    } catch (PotluckException e) {
      LOG.log(Level.WARNING, "{0} does not move along: {1}", old.name(), e.getMessage());
      return false;
    }
  }

  /// Whether what was deleted is what is here.
  private boolean isPlain(Entry old) {
    return share
        .find(old.name())
        .filter(file -> !file.edited() && file.base() < old.version().number())
        .filter(file -> file.holds(old.version()))
        .isPresent();
  }

  /// Brings one file to where the party is. Edits that are not announced yet are left alone: the
  /// directory decides about them.
  private void follow(Entry entry) {
    Optional<LocalFile> here = share.find(entry.name()).filter(file -> !file.edited());
    if (here.isEmpty()) {
      return;
    }
    LocalFile file = here.get();
    long number = entry.version().number();
    if (entry.deleted()) {
      if (file.base() < number && share.remove(entry.name(), number).isPresent()) {
        events.add("removed", "name", entry.name().value());
        announcer.changed(entry.name());
      }
    } else if (file.holds(entry.version())) {
      if (file.base() != number) {
        share.recordVersion(entry.name(), entry.version());
        announcer.changed(entry.name());
      }
    } else if (file.base() < number) {
      update.accept(entry);
    }
  }
}
