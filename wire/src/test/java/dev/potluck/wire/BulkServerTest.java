package dev.potluck.wire;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.potluck.content.ContentId;
import dev.potluck.content.PieceLayer;
import dev.potluck.content.PieceSet;
import dev.potluck.content.Root;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The bulk port and its client, over real sockets and TLS.
final class BulkServerTest {
  private static final int PIECE = 256 << 10;

  private final WireThreads threads = new WireThreads();
  private final MemorySource source = new MemorySource();
  private final Random random = new Random(Long.getLong("potluck.seed", 7));
  private TestParty party;
  private Identity host;
  private BulkServer server;
  private BulkClient client;

  @BeforeEach
  void start(@TempDir Path folder) throws IOException {
    party = new TestParty(folder);
    host = party.member();
    server = BulkServer.start(threads, party.tls(host), TestParty.LOOPBACK, source, new FakePeer());
    client = new BulkClient(threads, party.tls());
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
    threads.close();
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private Transfer fetch(ContentId id, long offset, long length, BulkSink sink) {
    return client.fetch(TestParty.at(server.port()), host.id(), id, offset, length, sink);
  }

  private static BulkSink into(ByteArrayOutputStream out, long from) {
    return (position, bytes) -> {
      assertThat(position).isEqualTo(from + out.size());
      assertThat(bytes.isDirect()).isTrue();
      byte[] part = new byte[bytes.remaining()];
      bytes.get(part);
      out.write(part);
    };
  }

  @Test
  void everyRangeComesAsItIs() throws Exception {
    byte[] content = bytes(5 * PIECE + 77);
    ContentId id = source.add(content);

    for (int i = 0; i < 20; i++) {
      int offset = random.nextInt(content.length);
      int length = 1 + random.nextInt(content.length - offset);
      var out = new ByteArrayOutputStream();
      TransferOutcome outcome = fetch(id, offset, length, into(out, offset)).await();

      assertThat(outcome).isInstanceOf(TransferOutcome.Complete.class);
      assertThat(out.toByteArray()).isEqualTo(Arrays.copyOfRange(content, offset, offset + length));
    }
    // The last bytes are on their way before the server puts the content away.
    await()
        .untilAsserted(
            () -> {
              assertThat(server.activeTransfers()).isZero();
              assertThat(source.open).hasValue(0);
            });
  }

  @Test
  void manyTransfersAtOnceShareAFewConnections() throws Exception {
    byte[] content = bytes(40 * PIECE);
    ContentId id = source.add(content);
    List<ByteArrayOutputStream> outs = new ArrayList<>();
    List<Transfer> transfers = new ArrayList<>();

    for (int piece = 0; piece < 40; piece++) {
      var out = new ByteArrayOutputStream();
      outs.add(out);
      transfers.add(fetch(id, (long) piece * PIECE, PIECE, into(out, (long) piece * PIECE)));
    }

    for (int piece = 0; piece < 40; piece++) {
      assertThat(transfers.get(piece).await()).isInstanceOf(TransferOutcome.Complete.class);
      assertThat(outs.get(piece).toByteArray())
          .isEqualTo(Arrays.copyOfRange(content, piece * PIECE, (piece + 1) * PIECE));
    }
    assertThat(server.connections()).isBetween(1, 4);
  }

  @Test
  void aSinkThatDoesNotWaitIsCalledWhereTheBytesArrive() throws Exception {
    byte[] content = bytes(3 * PIECE);
    ContentId id = source.add(content);
    var out = new ByteArrayOutputStream();
    var inner = into(out, 0);
    BulkSink sink =
        new BulkSink() {
          @Override
          public void write(long position, ByteBuffer bytes) throws IOException {
            assertThat(Thread.currentThread().isVirtual()).isFalse();
            inner.write(position, bytes);
          }

          @Override
          public boolean mayBlock() {
            return false;
          }
        };

    assertThat(fetch(id, 0, content.length, sink).await())
        .isInstanceOf(TransferOutcome.Complete.class);
    assertThat(out.toByteArray()).isEqualTo(content);
  }

  @Test
  void whatIsNotHereIsNotHere() throws Exception {
    ContentId unknown = new ContentId(new Root(1, 2, 3, 4), 5);

    assertThat(fetch(unknown, 0, 5, into(new ByteArrayOutputStream(), 0)).await())
        .isEqualTo(new TransferOutcome.NotHere());
  }

  @Test
  void aPartialHolderServesThePiecesItHas() throws Exception {
    byte[] content = bytes(4 * PIECE);
    ContentId id = source.add(content);
    PieceSet some = PieceSet.none(4);
    some.add(1);
    some.add(2);
    source.held.computeIfPresent(
        id, (_, held) -> new MemorySource.Held(held.bytes(), some, held.layer()));
    var out = new ByteArrayOutputStream();

    assertThat(fetch(id, PIECE, 2 * PIECE, into(out, PIECE)).await())
        .isInstanceOf(TransferOutcome.Complete.class);
    assertThat(out.toByteArray()).isEqualTo(Arrays.copyOfRange(content, PIECE, 3 * PIECE));
    assertThat(fetch(id, 2 * PIECE, 2 * PIECE, into(out, 0)).await())
        .isEqualTo(new TransferOutcome.NotYet());
  }

  @Test
  void corruptionPassesThroughForTheCallerToFind() throws Exception {
    byte[] content = bytes(PIECE);
    ContentId id = source.add(content);
    content[100] ^= 1;
    var out = new ByteArrayOutputStream();

    fetch(id, 0, PIECE, into(out, 0)).await();

    assertThat(out.toByteArray()).isEqualTo(content);
  }

  @Test
  void pieceHashesComeAndAreVerifiedByTheCaller() throws Exception {
    ContentId id = source.add(bytes(5 * PIECE));

    var outcome = client.layer(TestParty.at(server.port()), host.id(), id).get(10, SECONDS);

    assertThat(outcome).isInstanceOf(LayerOutcome.Layer.class);
    assertThat(PieceLayer.verified(id, ((LayerOutcome.Layer) outcome).hashes())).isPresent();
  }

  @Test
  void aBatchBringsSmallContentsInOneRoundTrip() throws Exception {
    List<ContentId> ids = new ArrayList<>();
    List<byte[]> contents = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      contents.add(bytes(random.nextInt(12_000)));
      ids.add(source.add(contents.getLast()));
    }
    ids.set(500, new ContentId(new Root(1, 2, 3, 4), 99));
    var got = new TreeMap<Integer, byte[]>();
    var absent = new ArrayList<Integer>();

    TransferOutcome outcome =
        client.batch(TestParty.at(server.port()), host.id(), ids, collecting(got, absent)).await();

    assertThat(outcome).isInstanceOf(TransferOutcome.Complete.class);
    assertThat(absent).containsExactly(500);
    assertThat(got).hasSize(999);
    got.forEach((index, content) -> assertThat(content).isEqualTo(contents.get(index)));
    assertThat(source.open).hasValue(0);
  }

  private static BatchSink collecting(Map<Integer, byte[]> got, List<Integer> absent) {
    return new BatchSink() {
      @Override
      public void content(int index, ByteBuffer bytes) {
        byte[] content = new byte[bytes.remaining()];
        bytes.get(content);
        got.put(index, content);
      }

      @Override
      public void absent(int index) {
        absent.add(index);
      }
    };
  }

  @Test
  void aSlowSinkSlowsTheSenderAndNotTheMemory() throws Exception {
    byte[] content = bytes(64 << 20);
    ContentId id = source.add(content);
    var turns = new Semaphore(0);
    var taken = new AtomicLong();
    BulkSink slow =
        (_, bytes) -> {
          turns.acquireUninterruptibly();
          taken.addAndGet(bytes.remaining());
        };

    Transfer transfer = fetch(id, 0, content.length, slow);
    await().atMost(20, SECONDS).until(turns::hasQueuedThreads);
    long before = -1;
    while (server.sentBytes() != before) {
      before = server.sentBytes();
      assertThat(new CountDownLatch(1).await(1, SECONDS)).isFalse();
    }

    assertThat(server.sentBytes()).isLessThan(24 << 20);
    assertThat(threads.reservedBytes()).isLessThan(48L << 20);
    turns.release(Integer.MAX_VALUE / 2);
    assertThat(transfer.await()).isInstanceOf(TransferOutcome.Complete.class);
    assertThat(taken).hasValue(content.length);
  }

  @Test
  void cancellingEndsATransferAndNotTheOthers() throws Exception {
    byte[] content = bytes(32 << 20);
    ContentId id = source.add(content);
    var begun = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    BulkSink waiting =
        (_, bytes) -> {
          begun.countDown();
          try {
            goOn.await();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
        };

    Transfer cancelled = fetch(id, 0, content.length, waiting);
    assertThat(begun.await(10, SECONDS)).isTrue();
    cancelled.cancel();
    goOn.countDown();

    assertThat(cancelled.await()).isEqualTo(new TransferOutcome.Cancelled());
    assertThat(cancelled.receivedBytes()).isLessThan(content.length);
    var out = new ByteArrayOutputStream();
    assertThat(fetch(id, 0, PIECE, into(out, 0)).await())
        .isInstanceOf(TransferOutcome.Complete.class);
  }

  @Test
  void aSinkThatFailsEndsItsTransfer() throws Exception {
    ContentId id = source.add(bytes(PIECE));
    IOException full = new IOException("disk full");

    TransferOutcome outcome =
        fetch(
                id,
                0,
                PIECE,
                (_, _) -> {
                  throw full;
                })
            .await();

    assertThat(outcome).isEqualTo(new TransferOutcome.SinkFailed(full));
  }

  @Test
  void aServerThatDiesInTheMiddleIsLost() throws Exception {
    byte[] content = bytes(32 << 20);
    ContentId id = source.add(content);
    var begun = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    source.beforeRead =
        () -> {
          if (server.sentBytes() > 4 << 20) {
            begun.countDown();
            try {
              goOn.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          }
        };

    Transfer transfer = fetch(id, 0, content.length, (_, bytes) -> bytes.position(bytes.limit()));
    assertThat(begun.await(20, SECONDS)).isTrue();
    server.close();
    goOn.countDown();

    assertThat(transfer.await()).isInstanceOf(TransferOutcome.Lost.class);
    assertThat(fetch(id, 0, 5, into(new ByteArrayOutputStream(), 0)).await())
        .isInstanceOf(TransferOutcome.Lost.class);
  }

  @Test
  void aContentThatCanNotBeReadCutsTheConnection() throws Exception {
    ContentId id = source.add(bytes(PIECE));
    source.beforeRead =
        () -> {
          throw new IllegalStateException("the file changed");
        };

    assertThat(fetch(id, 0, PIECE, into(new ByteArrayOutputStream(), 0)).await())
        .isInstanceOf(TransferOutcome.Lost.class);
    assertThat(source.open).hasValue(0);
  }

  @Test
  void nobodyThereIsLostAndNotAnException() throws Exception {
    int port = server.port();
    server.close();

    TransferOutcome outcome =
        client
            .fetch(
                TestParty.at(port),
                host.id(),
                new ContentId(new Root(1, 2, 3, 4), 5),
                0,
                5,
                into(new ByteArrayOutputStream(), 0))
            .await();

    assertThat(outcome).isInstanceOf(TransferOutcome.Lost.class);
  }
}
