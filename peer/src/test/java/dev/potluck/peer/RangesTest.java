package dev.potluck.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class RangesTest {
  private static final int PLACES = 200;
  private static final long SEED =
      Long.getLong("potluck.seed", System.nanoTime() & Integer.MAX_VALUE);

  @Test
  void isWhatASetOfPlacesIs() {
    System.out.println("potluck.seed=" + SEED);
    var random = new Random(SEED);
    for (int round = 0; round < 200; round++) {
      var ranges = new Ranges();
      var places = new BitSet();
      for (int step = 0; step < 30; step++) {
        int from = random.nextInt(PLACES);
        int to = from + random.nextInt(30);
        if (random.nextInt(6) == 0) {
          ranges.cut(from);
          places.clear(from, 2 * PLACES);
        } else {
          ranges.add(from, to);
          places.set(from, to);
        }
        check(ranges, places);
      }
    }
  }

  private static void check(Ranges ranges, BitSet places) {
    assertThat(ranges.isEmpty()).isEqualTo(places.isEmpty());
    for (int at = 0; at < PLACES; at++) {
      assertThat(ranges.contains(at)).isEqualTo(places.get(at));
      int next = places.nextSetBit(at);
      long end = places.get(at) ? places.nextClearBit(at) : next < 0 ? Long.MAX_VALUE : (long) next;
      assertThat(ranges.endAt(at)).isEqualTo(end);
      assertThat(ranges.intersects(at, at + 7L)).isEqualTo(next >= 0 && next < at + 7);
    }
  }
}
