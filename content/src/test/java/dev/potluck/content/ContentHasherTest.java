package dev.potluck.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContentHasherTest {
  private static final int LEAF = Pieces.LEAF_BYTES;

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 16_383, 16_384, 16_385, 262_143, 262_144, 262_145, 3_000_000})
  void rootIsTheNaiveTreeOverAllLeaves(int size) throws IOException {
    byte[] bytes = bytes(size);

    ContentHasher.Hashed hashed = hash(bytes);

    assertThat(hashed.content()).isEqualTo(new ContentId(NaiveMerkle.root(bytes), size));
  }

  @Test
  void piecesOfALargeContentAreHashedSideBySideWithTheSameResult() throws IOException {
    byte[] bytes = bytes(5_000_000);

    ContentHasher.Hashed sideBySide;
    try (ExecutorService executor = Executors.newFixedThreadPool(3)) {
      sideBySide = new ContentHasher(executor, 4).hash(source(bytes), bytes.length);
    }

    assertThat(sideBySide).isEqualTo(hash(bytes));
  }

  @Test
  void aFileWithTheRootOfALargerOneIsAnotherContent() throws IOException {
    byte[] large = bytes(2 * LEAF);
    byte[] small = new byte[64];
    NaiveMerkle.root(copy(large, 0, LEAF)).copyTo(small, 0);
    NaiveMerkle.root(copy(large, LEAF, LEAF)).copyTo(small, 32);

    ContentId largeId = hash(large).content();
    ContentId smallId = hash(small).content();

    assertThat(smallId.root()).isEqualTo(largeId.root());
    assertThat(smallId).isNotEqualTo(largeId);
    assertThat(ContentId.parse(smallId.toString())).isEqualTo(smallId).isNotEqualTo(largeId);
  }

  @Test
  void aLayerIsBelievedOnlyIfItLeadsToTheRoot() throws IOException {
    ContentHasher.Hashed hashed = hash(bytes(1_000_000));
    byte[] layer = hashed.layer().bytes();
    byte[] damaged = layer.clone();
    damaged[40] ^= 1;

    assertThat(PieceLayer.verified(hashed.content(), layer)).contains(hashed.layer());
    assertThat(PieceLayer.verified(hashed.content(), damaged)).isEmpty();
    assertThat(PieceLayer.verified(hashed.content(), new byte[0])).isEmpty();
    assertThat(
            PieceLayer.verified(new ContentId(hashed.content().root(), 64), new byte[0])
                .orElseThrow()
                .hash(0))
        .isEqualTo(hashed.content().root());
  }

  @Test
  void piecesVerifyOneByOneInAnyOrder() throws IOException {
    byte[] bytes = bytes(1_000_000);
    PieceLayer layer = hash(bytes).layer();
    Pieces pieces = layer.content().pieces();
    PieceHasher hasher = new PieceHasher(pieces);

    for (int piece = pieces.count() - 1; piece >= 0; piece--) {
      hasher.begin(piece);
      hasher.update(ByteBuffer.wrap(bytes, (int) pieces.offset(piece), pieces.length(piece)));
      assertThat(hasher.finish()).isEqualTo(layer.hash(piece));
    }
  }

  @Test
  void aSourceThatEndsEarlyIsAnErrorAndNoContent() {
    byte[] bytes = bytes(300_000);

    assertThatThrownBy(() -> sequential().hash(source(bytes), 300_001))
        .isInstanceOf(EOFException.class);
  }

  private static ContentHasher.Hashed hash(byte[] bytes) throws IOException {
    return sequential().hash(source(bytes), bytes.length);
  }

  private static ContentHasher sequential() {
    return new ContentHasher(Runnable::run, 1);
  }

  /// Hands out odd amounts, as a file system may.
  private static ByteSource source(byte[] bytes) {
    return (position, target) -> {
      int available = Math.min(Math.min(target.remaining(), bytes.length - (int) position), 70_001);
      target.put(bytes, (int) position, available);
      return available == 0 ? -1 : available;
    };
  }

  private static byte[] copy(byte[] bytes, int offset, int length) {
    return java.util.Arrays.copyOfRange(bytes, offset, offset + length);
  }

  private static byte[] bytes(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }
}
