package dev.potluck.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.potluck.content.Name;
import dev.potluck.directory.LockMode;
import dev.potluck.directory.PeerId;
import dev.potluck.peer.PartyLocks.Kind;
import dev.potluck.peer.PartyLocks.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class FileLocksTest {
  private static final PeerId SELF = PeerId.of("a".repeat(32));
  private static final PeerId OTHER = PeerId.of("b".repeat(32));
  private static final Name X = Name.of("x");
  private static final long END = Long.MAX_VALUE;

  private final Locker directory = new Locker(SELF);
  private final PeerLocks party = new PeerLocks(SELF, directory, Duration.ZERO);
  private final FileLocks locks = new FileLocks(party);
  private final List<Long> served = Collections.synchronizedList(new ArrayList<>());

  @Test
  void thePartysLockIsWhatTheStrongestHereNeeds() throws Exception {
    assertThat(flock(1, LockMode.SHARED)).isEqualTo(Outcome.TAKEN);
    assertThat(mode()).isEqualTo(LockMode.SHARED);
    assertThat(take(Kind.FCNTL, lock(2, 0, 9, LockMode.EXCLUSIVE))).isEqualTo(Outcome.TAKEN);
    assertThat(mode()).isEqualTo(LockMode.EXCLUSIVE);

    locks.release(X, Kind.FLOCK, 1, 1, 0, END);
    assertThat(directory.held).containsKey(X);
    locks.closed(2);

    assertThat(directory.held).isEmpty();
  }

  @Test
  void eachKindExcludesItsOwnOnThisMachine() throws Exception {
    assertThat(flock(1, LockMode.EXCLUSIVE)).isEqualTo(Outcome.TAKEN);
    assertThat(take(Kind.FCNTL, lock(2, 0, END, LockMode.EXCLUSIVE))).isEqualTo(Outcome.TAKEN);

    assertThat(flock(3, LockMode.SHARED)).isEqualTo(Outcome.BUSY);
    FileLock wanted = lock(3, 5, 6, LockMode.SHARED);
    assertThat(take(Kind.FCNTL, wanted)).isEqualTo(Outcome.BUSY);
    assertThat(locks.blocker(X, Kind.FCNTL, wanted)).contains(lock(2, 0, END, LockMode.EXCLUSIVE));
  }

  @Test
  void whoHasAnFlockForReadingLosesItIfItDoesNotGetTheOther() throws Exception {
    assertThat(flock(1, LockMode.SHARED)).isEqualTo(Outcome.TAKEN);
    assertThat(flock(2, LockMode.SHARED)).isEqualTo(Outcome.TAKEN);

    assertThat(flock(1, LockMode.EXCLUSIVE)).isEqualTo(Outcome.BUSY);

    assertThat(locks.holds(X, Kind.FLOCK, 1, 1)).isFalse();
    assertThat(flock(2, LockMode.EXCLUSIVE)).isEqualTo(Outcome.TAKEN);
    assertThat(flock(2, LockMode.EXCLUSIVE)).isEqualTo(Outcome.TAKEN);
  }

  @Test
  void whatAnotherPeerHasIsBusyAndItsWholeFile() throws Exception {
    directory.has(X, OTHER);

    assertThat(flock(1, LockMode.SHARED)).isEqualTo(Outcome.BUSY);
    assertThat(locks.blocker(X, Kind.FCNTL, lock(1, 3, 4, LockMode.SHARED)))
        .contains(new FileLock(0, 0, 0, END, LockMode.EXCLUSIVE, 0));
    directory.held.clear();

    assertThat(locks.blocker(X, Kind.FCNTL, lock(1, 3, 4, LockMode.SHARED))).isEmpty();
    assertThat(directory.held).isEmpty();
  }

  @Test
  void whoCameFirstIsServedFirst() throws Exception {
    assertThat(flock(1, LockMode.EXCLUSIVE)).isEqualTo(Outcome.TAKEN);
    Thread second = waiting(2);
    Thread third = waiting(3);

    locks.closed(1);
    second.join();
    assertThat(served).containsExactly(2L);
    locks.closed(2);
    third.join();

    assertThat(served).containsExactly(2L, 3L);
  }

  @Test
  void whoIsInterruptedLeavesTheLine() throws Exception {
    assertThat(flock(1, LockMode.EXCLUSIVE)).isEqualTo(Outcome.TAKEN);
    Thread second = waiting(2);
    second.interrupt();
    second.join();

    locks.closed(1);

    assertThat(served).isEmpty();
    assertThat(directory.held).isEmpty();
    assertThat(flock(3, LockMode.EXCLUSIVE)).isEqualTo(Outcome.TAKEN);
  }

  @Test
  void newcomersWaitUntilAnotherPeerHadItsTurn() throws Exception {
    assertThat(flock(1, LockMode.SHARED)).isEqualTo(Outcome.TAKEN);
    long token = Objects.requireNonNull(directory.held.get(X)).lock().token();
    party.wanted(X, token, () -> {});
    Thread second = waiting(2);

    locks.closed(1);
    second.join();

    assertThat(Objects.requireNonNull(directory.held.get(X)).lock().token()).isGreaterThan(token);
    assertThat(served).containsExactly(2L);
  }

  @Test
  void whatWasLostIsSaidUntilItIsUnlockedOrLockedAgain() throws Exception {
    assertThat(flock(1, LockMode.EXCLUSIVE)).isEqualTo(Outcome.TAKEN);
    assertThat(take(Kind.FCNTL, lock(2, 0, 9, LockMode.SHARED))).isEqualTo(Outcome.TAKEN);
    directory.held.clear();

    party.compare();

    Awaitility.await().until(() -> locks.isLost(1) && locks.isLost(2));
    assertThat(locks.holds(1)).isFalse();
    assertThat(flock(1, LockMode.EXCLUSIVE)).isEqualTo(Outcome.TAKEN);
    assertThat(locks.isLost(1)).isFalse();
    locks.release(X, Kind.FCNTL, 2, 2, 0, END);
    assertThat(locks.isLost(2)).isFalse();
    locks.close();
    Awaitility.await().until(directory.held::isEmpty);
  }

  private LockMode mode() {
    return Objects.requireNonNull(directory.held.get(X)).lock().mode();
  }

  private Outcome flock(long owner, LockMode mode) throws InterruptedException {
    return take(Kind.FLOCK, lock(owner, 0, END, mode));
  }

  private Outcome take(Kind kind, FileLock wanted) throws InterruptedException {
    return locks.take(X, kind, wanted, false);
  }

  /// Returns once it stands in line for the flock.
  private Thread waiting(long owner) {
    Thread thread =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    FileLock wanted = lock(owner, 0, END, LockMode.EXCLUSIVE);
                    if (locks.take(X, Kind.FLOCK, wanted, true) == Outcome.TAKEN) {
                      served.add(owner);
                    }
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });
    Awaitility.await().until(() -> thread.getState() == Thread.State.WAITING);
    return thread;
  }

  private static FileLock lock(long owner, long first, long last, LockMode mode) {
    return new FileLock(owner, owner, first, last, mode, 7);
  }
}
