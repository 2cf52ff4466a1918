package dev.potluck.cli;

import dev.potluck.content.FailedException;
import dev.potluck.directory.Endpoint;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A peer with a mount: they end together. Thread-safe.
final class MountedPeer implements Daemon {
  private static final Duration LOOK = Duration.ofMinutes(1);

  /// Mounting that is interrupted takes a moment to take back what it has done.
  private static final Duration TAKE_BACK_LIMIT = Duration.ofSeconds(10);

  private final Daemon peer;
  private final Path mountpoint;
  private final CountDownLatch tried = new CountDownLatch(1);
  private @Nullable Thread mounting; // guarded by this
  private @Nullable Mount mount; // guarded by this
  private boolean closing; // guarded by this

  private MountedPeer(Daemon peer, Path mountpoint) {
    this.peer = peer;
    this.mountpoint = mountpoint;
  }

  /// Mounts the files of a peer.
  ///
  /// @param peer closed if that fails
  /// @param begun told before there is a mount: who closes it then has the mounting interrupted
  static MountedPeer open(Daemon peer, Path mountpoint, Mount.Opener opener, Begun begun)
      throws InterruptedException {
    var mounted = new MountedPeer(peer, mountpoint);
    var ready = false;
    try {
      begun.begun(mounted);
      mounted.mount(opener);
      ready = true;
      return mounted;
    } finally {
      if (!ready) {
        mounted.close();
      }
    }
  }

  private void mount(Mount.Opener opener) throws InterruptedException {
    begin();
    Mount opened = null;
    try {
      opened = opener.open();
    } finally {
      tried(opened);
    }
  }

  private synchronized void begin() throws InterruptedException {
    if (closing) {
      throw new InterruptedException("closed before it was mounted");
    }
    mounting = Thread.currentThread();
  }

  private synchronized void tried(@Nullable Mount opened) {
    mount = opened;
    mounting = null;
    tried.countDown();
  }

  @Override
  public String name() {
    return peer.name();
  }

  @Override
  public Endpoint address() {
    return peer.address();
  }

  /// Returns, or throws, as the peer does.
  ///
  /// @throws FailedException if the mount ended by itself: nobody would notice a peer without it
  @Override
  public void awaitEnd() throws InterruptedException {
    var end = new CompletableFuture<Void>();
    var peerEnds =
        watch(
            "await-peer",
            end,
            () -> {
              peer.awaitEnd();
              end.complete(null);
            });
    var mountEnds = watch("await-mount", end, this::awaitUnmounted);
    try {
      end.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RuntimeException cause -> throw cause;
        case Error cause -> throw cause;
        case null, default -> throw new IllegalStateException(e);
      }
    } finally {
      peerEnds.interrupt();
      mountEnds.interrupt();
    }
  }

  private void awaitUnmounted() throws InterruptedException {
    var there = opened();
    while (there != null && !there.awaitUnmounted(LOOK)) {
      // It is still there.
    }
    if (!isClosing()) {
      throw new FailedException(
          "the mount on "
              + mountpoint
              + " has ended: somebody unmounted it, or its connection was aborted. So this peer"
              + " ends too; to share and mount again, start potluck up again");
    }
  }

  private static Thread watch(String name, CompletableFuture<Void> end, Waiting waiting) {
    return Thread.ofVirtual()
        .name(name)
        .start(
            () -> {
              try {
                waiting.await();
              } catch (InterruptedException _) {
                Thread.currentThread().interrupt(); // the other one was first
              } catch (Throwable e) { // whoever waits for the end is to know
                end.completeExceptionally(e);
              }
            });
  }

  private synchronized @Nullable Mount opened() {
    return mount;
  }

  private synchronized boolean isClosing() {
    return closing;
  }

  /// The mount first: who reads there is answered as long as possible.
  @Override
  public void close() {
    if (interruptsMounting()) {
      awaitTried();
    }
    var there = opened();
    if (there != null) {
      there.close();
    }
    peer.close();
  }

  /// @return whether another thread is about to mount
  private synchronized boolean interruptsMounting() {
    closing = true;
    var thread = mounting;
    if (thread == null || thread.equals(Thread.currentThread())) {
      return false;
    }
    thread.interrupt();
    return true;
  }

  private void awaitTried() {
    try {
      var _ = tried.await(TAKE_BACK_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @FunctionalInterface
  private interface Waiting {
    void await() throws InterruptedException;
  }
}
