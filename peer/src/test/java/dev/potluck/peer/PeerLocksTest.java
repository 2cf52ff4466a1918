package dev.potluck.peer;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.potluck.content.ConflictException;
import dev.potluck.content.Name;
import dev.potluck.content.UnavailableException;
import dev.potluck.directory.HeldLock;
import dev.potluck.directory.LockMode;
import dev.potluck.directory.NameLock;
import dev.potluck.directory.PeerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class PeerLocksTest {
  private static final PeerId SELF = PeerId.of("a".repeat(32));
  private static final PeerId OTHER = PeerId.of("b".repeat(32));
  private static final Name X = Name.of("x");
  private static final Duration AT_ONCE = Duration.ZERO;

  private final Locker directory = new Locker(SELF);
  private final PeerLocks locks = new PeerLocks(SELF, directory, Duration.ZERO);

  @Test
  void writersOfOnePeerTakeTurnsUnderOneLock() throws Exception {
    PeerLocks.Held first = locks.acquire(X, AT_ONCE, () -> {});

    assertThatThrownBy(() -> locks.acquire(X, AT_ONCE, () -> {}))
        .isInstanceOf(ConflictException.class)
        .hasMessage("x is being written by another program on this machine");
    List<Long> tokens = new ArrayList<>();
    Thread second =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    PeerLocks.Held turn = locks.acquire(X, Duration.ofMinutes(1), () -> {});
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
    PeerLocks.Held writer = locks.acquire(X, AT_ONCE, () -> {});

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
    PeerLocks.Held writer = locks.acquire(X, AT_ONCE, () -> {});

    locks.unlock(X);

    assertThat(directory.held).containsKey(X);
    assertThatThrownBy(() -> locks.unlock(X)).hasMessageContaining("is written");
    locks.release(writer);
    assertThat(directory.held).isEmpty();
  }

  @Test
  void whoeverLosesALockIsToldAndWhatItsUserWritesIsRefused() throws Exception {
    CountDownLatch lost = new CountDownLatch(1);
    locks.lock(X, AT_ONCE);
    PeerLocks.Held writer = locks.acquire(X, AT_ONCE, lost::countDown);
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

  @Test
  void whatProgramsLockIsKeptForAMomentAndAskedForOnce() throws Exception {
    PeerLocks keeping = new PeerLocks(SELF, directory, Duration.ofMinutes(5));
    for (int i = 0; i < 100; i++) {
      keeping.release(keeping.claim(X, LockMode.EXCLUSIVE, AT_ONCE, () -> {}));
    }

    assertThat(directory.asked).hasValue(1);
    assertThat(directory.held).containsKey(X);
    assertThat(keeping.tokens(List.of(X))).isEmpty();
  }

  @Test
  void whatProgramsLockIsGivenBackAfterAMoment() throws Exception {
    PeerLocks keeping = new PeerLocks(SELF, directory, Duration.ofMillis(200));

    keeping.release(keeping.claim(X, LockMode.EXCLUSIVE, AT_ONCE, () -> {}));

    awaitUntilFree(X);
  }

  @Test
  void whatIsOnlyKeptIsGivenBackWhenOthersWantIt() throws Exception {
    PeerLocks keeping = new PeerLocks(SELF, directory, Duration.ofMinutes(5));
    keeping.release(keeping.claim(X, LockMode.EXCLUSIVE, AT_ONCE, () -> {}));

    keeping.wanted(X, token(X), () -> {});

    awaitUntilFree(X);
  }

  @Test
  void whatIsNeededIsGivenBackWhenThatEnds() throws Exception {
    PeerLocks keeping = new PeerLocks(SELF, directory, Duration.ofMinutes(5));
    PeerLocks.Claim claim = keeping.claim(X, LockMode.EXCLUSIVE, AT_ONCE, () -> {});
    CountDownLatch inUse = new CountDownLatch(1);

    keeping.wanted(X, token(X), inUse::countDown);

    assertThat(inUse.await(30, SECONDS)).isTrue();
    assertThat(claim.isWanted()).isTrue();
    assertThat(directory.held).containsKey(X);
    keeping.release(claim);
    assertThat(directory.held).isEmpty();
  }

  @Test
  void whatOnlyReadersNeedIsSharedWhenOthersWantIt() throws Exception {
    PeerLocks keeping = new PeerLocks(SELF, directory, Duration.ofMinutes(5));
    PeerLocks.Claim writer = keeping.claim(X, LockMode.EXCLUSIVE, AT_ONCE, () -> {});
    PeerLocks.Claim reader = keeping.claim(X, LockMode.SHARED, AT_ONCE, () -> {});
    Semaphore inUse = new Semaphore(0);
    keeping.wanted(X, token(X), inUse::release);
    assertThat(inUse.tryAcquire(30, SECONDS)).isTrue();

    keeping.release(writer);

    assertThat(held(X).mode()).isEqualTo(LockMode.SHARED);
    keeping.wanted(X, token(X), inUse::release);
    assertThat(inUse.tryAcquire(30, SECONDS)).isTrue();
    keeping.release(reader);
    assertThat(directory.held).isEmpty();
  }

  @Test
  void whatCouldNotBeSharedAtOnceIsSharedLater() throws Exception {
    PeerLocks keeping = new PeerLocks(SELF, directory, Duration.ofMinutes(5));
    PeerLocks.Claim writer = keeping.claim(X, LockMode.EXCLUSIVE, AT_ONCE, () -> {});
    PeerLocks.Claim reader = keeping.claim(X, LockMode.SHARED, AT_ONCE, () -> {});
    Semaphore inUse = new Semaphore(0);
    keeping.wanted(X, token(X), inUse::release);
    assertThat(inUse.tryAcquire(30, SECONDS)).isTrue();
    directory.losesQuestions = true;

    keeping.release(writer);

    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> held(X).mode() == LockMode.SHARED);
    keeping.release(reader);
    assertThat(directory.held).isEmpty();
  }

  @Test
  void whoHasASharedLockAndWritesHasTheExclusiveOneInstead() throws Exception {
    PeerLocks.Claim reader = locks.claim(X, LockMode.SHARED, AT_ONCE, () -> {});

    PeerLocks.Held writer = locks.acquire(X, AT_ONCE, () -> {});

    assertThat(held(X).mode()).isEqualTo(LockMode.EXCLUSIVE);
    locks.release(writer);
    locks.release(reader);
    assertThat(directory.held).isEmpty();
  }

  @Test
  void programsThatLoseALockAreTold() throws Exception {
    CountDownLatch lost = new CountDownLatch(1);
    PeerLocks.Claim claim = locks.claim(X, LockMode.SHARED, AT_ONCE, lost::countDown);
    directory.held.clear();

    locks.compare();

    assertThat(lost.await(30, SECONDS)).isTrue();
    locks.release(claim);
    locks.release(locks.claim(X, LockMode.EXCLUSIVE, AT_ONCE, () -> {}));
    assertThat(directory.asked).hasValue(2);
  }

  private NameLock held(Name name) {
    return Objects.requireNonNull(directory.held.get(name)).lock();
  }

  private long token(Name name) {
    return held(name).token();
  }

  private void awaitUntilFree(Name name) {
    Awaitility.await().until(() -> !directory.held.containsKey(name));
  }
}
