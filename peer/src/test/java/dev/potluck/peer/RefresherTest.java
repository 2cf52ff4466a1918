package dev.potluck.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class RefresherTest {
  private static final Duration REST = Duration.ofMillis(1);

  @Test
  void whatIsAskedForWhileItWorksIsDoneOnceAfterwards() throws InterruptedException {
    var begun = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    var second = new CountDownLatch(1);
    var runs = new AtomicInteger();
    Runnable work =
        () -> {
          if (runs.incrementAndGet() == 1) {
            begun.countDown();
            awaitQuietly(go);
          } else {
            second.countDown();
          }
        };
    try (var refresher = new Refresher("test", REST, work)) {
      refresher.ask();
      assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
      refresher.ask();
      refresher.ask();
      go.countDown();

      assertThat(second.await(30, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(runs).hasValue(2);
  }

  @Test
  void closedItHasEndedItsWork() throws InterruptedException {
    var begun = new CountDownLatch(1);
    var ended = new AtomicInteger();
    Runnable work =
        () -> {
          begun.countDown();
          awaitQuietly(new CountDownLatch(1));
          ended.incrementAndGet();
        };
    var refresher = new Refresher("test", REST, Duration.ofMinutes(1), work);
    refresher.ask();
    assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();

    refresher.close();

    assertThat(ended).hasValue(1);
  }

  /// As a call over the network does: an interrupt ends it and stays noted.
  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
