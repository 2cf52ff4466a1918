package dev.potluck.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class ExtentsTest {
  private static final int PLACES = 300;
  private static final int NOWHERE = -1;
  private static final long SEED =
      Long.getLong("potluck.seed", System.nanoTime() & Integer.MAX_VALUE);

  @Test
  void theLastThatWasWrittenAtAPlaceIsWhatLiesThere() {
    System.out.println("potluck.seed=" + SEED);
    var random = new Random(SEED);
    for (int round = 0; round < 200; round++) {
      var extents = Extents.NONE;
      int[] model = new int[PLACES];
      Arrays.fill(model, NOWHERE);
      int logBytes = 0;
      int logBytesThen = 0;
      for (int step = 0; step < 20; step++) {
        List<Extents.Extent> later = new ArrayList<>();
        for (int from = random.nextInt(40); from < PLACES; from += 1 + random.nextInt(120)) {
          int to = Math.min(PLACES, from + 1 + random.nextInt(40));
          later.add(new Extents.Extent(from, to, logBytes));
          for (; from < to; from++) {
            model[from] = logBytes++;
          }
        }
        extents = extents.with(later);
        check(extents, model, 0);
        assertThat(extents.logBytes()).isLessThanOrEqualTo(logBytes);
        logBytesThen = step == 10 ? logBytes : logBytesThen;
      }
      check(extents.since(logBytesThen), model, logBytesThen);
    }
  }

  private static void check(Extents extents, int[] model, int from) {
    for (int at = 0; at < PLACES; at++) {
      int place = at;
      var here = extents.endingAfter(at).filter(extent -> extent.from() <= place);
      long log = here.map(extent -> extent.at() + place - extent.from()).orElse((long) NOWHERE);
      assertThat(log).isEqualTo(model[at] >= from ? model[at] : NOWHERE);
    }
  }
}
