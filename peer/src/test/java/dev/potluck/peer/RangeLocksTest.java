package dev.potluck.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.potluck.directory.LockMode;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class RangeLocksTest {
  private static final long SEED =
      Long.getLong("potluck.seed", System.nanoTime() & Integer.MAX_VALUE);
  private static final long END = Long.MAX_VALUE;

  private final RangeLocks locks = new RangeLocks();

  @Test
  void readersShareAndWritersExcludeWhereTheirRangesMeet() {
    locks.put(lock(1, 0, 9, LockMode.SHARED));
    locks.put(lock(2, 20, 29, LockMode.EXCLUSIVE));

    assertThat(locks.conflict(lock(3, 0, 19, LockMode.SHARED))).isEmpty();
    assertThat(locks.conflict(lock(3, 9, 9, LockMode.EXCLUSIVE)))
        .contains(lock(1, 0, 9, LockMode.SHARED));
    assertThat(locks.conflict(lock(3, 10, 20, LockMode.SHARED)))
        .contains(lock(2, 20, 29, LockMode.EXCLUSIVE));
    assertThat(locks.conflict(lock(2, 10, END, LockMode.EXCLUSIVE))).isEmpty();
    assertThat(locks.conflict(lock(3, 30, END, LockMode.EXCLUSIVE))).isEmpty();
  }

  @Test
  void whatIsUnlockedInTheMiddleSplitsALock() {
    locks.put(lock(1, 0, END, LockMode.EXCLUSIVE));

    locks.clear(1, 10, 19);

    assertThat(sorted())
        .containsExactly(lock(1, 0, 9, LockMode.EXCLUSIVE), lock(1, 20, END, LockMode.EXCLUSIVE));
    assertThat(locks.conflict(lock(2, 10, 19, LockMode.EXCLUSIVE))).isEmpty();
  }

  @Test
  void whatMeetsBecomesOneLock() {
    locks.put(lock(1, 0, 9, LockMode.SHARED));
    locks.put(lock(1, 20, 29, LockMode.SHARED));

    locks.put(lock(1, 5, 19, LockMode.SHARED));

    assertThat(locks.all()).containsExactly(lock(1, 0, 29, LockMode.SHARED));
  }

  @Test
  void anotherModeTakesThePlaceOfTheFormerInItsRangeOnly() {
    locks.put(lock(1, 0, 29, LockMode.SHARED));

    locks.put(lock(1, 10, 19, LockMode.EXCLUSIVE));

    assertThat(sorted())
        .containsExactly(
            lock(1, 0, 9, LockMode.SHARED),
            lock(1, 10, 19, LockMode.EXCLUSIVE),
            lock(1, 20, 29, LockMode.SHARED));
  }

  @Test
  void whatIsUnlockedOfOneOwnerStaysOfTheOthers() {
    locks.put(lock(1, 0, 9, LockMode.SHARED));
    locks.put(lock(2, 0, 9, LockMode.SHARED));

    locks.clear(1, 0, END);

    assertThat(locks.all()).containsExactly(lock(2, 0, 9, LockMode.SHARED));
  }

  /// Against a model that notes the mode of each byte and owner by itself.
  @Test
  void whateverIsLockedAndUnlockedEachByteHasTheModeItWasLastGiven() {
    Random random = new Random(SEED);
    LockMode[][] model = new LockMode[3][16];
    for (int step = 0; step < 5_000; step++) {
      int owner = random.nextInt(3);
      int first = random.nextInt(16);
      int last = first + random.nextInt(16 - first);
      LockMode mode = random.nextBoolean() ? LockMode.SHARED : LockMode.EXCLUSIVE;
      boolean unlocks = random.nextInt(3) == 0;
      if (unlocks) {
        locks.clear(owner, first, last);
      } else if (locks.conflict(lock(owner, first, last, mode)).isEmpty()) {
        locks.put(lock(owner, first, last, mode));
      } else {
        continue;
      }
      for (int at = first; at <= last; at++) {
        model[owner][at] = unlocks ? null : mode;
      }
      assertSame(model, step);
    }
  }

  private void assertSame(LockMode[][] model, int step) {
    for (int owner = 0; owner < model.length; owner++) {
      for (int at = 0; at < model[owner].length; at++) {
        long own = owner;
        long byteAt = at;
        List<LockMode> found =
            locks.all().stream()
                .filter(lock -> lock.owner() == own && lock.overlaps(byteAt, byteAt))
                .map(FileLock::mode)
                .toList();
        assertThat(found)
            .as("owner %d, byte %d, step %d, -Dpotluck.seed=%d", owner, at, step, SEED)
            .isEqualTo(model[owner][at] == null ? List.of() : List.of(model[owner][at]));
      }
    }
  }

  private List<FileLock> sorted() {
    return locks.all().stream().sorted(Comparator.comparingLong(FileLock::first)).toList();
  }

  private static FileLock lock(long owner, long first, long last, LockMode mode) {
    return new FileLock(owner, 7, first, last, mode, 0);
  }
}
