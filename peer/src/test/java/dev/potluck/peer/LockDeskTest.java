package dev.potluck.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.potluck.content.ConflictException;
import dev.potluck.content.Name;
import dev.potluck.content.UnavailableException;
import dev.potluck.directory.Command;
import dev.potluck.directory.Directory;
import dev.potluck.directory.HeldLock;
import dev.potluck.directory.LockMode;
import dev.potluck.directory.NameLock;
import dev.potluck.directory.PeerId;
import dev.potluck.directory.Result;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class LockDeskTest {
  private static final PeerId ANNA = PeerId.of("a".repeat(32));
  private static final PeerId BEN = PeerId.of("b".repeat(32));
  private static final PeerId CARL = PeerId.of("c".repeat(32));
  private static final PeerId DORA = PeerId.of("d".repeat(32));
  private static final Name X = Name.of("x");
  private static final Duration LONG = Duration.ofMinutes(5);

  private final SeatOfOne seat = new SeatOfOne();
  private final LockDesk desk = new LockDesk(seat);
  private final List<PeerId> served = Collections.synchronizedList(new ArrayList<>());

  LockDeskTest() {
    seat.desk = desk;
  }

  /// A directory, and who is said to be here.
  private static final class SeatOfOne implements LockDesk.Table {
    private final Directory directory = new Directory(1);
    private final Set<PeerId> away = new HashSet<>();
    private final List<NameLock> wanted = Collections.synchronizedList(new ArrayList<>());
    private Consumer<NameLock> answer = lock -> this.desk.inUse(lock.token());
    private LockDesk desk = new LockDesk(this);

    @Override
    public synchronized List<HeldLock> holders(Name name) {
      return directory.locks(name).stream()
          .map(lock -> new HeldLock(lock, lock.owner().text().substring(0, 1)))
          .toList();
    }

    @Override
    public void wanted(NameLock lock) {
      wanted.add(lock);
      answer.accept(lock);
    }

    @Override
    public synchronized boolean isHere(PeerId peer) {
      return !away.contains(peer);
    }

    void isAway(PeerId peer, boolean now) {
      synchronized (this) {
        boolean _ = now ? away.add(peer) : away.remove(peer);
      }
      desk.changed();
    }

    @Override
    public Result commit(Command command) {
      Result result;
      synchronized (this) {
        result = directory.apply(command, Instant.EPOCH);
      }
      desk.changed();
      return result;
    }
  }

  @Test
  void whoCameFirstIsServedFirst() throws Exception {
    HeldLock annas = desk.lock(ANNA, X, LockMode.EXCLUSIVE, Duration.ZERO);
    Thread ben = waiting(BEN);
    Thread carl = waiting(CARL);

    unlock(ANNA, annas);
    ben.join();
    assertThat(served).containsExactly(BEN);
    unlock(BEN, seat.holders(X).getFirst());
    carl.join();

    assertThat(served).containsExactly(BEN, CARL);
  }

  @Test
  void whoDoesNotWaitIsToldWhoHasIt() {
    desk.lock(ANNA, X, LockMode.EXCLUSIVE, Duration.ZERO);

    assertThatThrownBy(() -> desk.lock(BEN, X, LockMode.EXCLUSIVE, Duration.ZERO))
        .isInstanceOf(ConflictException.class)
        .hasMessage("x is locked by a");
    assertThat(desk.lock(BEN, Name.of("y"), LockMode.EXCLUSIVE, Duration.ZERO).lock().owner())
        .isEqualTo(BEN);
  }

  @Test
  void whoHasItGetsItAgainWhateverTheLine() throws Exception {
    HeldLock annas = desk.lock(ANNA, X, LockMode.EXCLUSIVE, Duration.ZERO);
    Thread ben = waiting(BEN);

    assertThat(desk.lock(ANNA, X, LockMode.EXCLUSIVE, Duration.ZERO)).isEqualTo(annas);
    ben.interrupt();
    ben.join();
  }

  @Test
  void whoLeavesTheLineLetsTheNextOneForward() throws Exception {
    HeldLock annas = desk.lock(ANNA, X, LockMode.EXCLUSIVE, Duration.ZERO);
    Thread ben = waiting(BEN);
    Thread carl = waiting(CARL);

    ben.interrupt();
    ben.join();
    unlock(ANNA, annas);
    carl.join();

    assertThat(served).containsExactly(CARL);
  }

  @Test
  void whoIsAwayLetsOthersPassAndKeepsItsPlace() throws Exception {
    HeldLock annas = desk.lock(ANNA, X, LockMode.EXCLUSIVE, Duration.ZERO);
    Thread ben = waiting(BEN);
    Thread carl = waiting(CARL);
    seat.isAway(BEN, true);

    unlock(ANNA, annas);
    carl.join();
    assertThat(served).containsExactly(CARL);
    assertThatThrownBy(() -> desk.lock(BEN, Name.of("y"), LockMode.EXCLUSIVE, Duration.ZERO))
        .isInstanceOf(UnavailableException.class);
    seat.isAway(BEN, false);
    unlock(CARL, seat.holders(X).getFirst());
    ben.join();

    assertThat(served).containsExactly(CARL, BEN);
  }

  @Test
  void theEndOfTheSeatEndsTheWaiting() throws Exception {
    desk.lock(ANNA, X, LockMode.EXCLUSIVE, Duration.ZERO);
    Thread ben = waiting(BEN);

    desk.close();
    ben.join();

    assertThat(served).isEmpty();
    assertThatThrownBy(() -> desk.lock(CARL, X, LockMode.EXCLUSIVE, LONG))
        .isInstanceOf(UnavailableException.class);
  }

  @Test
  void readersAreLetInTogetherAndNotPastAWriterWhoWaits() throws Exception {
    HeldLock annas = desk.lock(ANNA, X, LockMode.SHARED, Duration.ZERO);
    HeldLock bens = desk.lock(BEN, X, LockMode.SHARED, Duration.ZERO);
    Thread carl = waiting(CARL);

    assertThatThrownBy(() -> desk.lock(DORA, X, LockMode.SHARED, Duration.ZERO))
        .isInstanceOf(ConflictException.class);
    unlock(ANNA, annas);
    unlock(BEN, bens);
    carl.join();

    assertThat(served).containsExactly(CARL);
  }

  @Test
  void whoHasItIsToldOnceThatOthersWaitAndMayGiveItBackAtOnce() throws Exception {
    HeldLock annas = desk.lock(ANNA, X, LockMode.EXCLUSIVE, Duration.ZERO);
    assertThatThrownBy(() -> desk.lock(BEN, X, LockMode.EXCLUSIVE, Duration.ZERO))
        .hasMessage("x is locked by a");
    seat.answer = lock -> unlock(ANNA, annas);

    HeldLock bens = desk.lock(BEN, X, LockMode.EXCLUSIVE, Duration.ZERO);

    assertThat(bens.lock().owner()).isEqualTo(BEN);
    assertThat(seat.wanted).containsExactly(annas.lock(), annas.lock());
  }

  @Test
  void whoHasASharedLockAndWantsToWriteIsBeforeTheLine() throws Exception {
    HeldLock annas = desk.lock(ANNA, X, LockMode.SHARED, Duration.ZERO);
    HeldLock bens = desk.lock(BEN, X, LockMode.SHARED, Duration.ZERO);
    Thread carl = waiting(CARL);
    Thread anna = waiting(ANNA);

    assertThatThrownBy(() -> desk.lock(BEN, X, LockMode.EXCLUSIVE, LONG))
        .isInstanceOf(ConflictException.class)
        .hasMessage("x is read by two who each wait for the other to let it write");
    unlock(BEN, bens);
    anna.join();
    assertThat(served).containsExactly(ANNA);
    unlock(ANNA, seat.holders(X).getFirst());
    carl.join();

    assertThat(served).containsExactly(ANNA, CARL);
    assertThat(annas.lock().mode()).isEqualTo(LockMode.SHARED);
  }

  private void unlock(PeerId peer, HeldLock held) {
    NameLock lock = held.lock();
    assertThat(seat.commit(new Command.Unlock(peer, lock.name(), lock.token())))
        .isEqualTo(new Result.Done());
  }

  /// Returns once it stands in line.
  private Thread waiting(PeerId peer) {
    return waiting(peer, LockMode.EXCLUSIVE);
  }

  private Thread waiting(PeerId peer, LockMode mode) {
    Thread thread =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    served.add(desk.lock(peer, X, mode, LONG).lock().owner());
                  } catch (UnavailableException e) {
                    Thread.currentThread().interrupt();
                  }
                });
    Awaitility.await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
    return thread;
  }
}
