package dev.potluck.peer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class CompanyTest {
  private final Company it = new Company(1_000);

  @Test
  void whoWritesAloneNeverWaits() {
    for (long now = 0; now < 10_000; now += 300) {
      assertThat(it.isWorthAwaiting(1, now)).isFalse();
      it.answered(now + 200);
      assertThat(it.isAwaited()).isFalse();
    }
  }

  @Test
  void theFirstOfSeveralWaitsForAsManyAsThereWere() {
    threeHaveWritten();

    assertThat(it.isWorthAwaiting(1, 600)).isTrue();
    assertThat(it.isWorthAwaiting(2, 700)).isTrue();
    assertThat(it.leftNanos(700)).isEqualTo(400);
    assertThat(it.isWorthAwaiting(3, 800)).isFalse();
    assertThat(it.isAwaited()).isFalse();
  }

  @Test
  void itWaitsNoLongerThanAnAnswerTakesNorThanIsAllowed() {
    threeHaveWritten();
    assertThat(it.isWorthAwaiting(1, 600)).isTrue();
    assertThat(it.isWorthAwaiting(1, 1_100)).isFalse();
    it.answered(9_000);

    assertThat(it.isWorthAwaiting(1, 10_000)).isTrue();
    assertThat(it.isWorthAwaiting(1, 11_000)).isFalse();
  }

  @Test
  void whenTheOthersHaveEndedWhoGoesOnWaitsTwiceAtMost() {
    threeHaveWritten();
    assertThat(it.isWorthAwaiting(1, 600)).isTrue();
    assertThat(it.isWorthAwaiting(1, 1_100)).isFalse();
    it.answered(1_200);
    assertThat(it.isWorthAwaiting(1, 1_300)).isTrue();
    assertThat(it.isWorthAwaiting(1, 1_400)).isFalse();
    it.answered(1_500);

    assertThat(it.isWorthAwaiting(1, 1_600)).isFalse();
  }

  @Test
  void otherFactsDoNotWait() {
    threeHaveWritten();

    assertThat(it.isWorthAwaiting(1, 600)).isTrue();
    assertThat(it.isWorthAwaiting(0, 600)).isFalse();
    assertThat(it.isAwaited()).isFalse();
    assertThat(it.isWorthAwaiting(1, 600)).isTrue();
    it.forget();
    assertThat(it.isAwaited()).isFalse();
  }

  /// Their message was said at 0, and answered at 500.
  private void threeHaveWritten() {
    assertThat(it.isWorthAwaiting(3, 0)).isFalse();
    it.answered(500);
  }
}
