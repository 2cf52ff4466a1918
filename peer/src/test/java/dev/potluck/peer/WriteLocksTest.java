package dev.potluck.peer;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.potluck.content.ConflictException;
import dev.potluck.content.Name;
import dev.potluck.content.UnavailableException;
import dev.potluck.directory.HeldLock;
import dev.potluck.directory.PeerId;
import dev.potluck.directory.WriteLock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class WriteLocksTest {
  private static final PeerId SELF = PeerId.of("a".repeat(32));
  private static final PeerId OTHER = PeerId.of("b".repeat(32));
  private static final Name X = Name.of("x");
  private static final Duration AT_ONCE = Duration.ZERO;

  private final Locker directory = new Locker();
  private final WriteLocks locks = new WriteLocks(SELF, directory);

  /// A directory that gives locks to whoever asks, and may lose its answers.
  private static final class Locker implements WriteLocks.Directory {
    final Map<Name, HeldLock> held = new ConcurrentHashMap<>();
    final AtomicLong tokens = new AtomicLong();
    volatile boolean losesAnswers;

    void has(Name name, PeerId owner) {
      held.put(name, lock(name, owner));
    }

    private HeldLock lock(Name name, PeerId owner) {
      return new HeldLock(
          new WriteLock(name, owner, tokens.incrementAndGet()),
          owner.equals(SELF) ? "anna" : "ben");
    }

    @Override
    public HeldLock lock(Name name, Duration wait, Duration timeout) {
      HeldLock lock = held.computeIfAbsent(name, n -> lock(n, SELF));
      if (!lock.lock().owner().equals(SELF)) {
        throw new ConflictException(name + " is locked by ben");
      }
      if (losesAnswers) {
        losesAnswers = false;
        throw new UnavailableException("no answer");
      }
      return lock;
    }

    @Override
    public void unlock(Name name, long token, Duration timeout) {
      HeldLock lock = held.get(name);
      if (lock == null || (token != WriteLock.NO_TOKEN && lock.lock().token() != token)) {
        throw new ConflictException(name + " is not locked");
      }
      held.remove(name);
    }

    @Override
    public List<HeldLock> locks(List<Name> names, Duration timeout) {
      return held.values().stream()
          .filter(
              lock ->
                  names.isEmpty()
                      ? lock.lock().owner().equals(SELF)
                      : names.contains(lock.lock().name()))
          .toList();
    }
  }

  @Test
  void writersOfOnePeerTakeTurnsUnderOneLock() throws Exception {
    WriteLocks.Held first = locks.acquire(X, AT_ONCE, () -> {});

    assertThatThrownBy(() -> locks.acquire(X, AT_ONCE, () -> {}))
        .isInstanceOf(ConflictException.class)
        .hasMessage("x is being written by another program on this machine");
    List<Long> tokens = new ArrayList<>();
    Thread second =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    WriteLocks.Held turn = locks.acquire(X, Duration.ofMinutes(1), () -> {});
                    tokens.add(turn.token());
                    locks.release(turn);
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });
    locks.release(first);
    second.join();

    assertThat(tokens).hasSize(1);
    assertThat(directory.held).isEmpty();
  }

  @Test
  void whatTheUserLockedAdmitsTheWritersOfThisPeerAndStays() throws Exception {
    HeldLock byUser = locks.lock(X, AT_ONCE);
    WriteLocks.Held writer = locks.acquire(X, AT_ONCE, () -> {});

    assertThat(writer.token()).isEqualTo(byUser.lock().token());
    locks.release(writer);
    locks.release(writer);
    assertThat(directory.held).containsKey(X);
    assertThat(locks.tokens(List.of(X))).containsEntry(X, byUser.lock().token());
    locks.unlock(X);
    assertThat(directory.held).isEmpty();
    assertThat(locks.tokens(List.of(X))).isEmpty();
  }

  @Test
  void unlockingUnderAWriterLeavesItsTurnAlone() throws Exception {
    locks.lock(X, AT_ONCE);
    WriteLocks.Held writer = locks.acquire(X, AT_ONCE, () -> {});

    locks.unlock(X);

    assertThat(directory.held).containsKey(X);
    assertThatThrownBy(() -> locks.unlock(X)).hasMessageContaining("is being written");
    locks.release(writer);
    assertThat(directory.held).isEmpty();
  }

  @Test
  void whoeverLosesALockIsToldAndWhatItsUserWritesIsRefused() throws Exception {
    CountDownLatch lost = new CountDownLatch(1);
    locks.lock(X, AT_ONCE);
    WriteLocks.Held writer = locks.acquire(X, AT_ONCE, lost::countDown);
    directory.held.clear();

    locks.compare();

    assertThat(lost.await(30, SECONDS)).isTrue();
    assertThatThrownBy(() -> locks.tokens(List.of(X)))
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("nobody has it now");
    directory.has(X, OTHER);
    assertThatThrownBy(() -> locks.tokens(List.of(X))).hasMessage("x is locked by ben");
    assertThatThrownBy(() -> locks.unlock(X)).hasMessageContaining("was lost before");
    locks.release(writer);
    assertThat(directory.held).containsKey(X);
  }

  @Test
  void whatAnEarlierRunHadIsGivenBackAndWhatThisOneHasStays() throws Exception {
    Name old = Name.of("old");
    locks.lock(X, AT_ONCE);
    directory.has(old, SELF);

    locks.compare();

    awaitUntilFree(old);
    assertThat(directory.held).containsKey(X);
  }

  @Test
  void aLockWhoseAnswerWasLostIsGivenBack() {
    directory.losesAnswers = true;

    assertThatThrownBy(() -> locks.lock(X, AT_ONCE)).isInstanceOf(UnavailableException.class);

    awaitUntilFree(X);
  }

  @Test
  void atTheEndEverythingIsGivenBack() throws Exception {
    locks.lock(X, AT_ONCE);

    locks.close();

    assertThat(directory.held).isEmpty();
    assertThatThrownBy(() -> locks.lock(X, AT_ONCE)).isInstanceOf(UnavailableException.class);
  }

  private void awaitUntilFree(Name name) {
    Awaitility.await().until(() -> !directory.held.containsKey(name));
  }
}
