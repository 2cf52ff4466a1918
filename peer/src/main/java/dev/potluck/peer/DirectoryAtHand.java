package dev.potluck.peer;

import dev.potluck.content.Name;
import dev.potluck.directory.Endpoint;
import dev.potluck.directory.Fact;
import dev.potluck.directory.Hello;
import dev.potluck.directory.PeerId;
import dev.potluck.wire.CommitOutcome;
import dev.potluck.wire.Deleted;
import dev.potluck.wire.DirectoryClient;
import dev.potluck.wire.Moved;
import dev.potluck.wire.NotTheDirectory;
import dev.potluck.wire.Session;
import dev.potluck.wire.SessionEvents;
import dev.potluck.wire.Watch;
import dev.potluck.wire.WatchEvents;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/// The directory as one peer reaches it: in this process while this machine leads it, else over the
/// network. A session and a watch stay where they began; they end when the lead is lost.
/// Thread-safe.
final class DirectoryAtHand {
  private final PeerId self;
  private final Endpoint control;
  private final DirectoryHost host;
  private final DirectoryClient away;

  /// @param control where others reach this machine
  DirectoryAtHand(PeerId self, Endpoint control, DirectoryHost host, DirectoryClient away) {
    this.self = self;
    this.control = control;
    this.host = host;
    this.away = away;
  }

  /// Opens this peer's session; returns when the directory has welcomed it.
  Session session(Hello hello, SessionEvents events, Duration timeout) {
    return at(
        timeout,
        () -> HostedSession.open(host, self, hello, events),
        () -> away.session(hello, events, timeout));
  }

  /// Watches the namespace from a revision on.
  Watch watch(long incarnation, long fromRevision, WatchEvents events, Duration timeout) {
    return at(
        timeout,
        () -> {
          HostedWatch watch = new HostedWatch(events);
          host.watch(self, incarnation, fromRevision, watch);
          return watch;
        },
        () -> away.watch(incarnation, fromRevision, events, timeout));
  }

  /// As {@link DirectoryClient#commit}.
  CommitOutcome commit(List<Fact.Edited> edits, Duration timeout) {
    return ask(() -> host.commitOwn(edits), () -> away.commit(edits, timeout));
  }

  /// As {@link DirectoryClient#delete}.
  Deleted delete(List<Name> names, Duration timeout) {
    return ask(() -> host.delete(self, names), () -> away.delete(names, timeout));
  }

  /// As {@link DirectoryClient#move}.
  Moved move(Name from, Name to, Duration timeout) {
    return ask(() -> host.move(self, from, to), () -> away.move(from, to, timeout));
  }

  private <T> T ask(Opening<T> here, Opening<T> there) {
    try {
      return host.isLeading() ? here.open() : there.open();
    } catch (NotTheDirectory e) {
      return there.open(); // It has just lost the lead.
    }
  }

  private interface Opening<T> {
    T open();
  }

  private <T> T at(Duration timeout, Opening<T> here, Opening<T> there) {
    return awaitOwnLead(timeout) ? ask(() -> preferred(here), there) : there.open();
  }

  /// If nobody else can lead, this machine does once it has read its log.
  ///
  /// @return false if the thread was interrupted
  private boolean awaitOwnLead(Duration timeout) {
    try {
      if (host.seats().equals(Set.of(self))) {
        host.awaitLeading(timeout);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private <T> T preferred(Opening<T> here) {
    T opened = here.open();
    away.prefer(control);
    return opened;
  }
}
