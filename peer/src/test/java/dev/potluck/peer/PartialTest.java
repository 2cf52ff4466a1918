package dev.potluck.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.potluck.content.ContentId;
import dev.potluck.content.FailedException;
import dev.potluck.content.Name;
import dev.potluck.content.PieceLayer;
import dev.potluck.directory.Reason;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PartialTest {
  private static final int PIECE = 256 << 10;

  @TempDir Path folder;
  private final List<String> told = new ArrayList<>();

  @Test
  void onlyVerifiedPiecesAreRead() throws IOException {
    byte[] bytes = random(3 * PIECE + 100);
    try (ShareFixture it = new ShareFixture(folder);
        Partial partial = it.share.resume(ShareFixture.layer(bytes), true)) {
      assertThat(partial.add(1, ByteBuffer.wrap(bytes, PIECE, PIECE))).isTrue();

      ByteBuffer target = ByteBuffer.allocateDirect(2 * PIECE);
      int count = partial.read(PIECE, target);

      assertThat(count).isEqualTo(PIECE);
      assertThat(target.flip()).isEqualTo(ByteBuffer.wrap(bytes, PIECE, PIECE));
      assertThatThrownBy(() -> partial.read(0, ByteBuffer.allocateDirect(10)))
          .hasMessageContaining("not here yet");
      assertThatThrownBy(partial::finish).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void whatWasDownloadedIsTakenUpAgainAndDamageIsNot() throws IOException {
    byte[] bytes = random(4 * PIECE + 1);
    PieceLayer layer = ShareFixture.layer(bytes);
    try (ShareFixture it = new ShareFixture(folder)) {
      try (Partial partial = it.share.resume(layer, true)) {
        for (int piece : new int[] {0, 2, 4}) {
          add(partial, bytes, piece);
        }
      }
      Path data = folder.resolve(".potluck/partial/" + layer.content());
      try (RandomAccessFile file = new RandomAccessFile(data.toFile(), "rw")) {
        file.seek(2L * PIECE + 5);
        file.write(bytes[2 * PIECE + 5] + 1);
      }

      it.reopen();

      try (Partial again = it.share.resume(layer, true)) {
        assertThat(again.verified().stream()).containsExactly(0, 4);
        for (int piece = 1; piece < 4; piece++) {
          add(again, bytes, piece);
        }
        it.share.install(
            again.finish(),
            Name.of("whole"),
            dev.potluck.content.Version.file(1, layer.content(), ShareFixture.LONG_AGO, 0644),
            Reason.FETCHED);
        assertThat(again.read(0, ByteBuffer.allocateDirect(10))).isEqualTo(10);
      }
      assertThat(folder.resolve("whole")).hasBinaryContent(bytes);
    }
  }

  @Test
  void whatHadComeOfAPieceIsKeptThroughACrash() throws IOException {
    byte[] bytes = random(3 * PIECE);
    PieceLayer layer = ShareFixture.layer(bytes);
    ByteBuffer half = ByteBuffer.allocateDirect(PIECE).put(bytes, PIECE, PIECE / 2);
    try (ShareFixture it = new ShareFixture(folder)) {
      try (Partial partial = it.share.resume(layer, true)) {
        partial.begun().begin(1).orElseThrow().keep(half); // and there it ends
        partial.begun().begin(2).orElseThrow().keep(half);
        add(partial, bytes, 2);
      }

      it.reopen();

      try (Partial again = it.share.resume(layer, true)) {
        assertThat(again.begun().kept(1)).isEqualTo(PIECE / 2);
        assertThat(again.begun().kept(2)).as("the piece is complete").isZero();
        PieceReceiver rest = receiver(again, 1);
        assertThat(rest.resume()).isEqualTo(PIECE / 2);
        assertThat(again.begun().kept(1)).as("it is being completed").isZero();
        rest.write(PIECE + PIECE / 2, ByteBuffer.wrap(bytes, PIECE + PIECE / 2, PIECE / 2));
        assertThat(again.verified().stream()).containsExactly(1, 2);
      }
    }
    assertThat(told).containsExactly("verified 1");
  }

  @Test
  void aKeptBeginningThatIsDamagedIsNobodysFault() throws IOException {
    byte[] bytes = random(2 * PIECE);
    PieceLayer layer = ShareFixture.layer(bytes);
    ByteBuffer wrong = ByteBuffer.allocateDirect(PIECE).position(1_000);
    try (ShareFixture it = new ShareFixture(folder)) {
      try (Partial partial = it.share.resume(layer, true)) {
        partial.begun().begin(0).orElseThrow().keep(wrong);
      }

      it.reopen();

      try (Partial again = it.share.resume(layer, true)) {
        PieceReceiver rest = receiver(again, 0);
        assertThat(rest.resume()).isEqualTo(1_000);
        rest.write(1_000, ByteBuffer.wrap(bytes, 1_000, PIECE - 1_000));
        assertThat(again.verified().isEmpty()).isTrue();
        assertThat(again.begun().kept(0)).as("it is asked for whole").isZero();
      }
    }
    assertThat(told).containsExactly("spoilt 0");
  }

  @Test
  void aDownloadThatNobodyWantsAnyMoreLeavesNothing() throws IOException {
    PieceLayer layer = ShareFixture.layer(random(3 * PIECE));
    try (ShareFixture it = new ShareFixture(folder)) {
      try (Partial running = it.share.resume(layer, true)) {
        it.share.forgetDownload(layer.content());
        assertThat(it.exists(".potluck/partial/" + layer.content())).isTrue();
        assertThat(running.verified().isEmpty()).isTrue();
      }

      it.share.forgetDownload(layer.content());

      try (Stream<Path> left = Files.list(folder.resolve(".potluck/partial"))) {
        assertThat(left).isEmpty();
      }
    }
  }

  private PieceReceiver receiver(Partial partial, int piece) {
    return new PieceReceiver(
        partial,
        piece,
        new PieceBuffers(PIECE),
        new PieceReceiver.Judge() {
          @Override
          public void verified(int right, int lengthBytes) {
            told.add("verified " + right);
          }

          @Override
          public void corrupt(int wrong) {
            told.add("corrupt " + wrong);
          }

          @Override
          public void spoilt(int wrong) {
            told.add("spoilt " + wrong);
          }

          @Override
          public void received(long bytes) {}
        });
  }

  @Test
  void aContentIsDownloadedOnceAtATime() throws IOException {
    PieceLayer layer = ShareFixture.layer(random(10));
    try (ShareFixture it = new ShareFixture(folder);
        Partial partial = it.share.resume(layer, true)) {
      assertThat(partial.verified().isEmpty()).isTrue();
      assertThatThrownBy(() -> it.share.resume(layer, true))
          .isInstanceOf(IllegalStateException.class);
      partial.discard();
      it.share.resume(layer, true).close();
    }
  }

  @Test
  void aFullDiskIsAClearFailureAndLeavesNothing(@TempDir Path elsewhere) throws Exception {
    assumeTrue("root".equals(System.getProperty("user.name")), "mounting takes root");
    assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", elsewhere.toString()) == 0);
    try (ShareFixture it = new ShareFixture(elsewhere)) {
      byte[] bytes = random(8 << 20);

      assertThatThrownBy(() -> it.share.resume(ShareFixture.layer(bytes), true))
          .isInstanceOf(FailedException.class)
          .hasMessageContaining("disk is full");

      try (Stream<Path> left = Files.list(elsewhere.resolve(".potluck/partial"))) {
        assertThat(left).isEmpty();
      }
      it.install("small", "still works", 1);
      assertThat(it.share.open(ShareFixture.id("still works")))
          .hasValueSatisfying(OpenContent::close);
    } finally {
      assertThat(run("umount", elsewhere.toString())).isZero();
    }
  }

  @Test
  void anEmptyContentIsWholeAtOnce() throws IOException {
    try (ShareFixture it = new ShareFixture(folder)) {
      ReadyContent ready = it.ready(new byte[0]);

      assertThat(ready.content()).isEqualTo(ContentId.EMPTY);
      it.share.discard(ready);
    }
  }

  private static void add(Partial partial, byte[] bytes, int piece) throws IOException {
    int offset = piece * PIECE;
    int length = Math.min(PIECE, bytes.length - offset);
    assertThat(partial.add(piece, ByteBuffer.wrap(bytes, offset, length))).isTrue();
  }

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(1).nextBytes(bytes);
    return bytes;
  }

  private static int run(String... command) throws Exception {
    return new ProcessBuilder(command).inheritIO().start().waitFor();
  }
}
