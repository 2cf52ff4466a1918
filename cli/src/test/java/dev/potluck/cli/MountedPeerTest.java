package dev.potluck.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.potluck.content.DeniedException;
import dev.potluck.content.FailedException;
import dev.potluck.directory.Endpoint;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A peer and its mount begin and end together.
@Timeout(60)
final class MountedPeerTest {
  private static final Path MOUNTPOINT = Path.of("/somewhere/party");

  private final List<String> closed = new CopyOnWriteArrayList<>();
  private final FakeDaemon peer = new FakeDaemon(closed, new CountDownLatch(1), false);
  private final FakeMount mount = new FakeMount(closed, new CountDownLatch(1));

  private MountedPeer opened() throws InterruptedException {
    return MountedPeer.open(peer, MOUNTPOINT, () -> mount, _ -> {});
  }

  @Test
  void mountThatEndsByItselfEndsThePeerSayingWhatToDo() throws Exception {
    var mounted = opened();
    mount.unmounted().countDown();

    assertThatThrownBy(mounted::awaitEnd)
        .isInstanceOf(FailedException.class)
        .hasMessageContaining("the mount on /somewhere/party has ended")
        .hasMessageContaining("start potluck up again");
  }

  @Test
  void peerThatIsPutOutEndsWithItsReason() throws Exception {
    var mounted =
        MountedPeer.open(
            new FakeDaemon(closed, new CountDownLatch(0), true), MOUNTPOINT, () -> mount, _ -> {});

    assertThatThrownBy(mounted::awaitEnd).isInstanceOf(DeniedException.class);
  }

  @Test
  void closingUnmountsFirstAndIsNoFailureOfTheMount() throws Exception {
    var mounted = opened();
    var waiting = waiting(mounted::awaitEnd);

    mounted.close();

    assertThat(closed).containsExactly("mount", "peer");
    assertThat(waiting.get(10, TimeUnit.SECONDS)).isNull();
  }

  @Test
  void closingWhileItMountsInterruptsThatAndClosesWhatCameAllTheSame() throws Exception {
    var mounting = new CountDownLatch(1);
    var begun = new CopyOnWriteArrayList<Daemon>();
    var opening =
        waiting(
            () ->
                MountedPeer.open(
                    peer,
                    MOUNTPOINT,
                    () -> {
                      mounting.countDown();
                      try {
                        new CountDownLatch(1).await();
                      } catch (InterruptedException _) {
                        Thread.currentThread().interrupt(); // too late: it is mounted
                      }
                      return mount;
                    },
                    begun::add));
    assertThat(mounting.await(10, TimeUnit.SECONDS)).isTrue();

    begun.getFirst().close();

    assertThat(closed).containsExactly("mount", "peer");
    assertThat(opening.get(10, TimeUnit.SECONDS)).isNull();
  }

  @Test
  void mountThatFailsEndsThePeer() {
    assertThatThrownBy(
            () ->
                MountedPeer.open(
                    peer,
                    MOUNTPOINT,
                    () -> {
                      throw new FailedException("no FUSE here");
                    },
                    _ -> {}))
        .hasMessage("no FUSE here");

    assertThat(closed).containsExactly("peer");
  }

  @Test
  void whatASignalOvertookIsNotMounted() {
    assertThatThrownBy(
            () ->
                MountedPeer.open(
                    peer,
                    MOUNTPOINT,
                    () -> mount,
                    _ -> {
                      throw new InterruptedException("a signal came");
                    }))
        .isInstanceOf(InterruptedException.class);

    assertThat(closed).containsExactly("peer");
  }

  private interface Waiting {
    void await() throws InterruptedException;
  }

  private static FutureTask<Void> waiting(Waiting what) {
    var task =
        new FutureTask<Void>(
            () -> {
              what.await();
              return null;
            });
    Thread.ofPlatform().daemon().start(task);
    return task;
  }

  private record FakeDaemon(List<String> closed, CountDownLatch ended, boolean expelled)
      implements Daemon {
    @Override
    public String name() {
      return "anna";
    }

    @Override
    public Endpoint address() {
      return new Endpoint("127.0.0.1", 7420);
    }

    @Override
    public void awaitEnd() throws InterruptedException {
      ended.await();
      if (expelled) {
        throw new DeniedException("anna was expelled");
      }
    }

    @Override
    public void close() {
      closed.add("peer");
      ended.countDown();
    }
  }

  private record FakeMount(List<String> closed, CountDownLatch unmounted) implements Mount {
    @Override
    public boolean awaitUnmounted(Duration atMost) throws InterruptedException {
      return unmounted.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
      closed.add("mount");
      unmounted.countDown();
    }
  }
}
