package dev.potluck.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Calls on a thread of their own, and who waits for them.
@Timeout(60)
class ApartTest {
  @Test
  void whoIsInterruptedStillLearnsWhatBecameOfACallToItsEnd() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    FutureTask<String> calling =
        new FutureTask<>(
            () -> {
              String result =
                  Apart.callToEnd(
                      "apart-test",
                      () -> {
                        begun.countDown();
                        goOn.await();
                        return "result";
                      });
              return result + (Thread.interrupted() ? ", interrupted" : "");
            });
    Thread caller = Thread.ofPlatform().daemon().start(calling);
    assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();

    caller.interrupt();

    Awaitility.await().until(() -> !caller.isInterrupted()); // it was noticed
    goOn.countDown();
    assertThat(calling.get(10, TimeUnit.SECONDS)).isEqualTo("result, interrupted");
  }

  @Test
  void aCallToItsEndFailsAsItFails() {
    assertThatThrownBy(
            () ->
                Apart.callToEnd(
                    "apart-test",
                    () -> {
                      throw new ErrnoException(Errno.EPERM, "not here");
                    }))
        .isInstanceOf(ErrnoException.class)
        .hasMessage("not here");
  }
}
