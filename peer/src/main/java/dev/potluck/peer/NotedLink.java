package dev.potluck.peer;

import dev.potluck.content.ContentId;
import dev.potluck.content.Version;
import java.io.IOException;
import java.util.List;

/// A symlink that is safe in the journal, in nobody's sight, until it is known whether the party
/// takes it. If that stays unknown, as after a crash, it is kept as an edit. For one thread.
final class NotedLink implements AutoCloseable {
  private final Installer installer;
  private final EditJournal journal;
  private final EditJournal.Ticket ticket;
  private final Installer.Item edit;
  private final Runnable discard;
  private boolean over;

  /// @param edit the link as an edit
  /// @param discard deletes what lies ready
  NotedLink(
      Installer installer,
      EditJournal journal,
      EditJournal.Ticket ticket,
      Installer.Item edit,
      Runnable discard) {
    this.installer = installer;
    this.journal = journal;
    this.ticket = ticket;
    this.edit = edit;
    this.discard = discard;
  }

  ContentId content() {
    return edit.content();
  }

  /// Puts it in place as the version that it is.
  void install(Version version) {
    put(edit.as(version.number()));
  }

  /// Forgets it: the party did not take it.
  void drop() {
    over = true;
    discard.run();
    try {
      journal.withdraw(ticket);
    } catch (IOException e) {
      throw Failures.of("can't forget the symlink " + edit.name(), e);
    }
  }

  private void put(Installer.Item item) {
    over = true;
    boolean placed = false;
    try {
      Installer.Outcome outcome = installer.install(List.of(item)).getFirst();
      if (outcome.failure() != null) {
        throw outcome.failure();
      }
      placed = true;
      journal.settled(ticket);
    } catch (IOException e) {
      throw Failures.of("can't put " + item.name() + " in place", e);
    } finally {
      if (!placed) {
        drop(); // Whoever made it is told so.
      }
    }
  }

  @Override
  public void close() {
    if (!over) {
      put(edit);
    }
  }
}
