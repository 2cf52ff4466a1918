package dev.potluck.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PieceSetTest {
  @Test
  void travelsAsBytesAndBack() {
    PieceSet set = PieceSet.none(20);
    set.add(0);
    set.add(13);

    PieceSet back = PieceSet.of(set.toBytes(), 20);

    assertThat(back).isEqualTo(set);
    assertThat(back.stream()).containsExactly(0, 13);
    assertThat(back.nextMissing(0)).isEqualTo(1);
    assertThat(back.next(1)).isEqualTo(13);
    assertThat(back.next(14)).isEqualTo(20);
  }

  @Test
  void aClaimBeyondTheLastPieceIsRefused() {
    byte[] bytes = {0, 0, 16};

    assertThatIllegalArgumentException().isThrownBy(() -> PieceSet.of(bytes, 20));
    assertThatThrownBy(() -> PieceSet.none(3).add(3)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void isFullWithEveryPieceAndAtOnceWhenThereAreNone() {
    PieceSet set = PieceSet.all(3);

    assertThat(set.isFull()).isTrue();
    assertThat(PieceSet.none(0).isFull()).isTrue();
    set.remove(2);
    assertThat(set.isFull()).isFalse();
  }
}
