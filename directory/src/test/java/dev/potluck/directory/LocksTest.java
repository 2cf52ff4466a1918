package dev.potluck.directory;

import static dev.potluck.directory.Seat.ANNA;
import static dev.potluck.directory.Seat.BEN;
import static dev.potluck.directory.Seat.CARL;
import static dev.potluck.directory.Seat.START;
import static dev.potluck.directory.Seat.edited;
import static dev.potluck.directory.Seat.version;
import static org.assertj.core.api.Assertions.assertThat;

import dev.potluck.content.Name;
import dev.potluck.content.Version;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LocksTest {
  private static final Name X = Name.of("x");
  private static final Duration LEASE = Leases.DEFAULT.lease();

  private final Seat seat = Seat.fresh();

  LocksTest() {
    seat.join(ANNA);
    seat.join(BEN);
  }

  @Test
  void oneLockANameAndTheMessageSaysWhoHasIt() {
    NameLock lock = lock(ANNA, "x");

    assertThat(lock).isEqualTo(NameLock.exclusive(X, ANNA, lock.token()));
    assertThat(refusal(seat.commit(lockOf(BEN, X)))).isEqualTo("LOCKED: x is locked by anna");
    assertThat(directory().locks(X)).contains(lock);
  }

  @Test
  void whoAsksAgainGetsTheSameLock() {
    assertThat(lock(ANNA, "x")).isEqualTo(lock(ANNA, "x"));
  }

  @Test
  void tokensGrowOverAllNames() {
    long first = lock(ANNA, "x").token();
    long second = lock(BEN, "y").token();
    unlock(ANNA, "x", first);
    long third = lock(BEN, "x").token();

    assertThat(List.of(first, second, third)).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void aNameCanBeLockedBeforeItIsMade() {
    NameLock lock = lock(ANNA, "x");

    assertThat(refusal(commit(BEN, edited("x", 0, 1)))).isEqualTo("LOCKED: x is locked by anna");
    assertThat(commit(ANNA, under(lock, edited("x", 0, 2)))).isInstanceOf(Result.Committed.class);
  }

  @Test
  void whatIsCommittedUnderALockThatIsOverIsRefused() {
    commit(ANNA, edited("x", 0, 1));
    NameLock lost = lock(ANNA, "x");
    seat.commit(new Command.Expire(List.of(lost.token())));

    assertThat(refusal(commit(ANNA, under(lost, edited("x", 1, 2)))))
        .isEqualTo("LOCKED: the lock on x that this was written under is over; nobody has it now");
    NameLock now = lock(BEN, "x");
    assertThat(refusal(commit(ANNA, under(lost, edited("x", 1, 2)))))
        .isEqualTo("LOCKED: the lock on x that this was written under is over; ben has it now");
    assertThat(commit(BEN, under(now, edited("x", 1, 3)))).isInstanceOf(Result.Committed.class);
  }

  @Test
  void aLaterLockOfTheSamePeerDoesNotRescueWhatWasWrittenUnderTheFormer() {
    NameLock former = lock(ANNA, "x");
    unlock(ANNA, "x", former.token());
    lock(ANNA, "x");

    assertThat(refusal(commit(ANNA, under(former, edited("x", 0, 1))))).contains("is over");
  }

  @Test
  void aCommitWhoseAnswerWasLostMayBeSaidAgainAfterUnlocking() {
    NameLock lock = lock(ANNA, "x");
    Result first = commit(ANNA, under(lock, edited("x", 0, 1)));
    unlock(ANNA, "x", lock.token());

    Result again = commit(ANNA, under(lock, edited("x", 0, 1)));

    assertThat(versions(again)).isEqualTo(versions(first));
  }

  @Test
  void oneLockedNameRefusesTheWholeTransaction() {
    lock(BEN, "b");

    assertThat(refusal(commit(ANNA, edited("a", 0, 1), edited("b", 0, 1), edited("c", 0, 1))))
        .isEqualTo("LOCKED: b is locked by ben");
    assertThat(directory().size()).isZero();
  }

  @Test
  void theOwnersCommitsWithoutATokenGoThrough() {
    lock(ANNA, "x");

    assertThat(commit(ANNA, edited("x", 0, 1))).isInstanceOf(Result.Committed.class);
  }

  @Test
  void aChangeBehindPotlucksBackOfALockedNameIsAConflict() {
    seat.announce(ANNA, edited("x", 0, 1));
    lock(BEN, "x");

    assertThat(seat.announce(ANNA, edited("x", 1, 2)))
        .containsExactly(
            new Verdict.Conflict(X, seat.entry("x"), Name.of("x.conflict-anna-20261121-030405")));
    assertThat(seat.entry("x").version()).isEqualTo(version(1, 1));
  }

  @Test
  void aNewFileOfALockedNameIsAConflictWithNothingYet() {
    lock(BEN, "x");

    List<Verdict> verdicts = seat.announce(ANNA, edited("x", 0, 2));

    assertThat(verdicts).hasSize(1).first().isInstanceOf(Verdict.Conflict.class);
    assertThat(((Verdict.Conflict) verdicts.getFirst()).current().deleted()).isTrue();
    assertThat(directory().entry(X)).isEmpty();
  }

  @Test
  void othersCannotDeleteOrMoveWhatIsLocked() {
    commit(ANNA, edited("d/x", 0, 1), edited("d/y", 0, 2), edited("z", 0, 3));
    NameLock inFolder = lock(BEN, "d/x");

    Name d = Name.of("d");
    assertThat(
            refusal(seat.commit(new Command.Delete(ANNA, List.of(Name.of("z"), inFolder.name())))))
        .isEqualTo("LOCKED: d/x is locked by ben");
    assertThat(refusal(seat.commit(new Command.Move(ANNA, d, Name.of("e")))))
        .isEqualTo("LOCKED: d/x is locked by ben");
    assertThat(directory().size()).isEqualTo(3);
    assertThat(seat.commit(new Command.Move(BEN, d, Name.of("e"))))
        .isInstanceOf(Result.Moved.class);
  }

  @Test
  void nothingIsMovedToANameThatAnotherHasLocked() {
    commit(ANNA, edited("x", 0, 1));
    lock(BEN, "y");

    assertThat(refusal(seat.commit(new Command.Move(ANNA, X, Name.of("y")))))
        .isEqualTo("LOCKED: y is locked by ben");
  }

  @Test
  void theLastCopyOfALockedNameDoesNotTakeTheNameWithIt() {
    seat.announce(ANNA, edited("x", 0, 1));
    lock(BEN, "x");

    seat.announce(ANNA, Seat.deletedByUser("x", 1));

    assertThat(seat.entry("x").deleted()).isFalse();
  }

  @Test
  void unlockingWhatOneDoesNotHold() {
    commit(ANNA, edited("y", 0, 1));
    NameLock lock = lock(BEN, "x");

    assertThat(refusal(unlock(ANNA, "x", NameLock.NO_TOKEN)))
        .isEqualTo("LOCKED: x is locked by ben, who alone can unlock it");
    assertThat(refusal(unlock(BEN, "x", lock.token() + 1))).startsWith("LOCKED: the lock on x");
    assertThat(refusal(unlock(ANNA, "y", NameLock.NO_TOKEN)))
        .isEqualTo("CONFLICT: y is not locked");
    assertThat(refusal(unlock(ANNA, "z", NameLock.NO_TOKEN)))
        .isEqualTo("NO_SUCH_NAME: no such name, and no lock on it: z");
    assertThat(unlock(BEN, "x", lock.token())).isEqualTo(new Result.Done());
  }

  @Test
  void aLockEndsWithItsOwnersLease() {
    lock(ANNA, "x");

    seat.passes(LEASE);
    assertThat(directory().locks(X)).isNotEmpty();
    seat.passes(Duration.ofMillis(1));

    assertThat(directory().locks(X)).isEmpty();
  }

  @Test
  void aPeerThatReturnsWithinItsLeaseKeepsItsLocks() {
    NameLock lock = lock(ANNA, "x");
    seat.passes(LEASE.minusSeconds(1));

    seat.hello(ANNA);
    seat.passes(LEASE.minusSeconds(1));

    assertThat(directory().locks(X)).contains(lock);
  }

  @Test
  void aNewLeaderWaitsAFullLeaseAndLocksStayWithThoseWhoReturn() {
    NameLock annas = lock(ANNA, "x");
    lock(BEN, "y");

    Seat next = seat.restarted();
    next.hello(ANNA);
    next.passes(LEASE);

    assertThat(next.tracker.directory().locks(Name.of("y"))).isNotEmpty();
    next.tracker.heartbeat(next.session(ANNA), Load.NONE, FactDigest.EMPTY, next.now);
    next.passes(Duration.ofMillis(1));
    assertThat(next.tracker.directory().locks(X)).contains(annas);
    assertThat(next.tracker.directory().locks(Name.of("y"))).isEmpty();
  }

  @Test
  void whoIsExpelledHasNoLocksAndGetsNone() {
    lock(ANNA, "x");
    seat.commit(new Command.Expel(ANNA));

    assertThat(directory().locks(X)).isEmpty();
    assertThat(refusal(seat.commit(lockOf(ANNA, X)))).startsWith("DENIED");
  }

  @Test
  void locksAndTheirTokensOutliveASnapshot() {
    NameLock annas = lock(ANNA, "x");
    unlock(BEN, "y", lock(BEN, "y").token());

    Directory restored = Directory.restored(directory().saved());

    assertThat(restored.locks(ANNA)).containsExactly(annas);
    assertThat(restored.locks(BEN)).isEmpty();
    assertThat(restored.apply(lockOf(CARL, Name.of("z")), START))
        .isEqualTo(new Result.Locked(NameLock.exclusive(Name.of("z"), CARL, annas.token() + 2)));
  }

  @Test
  void aPeerHasNotMoreThanSoMany() {
    Locks locks = new Locks(new Party());
    List<Result> results = new ArrayList<>();
    for (int i = 0; i <= Locks.MAX_LOCKS_OF_PEER; i++) {
      results.add(locks.take(lockOf(ANNA, Name.of("n" + i))));
    }

    assertThat(results.get(Locks.MAX_LOCKS_OF_PEER - 1)).isInstanceOf(Result.Locked.class);
    assertThat(results.getLast()).isInstanceOf(Result.Refused.class);
    assertThat(locks.take(lockOf(BEN, Name.of("n")))).isInstanceOf(Result.Locked.class);
  }

  @Test
  void sharedLocksAreHadByManyAndNobodyWritesMeanwhile() {
    commit(CARL, edited("x", 0, 1));
    NameLock annas = share(ANNA, "x");
    NameLock bens = share(BEN, "x");

    assertThat(directory().locks(X)).containsExactly(annas, bens);
    assertThat(refusal(seat.commit(lockOf(CARL, X)))).isEqualTo("LOCKED: x is locked by anna");
    assertThat(refusal(seat.commit(lockOf(ANNA, X)))).isEqualTo("LOCKED: x is locked by ben");
    assertThat(refusal(commit(ANNA, under(annas, edited("x", 1, 2))))).contains("is over");
  }

  @Test
  void whatIsWrittenWithoutALockIsNotStoppedByASharedOne() {
    share(ANNA, "x");

    assertThat(commit(BEN, edited("x", 0, 1))).isInstanceOf(Result.Committed.class);
  }

  @Test
  void theOnlyOneWithASharedLockMayHaveTheExclusiveOneInstead() {
    NameLock shared = share(ANNA, "x");

    NameLock exclusive = lock(ANNA, "x");

    assertThat(exclusive.token()).isGreaterThan(shared.token());
    assertThat(directory().locks(X)).containsExactly(exclusive);
    assertThat(share(ANNA, "x")).isEqualTo(exclusive);
  }

  @Test
  void anExclusiveLockCanBecomeASharedOne() {
    NameLock lock = lock(ANNA, "x");
    assertThat(refusal(seat.commit(new Command.Share(ANNA, X, lock.token() + 1))))
        .startsWith("LOCKED");
    assertThat(refusal(seat.commit(new Command.Share(BEN, X, lock.token())))).startsWith("LOCKED");

    seat.commit(new Command.Share(ANNA, X, lock.token()));
    NameLock bens = share(BEN, "x");

    assertThat(directory().locks(X))
        .containsExactly(new NameLock(X, ANNA, LockMode.SHARED, lock.token()), bens);
  }

  @Test
  void ofSharedLocksOnlyThatOfTheDeadEnds() {
    share(ANNA, "x");
    NameLock bens = share(BEN, "x");
    seat.passes(LEASE.minusSeconds(1));
    seat.hello(BEN);

    seat.passes(Duration.ofSeconds(2));

    assertThat(directory().locks(X)).containsExactly(bens);
    assertThat(unlock(BEN, "x", bens.token())).isEqualTo(new Result.Done());
    assertThat(directory().locks(X)).isEmpty();
  }

  private NameLock share(PeerId by, String name) {
    var command = new Command.Lock(by, Name.of(name), LockMode.SHARED);
    return ((Result.Locked) seat.commit(command)).lock();
  }

  private static Command.Lock lockOf(PeerId by, Name name) {
    return new Command.Lock(by, name, LockMode.EXCLUSIVE);
  }

  private Directory directory() {
    return seat.tracker.directory();
  }

  private NameLock lock(PeerId by, String name) {
    return ((Result.Locked) seat.commit(lockOf(by, Name.of(name)))).lock();
  }

  private Result unlock(PeerId by, String name, long token) {
    return seat.commit(new Command.Unlock(by, Name.of(name), token));
  }

  private Result commit(PeerId by, Fact.Edited... edits) {
    return seat.commit(new Command.Commit(by, List.of(edits)));
  }

  private static Fact.Edited under(NameLock lock, Fact.Edited edit) {
    return new Fact.Edited(edit.name(), edit.base(), edit.version(), edit.reason(), lock.token());
  }

  private static List<Version> versions(Result result) {
    return ((Result.Committed) result).versions();
  }

  private static String refusal(Result result) {
    return result instanceof Result.Refused(Refusal refusal, String why, _)
        ? refusal + ": " + why
        : "done";
  }
}
