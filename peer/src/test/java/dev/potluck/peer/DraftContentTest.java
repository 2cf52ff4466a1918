package dev.potluck.peer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.potluck.content.ContentHasher;
import dev.potluck.content.PieceLayer;
import dev.potluck.content.Pieces;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a draft reads is what a plain array would, whatever is done to both; and what it seals is
/// that.
final class DraftContentTest {
  private static final int BYTES_MAX = 3 * Pieces.MIN_LENGTH;
  private static final int WRITE_BYTES = (1 << 20) - 3;
  private static final long SEED =
      Long.getLong("potluck.seed", System.nanoTime() & Integer.MAX_VALUE);

  @TempDir private Path folder;
  private final ExecutorService followers = Executors.newCachedThreadPool();
  private ShareTree tree;
  private TestScratches scratches;

  @BeforeEach
  void open() throws IOException {
    Files.createDirectories(folder.resolve("drafts"));
    tree = ShareTree.open(folder);
    scratches = new TestScratches();
  }

  @AfterEach
  void close() {
    followers.shutdownNow();
    tree.close();
  }

  @Test
  void randomChangesOfANewFile() throws Exception {
    var random = seeded(1);
    for (int round = 0; round < 20; round++) {
      play(new DraftContent(scratches), new byte[0], random);
    }
  }

  @Test
  void randomChangesOfAVersion() throws Exception {
    var random = seeded(2);
    for (int round = 0; round < 20; round++) {
      byte[] version = new byte[random.nextInt(BYTES_MAX)];
      random.nextBytes(version);
      var layer = Optional.of(hashed(version));
      play(new DraftContent(scratches, new Bytes(version), version.length, layer), version, random);
    }
  }

  @Test
  void whatIsWrittenAfterSealingLeavesTheSealedAlone() throws Exception {
    var draft = new DraftContent(scratches);
    draft.write(0, ByteBuffer.wrap("first".getBytes(UTF_8)));
    var sealed = draft.seal().ready();

    draft.write(0, ByteBuffer.wrap("later".getBytes(UTF_8)));

    assertThat(Files.readString(folder.resolve(sealed.path()))).isEqualTo("first");
    assertThat(new String(all(draft), UTF_8)).isEqualTo("later");
    draft.close();
  }

  @Test
  void whatIsWrittenInOrderIsHashedBehindTheWriter() throws Exception {
    byte[] bytes = large(24);
    var draft = new DraftContent(scratches);

    writeInOrder(draft, bytes, 0);

    assertThat(draft.seal().ready().layer()).isEqualTo(hashed(bytes));
    assertThat(scratches.hashedWhole).isZero();
    draft.close();
  }

  @Test
  void whatIsChangedAfterItWasHashedIsHashedAgain() throws Exception {
    byte[] bytes = large(24);
    var draft = new DraftContent(scratches);
    writeInOrder(draft, Arrays.copyOf(bytes, bytes.length / 2), 0);
    bytes[5]++;
    draft.write(5, ByteBuffer.wrap(bytes, 5, 1));

    writeInOrder(draft, bytes, bytes.length / 2);

    assertThat(draft.seal().ready().layer()).isEqualTo(hashed(bytes));
    assertThat(scratches.hashedWhole).isEqualTo(1);
    draft.close();
  }

  @Test
  void whereNobodyFollowsItIsHashedAtTheEnd() throws Exception {
    byte[] bytes = large(24);
    followers.shutdown();
    var draft = new DraftContent(scratches);

    writeInOrder(draft, bytes, 0);

    assertThat(draft.seal().ready().layer()).isEqualTo(hashed(bytes));
    assertThat(scratches.hashedWhole).isEqualTo(1);
    draft.close();
  }

  @Test
  void whatWasCutIsNotFollowed() throws Exception {
    byte[] bytes = large(24);
    var draft = new DraftContent(scratches);
    writeInOrder(draft, large(12), 0);
    draft.resize(0);

    writeInOrder(draft, bytes, 0);

    assertThat(draft.seal().ready().layer()).isEqualTo(hashed(bytes));
    assertThat(scratches.hashedWhole).isZero();
    draft.close();
  }

  private static byte[] large(int mib) {
    byte[] bytes = new byte[(mib << 20) + 17];
    new Random(mib).nextBytes(bytes);
    return bytes;
  }

  private static void writeInOrder(DraftContent draft, byte[] bytes, int from) throws IOException {
    for (int at = from; at < bytes.length; at += WRITE_BYTES) {
      int count = Math.min(WRITE_BYTES, bytes.length - at);
      draft.write(at, ByteBuffer.allocateDirect(count).put(bytes, at, count).flip());
    }
  }

  @Test
  void onlyChangedPiecesAreHashed() throws Exception {
    byte[] version = new byte[8 * Pieces.MIN_LENGTH];
    new Random(3).nextBytes(version);
    var draft =
        new DraftContent(
            scratches, new Bytes(version), version.length, Optional.of(hashed(version)));
    draft.write(3 * Pieces.MIN_LENGTH + 5, ByteBuffer.wrap(new byte[10]));
    Arrays.fill(version, 3 * Pieces.MIN_LENGTH + 5, 3 * Pieces.MIN_LENGTH + 15, (byte) 0);

    var sealed = draft.seal().ready();

    assertThat(scratches.hashedWhole).isZero();
    assertThat(sealed.layer()).isEqualTo(hashed(version));
    draft.close();
  }

  @Test
  void whatIsThrownAwayLeavesNoFile() throws Exception {
    var draft = new DraftContent(scratches);
    draft.write(0, ByteBuffer.wrap(new byte[10]));

    draft.close();

    try (var left = Files.list(folder.resolve("drafts"))) {
      assertThat(left).isEmpty();
    }
  }

  private static Random seeded(int salt) {
    System.out.println("potluck.seed=" + SEED);
    return new Random(SEED + salt);
  }

  private void play(DraftContent draft, byte[] before, Random random) throws Exception {
    byte[] model = before.clone();
    for (int step = 0; step < 25; step++) {
      int from = random.nextInt(BYTES_MAX);
      int count = random.nextInt(1 << random.nextInt(18));
      switch (random.nextInt(8)) {
        case 0 -> {
          int size = random.nextInt(5) == 0 ? 0 : from;
          draft.resize(size);
          model = Arrays.copyOf(model, size);
        }
        case 1 -> {
          draft.zero(from, from + (long) count);
          int end = Math.min(from + count, model.length);
          if (from < end) {
            Arrays.fill(model, from, end, (byte) 0);
          }
        }
        case 2 -> model = written(draft, model, model.length, count, random); // in order
        case 3 -> {
          var sealed = draft.seal().ready();
          assertThat(sealed.layer()).isEqualTo(hashed(model));
          assertThat(Files.readAllBytes(folder.resolve(sealed.path()))).isEqualTo(model);
        }
        default -> model = written(draft, model, from, count, random);
      }
      assertThat(all(draft)).isEqualTo(model);
      checkHoles(draft, model);
    }
    draft.close();
  }

  private static byte[] written(
      DraftContent draft, byte[] model, int from, int count, Random random) throws IOException {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    draft.write(from, ByteBuffer.wrap(bytes));
    byte[] after = count == 0 ? model : Arrays.copyOf(model, Math.max(model.length, from + count));
    System.arraycopy(bytes, 0, after, Math.min(from, after.length), count);
    return after;
  }

  /// What is said to be a hole is zeros.
  private static void checkHoles(DraftContent draft, byte[] model) {
    for (long at = 0; at < model.length; ) {
      long data = draft.seek(at, false);
      int end = data < 0 ? model.length : (int) data;
      for (int i = (int) at; i < end; i++) {
        assertThat(model[i]).isZero();
      }
      if (data < 0) {
        return;
      }
      at = draft.seek(data, true);
      assertThat(at).isGreaterThan(data);
    }
  }

  private static byte[] all(DraftContent draft) throws IOException, InterruptedException {
    var buffer = ByteBuffer.allocate((int) draft.size());
    int at = 0;
    // In odd steps, so that ends of reads fall anywhere.
    for (int step = 1; at < draft.size(); step = step * 3 % 100_003) {
      buffer.limit(Math.min(buffer.capacity(), at + step));
      at += draft.read(at, buffer);
    }
    return buffer.array();
  }

  private static PieceLayer hashed(byte[] bytes) throws IOException {
    return new ContentHasher(Runnable::run, 1)
        .hash((position, target) -> new Bytes(bytes).read(position, target), bytes.length)
        .layer();
  }

  private final class TestScratches implements DraftContent.Scratches {
    private int made;
    int hashedWhole;

    @Override
    public FileHandle create() throws IOException {
      return tree.create("drafts/" + made++);
    }

    @Override
    public void delete(FileHandle file) throws IOException {
      tree.unlinkIfPresent(file.path());
    }

    @Override
    public FollowingHash follow() {
      return new FollowingHash(followers);
    }

    @Override
    public PieceLayer hash(FileHandle file, long size) throws IOException {
      hashedWhole++;
      return new ContentHasher(Runnable::run, 1).hash(file, size).layer();
    }
  }

  private static final class Bytes implements OpenFile {
    private final byte[] bytes;

    Bytes(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public int read(long position, ByteBuffer target) {
      if (position >= bytes.length) {
        return -1;
      }
      int count = (int) Math.min(target.remaining(), bytes.length - position);
      target.put(bytes, (int) position, count);
      return count;
    }

    @Override
    public boolean isAtHand(long position, int length) {
      return true;
    }

    @Override
    public OptionalInt descriptor() {
      return OptionalInt.empty();
    }

    @Override
    public void close() {}
  }
}
