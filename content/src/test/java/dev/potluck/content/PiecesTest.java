package dev.potluck.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PiecesTest {
  @ParameterizedTest
  @CsvSource({
    "0, 262144, 0",
    "1, 262144, 1",
    "262144, 262144, 1",
    "262145, 262144, 2",
    "67108864, 262144, 256",
    "268435456, 262144, 1024",
    "268435457, 524288, 513",
    "1073741824, 1048576, 1024",
    "5368709120, 2097152, 2560"
  })
  void lengthGrowsWithTheSizeSoThatThereAreAboutAThousand(long size, int length, int count) {
    Pieces pieces = new Pieces(size);

    assertThat(pieces.pieceLength()).isEqualTo(length);
    assertThat(pieces.count()).isEqualTo(count);
  }

  @Test
  void theLastPieceHoldsTheRest() {
    Pieces pieces = new Pieces(600_000);

    assertThat(pieces.length(0)).isEqualTo(262_144);
    assertThat(pieces.length(2)).isEqualTo(600_000 - 2 * 262_144);
    assertThat(pieces.pieceAt(599_999)).isEqualTo(2);
    assertThatThrownBy(() -> pieces.offset(3)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> pieces.pieceAt(600_000)).isInstanceOf(IndexOutOfBoundsException.class);
  }
}
