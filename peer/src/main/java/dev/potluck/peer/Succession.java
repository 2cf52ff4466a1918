package dev.potluck.peer;

import dev.potluck.directory.Endpoint;
import dev.potluck.directory.PeerId;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/// Has a leader replaced at once whose process is gone: its machine says that nobody listens there.
/// Of one that is silent, because it hangs or is cut off, that can't be known: the log waits until
/// it was not heard for long enough.
final class Succession {
  private static final Duration KNOCK = Duration.ofMillis(300);

  /// The seats stand one after the other: two at once could both miss the majority.
  private static final Duration NEXT_IN_LINE = Duration.ofMillis(250);

  private final PeerId self;
  private final DirectoryHost host;
  private final Function<PeerId, Optional<Endpoint>> whereabouts;
  private final Consumer<PeerId> stand;

  /// @param whereabouts where a member is at the moment
  /// @param stand has this machine's seat stand for election, in the place of who led
  Succession(
      PeerId self,
      DirectoryHost host,
      Function<PeerId, Optional<Endpoint>> whereabouts,
      Consumer<PeerId> stand) {
    this.self = self;
    this.host = host;
    this.whereabouts = whereabouts;
    this.stand = stand;
  }

  /// This machine has lost its session with the directory. Returns at once.
  void lost() {
    Optional<PeerId> leader = host.leader();
    if (leader.isPresent() && !leader.get().equals(self) && host.seats().contains(self)) {
      Thread.ofVirtual().name("succession").start(() -> succeed(leader.get()));
    }
  }

  private void succeed(PeerId leader) {
    Optional<Endpoint> at = whereabouts.apply(leader);
    if (at.isEmpty() || !isGone(at.get())) {
      return;
    }
    List<PeerId> line =
        host.seats().stream().filter(seat -> !seat.equals(leader)).sorted().toList();
    Duration turn = NEXT_IN_LINE.multipliedBy(Math.max(0, line.indexOf(self)));
    try {
      if (!Retry.until(() -> isSucceeded(leader), turn)) {
        stand.accept(leader);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isSucceeded(PeerId leader) {
    return host.leader().filter(now -> !now.equals(leader)).isPresent();
  }

  /// Whether nobody listens at an address any more.
  private static boolean isGone(Endpoint address) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address.host(), address.port()), (int) KNOCK.toMillis());
      return false;
    } catch (ConnectException e) {
      return true;
    } catch (IOException e) {
      return false; // It does not answer, which says nothing.
    }
  }
}
