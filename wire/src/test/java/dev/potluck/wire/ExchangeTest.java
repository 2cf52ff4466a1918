package dev.potluck.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.potluck.content.ContentId;
import dev.potluck.content.PieceSet;
import dev.potluck.content.Root;
import dev.potluck.directory.PeerId;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Exchanges of who has which pieces, at the bulk port, over real sockets and TLS.
@Timeout(60)
final class ExchangeTest {
  private static final ContentId CONTENT = new ContentId(new Root(1, 2, 3, 4), 100L << 20);
  private static final int COUNT = CONTENT.pieces().count();

  private final WireThreads threads = new WireThreads();
  private final MemorySource source = new MemorySource();
  private final FakePeer peer = new FakePeer();
  private final BlockingQueue<Object> events = new LinkedBlockingQueue<>();
  private TestParty party;
  private Identity host;
  private Identity member;
  private BulkServer server;
  private BulkClient client;

  @BeforeEach
  void start(@TempDir Path folder) throws IOException {
    party = new TestParty(folder);
    host = party.member();
    member = party.member();
    server = BulkServer.start(threads, party.tls(host), TestParty.LOOPBACK, source, peer);
    client = new BulkClient(threads, party.tls(member));
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
    threads.close();
  }

  private static Object next(BlockingQueue<Object> queue) throws InterruptedException {
    Object event = queue.poll(15, SECONDS);
    assertThat(event).as("what should have happened by now").isNotNull();
    return event;
  }

  /// Does something on the exchange thread.
  private <T> T there(Callable<T> action) throws Exception {
    return threads.exchange().submit(action).get(10, SECONDS);
  }

  private AvailabilitySink open(BulkClient from, PeerId expected) throws Exception {
    return there(
        () ->
            from.exchange(
                TestParty.at(server.port()), expected, CONTENT, FakePeer.recording(events)));
  }

  private static PieceSet only(int piece) {
    PieceSet only = PieceSet.none(COUNT);
    only.add(piece);
    return only;
  }

  private @Nullable Object say(AvailabilitySink sink, PieceSet pieces) throws Exception {
    return there(
        () -> {
          boolean open = sink.available(pieces);
          sink.flush();
          return open;
        });
  }

  @Test
  void bothSidesPushWhatTheyHave() throws Exception {
    AvailabilitySink sink = open(client, host.id());

    assertThat(say(sink, only(COUNT - 1))).isEqualTo(true);
    assertThat(next(peer.heard)).isEqualTo(only(COUNT - 1));
    AvailabilitySink back = peer.sinks.take();
    there(
        () -> {
          back.available(PieceSet.all(COUNT));
          back.accept(true);
          back.suggest(List.of(3, 1, 2), true);
          back.flush();
          return back;
        });

    assertThat(next(events)).isEqualTo(PieceSet.all(COUNT));
    assertThat(next(events)).isEqualTo("accepted, guided true");
    assertThat(next(events)).isEqualTo(List.of(3, 1, 2));
    assertThat(next(events)).isEqualTo("bound true");
    there(
        () -> {
          sink.decline(1, true);
          sink.decline(2, false);
          sink.flush();
          return sink;
        });
    assertThat(next(peer.heard)).isEqualTo("declined 1, coming true");
    assertThat(next(peer.heard)).isEqualTo("declined 2, coming false");
    there(
        () -> {
          sink.close();
          return sink;
        });
    assertThat(next(peer.heard)).isEqualTo("closed");
    assertThat(next(events)).isEqualTo("closed");
    assertThat(say(back, only(1))).isEqualTo(false);
    await().until(() -> server.connections() == 0);
  }

  @Test
  void theOtherSideMayEndIt() throws Exception {
    AvailabilitySink sink = open(client, host.id());
    AvailabilitySink back = peer.sinks.take();

    there(
        () -> {
          back.close();
          return back;
        });

    assertThat(next(events)).isEqualTo("closed");
    assertThat(next(peer.heard)).isEqualTo("closed");
    assertThat(say(sink, only(1))).isEqualTo(false);
  }

  @Test
  void whoIsNotReachedIsLost() throws Exception {
    server.close();

    open(client, host.id());

    assertThat(next(events)).isEqualTo("closed");
  }

  @Test
  void anotherThanExpectedIsLost() throws Exception {
    open(client, party.member().id());

    assertThat(next(events)).isEqualTo("closed");
    assertThat(peer.sinks).isEmpty();
  }

  @Test
  void anotherPartysMembersAreNotLetIn(@TempDir Path elsewhere) throws Exception {
    var intruder = new TestParty(elsewhere).member();
    try (var from = new BulkClient(threads, TestParty.trustingAnyone(intruder))) {
      open(from, host.id());

      assertThat(next(events)).isEqualTo("closed");
    }
    assertThat(peer.sinks).isEmpty();
  }

  @Test
  void exchangesWithTheExpelledEnd() throws Exception {
    open(client, host.id());
    peer.sinks.take();
    party.denied.add(member.id());

    server.disconnect(member.id());

    assertThat(next(events)).isEqualTo("closed");
    assertThat(next(peer.heard)).isEqualTo("closed");
    open(client, host.id());
    assertThat(next(events)).isEqualTo("closed");
    assertThat(peer.sinks).isEmpty();
  }

  @Test
  void whoCalledEndsExchangesWithTheExpelledToo() throws Exception {
    open(client, host.id());
    peer.sinks.take();
    party.denied.add(host.id());

    client.disconnect(host.id());

    assertThat(next(events)).isEqualTo("closed");
    assertThat(next(peer.heard)).isEqualTo("closed");
    open(client, host.id());
    assertThat(next(events)).isEqualTo("closed");
    assertThat(peer.sinks).isEmpty();
  }

  /// A member that speaks for itself, without the product's client.
  private final class Raw implements AutoCloseable {
    private final SSLSocket socket;
    private final DataInputStream in;
    private final DataOutputStream out;

    Raw() throws Exception {
      SSLContext context = SSLContext.getInstance("TLSv1.3");
      Credential credential = member.credential().orElseThrow();
      var keys =
          new IdentityKeys(
              member.keys().getPrivate(),
              () -> new X509Certificate[] {credential.leaf(), credential.authority()});
      var trust = new PartyTrust(_ -> {}, _ -> false, InstantSource.system());
      context.init(new KeyManager[] {keys}, new TrustManager[] {trust}, null);
      socket = (SSLSocket) context.getSocketFactory().createSocket();
      // Small, so that little is on its way to one who does not read.
      socket.setReceiveBufferSize(4 << 10);
      socket.connect(
          new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
      socket.setSoTimeout(20_000);
      in = new DataInputStream(socket.getInputStream());
      out = new DataOutputStream(socket.getOutputStream());
    }

    String ask(String path, String... headers) throws IOException {
      String head = "GET " + path + " HTTP/1.1\r\nHost: x\r\n";
      out.write((head + String.join("\r\n", headers) + "\r\n\r\n").getBytes(US_ASCII));
      out.flush();
      var answer = new StringBuilder();
      while (answer.indexOf("\r\n\r\n") < 0) {
        answer.append((char) in.readUnsignedByte());
      }
      return answer.toString();
    }

    Raw opened() throws IOException {
      assertThat(ask("/exchange/" + CONTENT, "Connection: Upgrade", "Upgrade: potluck-exchange"))
          .startsWith("HTTP/1.1 101")
          .contains("upgrade: potluck-exchange");
      return this;
    }

    void send(byte[] bytes) throws IOException {
      out.write(bytes);
      out.flush();
    }

    AvailabilityFrame read() throws IOException {
      byte[] frame = new byte[in.readInt()];
      in.readFully(frame);
      return AvailabilityFrame.read(Unpooled.wrappedBuffer(frame), COUNT);
    }

    void assertCutOff() throws IOException {
      try {
        assertThat(in.read()).isNegative();
      } catch (java.net.SocketTimeoutException e) {
        throw new AssertionError("not cut off", e);
      } catch (java.net.SocketException e) {
        assertThat(e).isNotNull();
      }
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  @Test
  void anExchangeMustBeAskedForAsOne() throws Exception {
    try (Raw raw = new Raw()) {
      assertThat(raw.ask("/exchange/" + CONTENT)).startsWith("HTTP/1.1 426");
    }
    try (Raw raw = new Raw()) {
      assertThat(raw.ask("/exchange/nothing", "Upgrade: potluck-exchange"))
          .startsWith("HTTP/1.1 404");
    }
    try (Raw raw = new Raw()) {
      var endless = new ContentId(new Root(1, 2, 3, 4), AvailabilityLink.CONTENT_BYTES_MAX + 1);
      assertThat(raw.ask("/exchange/" + endless, "Upgrade: potluck-exchange"))
          .startsWith("HTTP/1.1 400");
    }
    assertThat(peer.sinks).isEmpty();
  }

  @Test
  void whatIsNoMessageEndsTheExchange() throws Exception {
    try (Raw raw = new Raw().opened()) {
      raw.send(new byte[] {0, 0, 0, 1, 8});

      raw.assertCutOff();
      assertThat(next(peer.heard)).isEqualTo("closed");
    }
  }

  @Test
  void aMessageThatIsTooLongEndsTheExchangeBeforeItIsThere() throws Exception {
    for (int length : new int[] {AvailabilityFrame.bytesMax(COUNT) + 1, Integer.MAX_VALUE, -1}) {
      try (Raw raw = new Raw().opened()) {
        raw.send(java.nio.ByteBuffer.allocate(4).putInt(length).array());

        raw.assertCutOff();
        assertThat(next(peer.heard)).isEqualTo("closed");
      }
    }
  }

  @Test
  void anyBytesEndTheExchange() throws Exception {
    byte[] garbage = new byte[1 << 16];
    new Random(Long.getLong("potluck.seed", 3)).nextBytes(garbage);
    try (Raw raw = new Raw().opened()) {
      raw.send(garbage);
      raw.assertCutOff();
    } catch (IOException e) {
      assertThat(e).isNotNull();
    }
    assertThat(next(peer.heard)).isEqualTo("closed");
  }

  @Test
  void messagesMayComeInPartsAndTogether() throws Exception {
    ByteBuf bytes = Unpooled.buffer();
    for (int piece = 0; piece < 3; piece++) {
      new AvailabilityFrame(only(piece), null, null, List.of(), List.of(), List.of()).write(bytes);
    }
    try (Raw raw = new Raw().opened()) {
      while (bytes.readableBytes() > 13) {
        raw.send(new byte[] {bytes.readByte()});
      }
      byte[] rest = new byte[bytes.readableBytes()];
      bytes.readBytes(rest);
      raw.send(rest);

      assertThat(next(peer.heard)).isEqualTo(only(0));
      assertThat(next(peer.heard)).isEqualTo(only(1));
      assertThat(next(peer.heard)).isEqualTo(only(2));
    }
  }

  @Test
  void whoHangsUpHalfwayIsGone() throws Exception {
    try (Raw raw = new Raw().opened()) {
      raw.send(new byte[] {0, 0});
      raw.socket.shutdownOutput();

      assertThat(next(peer.heard)).isEqualTo("closed");
    }
  }

  @Test
  void whatASlowReaderMissesComesInOneMessage() throws Exception {
    int said = 200_000;
    try (Raw raw = new Raw().opened()) {
      AvailabilitySink back = peer.sinks.take();
      there(
          () -> {
            for (int i = 0; i < said; i++) {
              back.available(only(i % COUNT));
              back.flush();
            }
            return back;
          });

      int read = 0;
      PieceSet all = PieceSet.none(COUNT);
      say(back, PieceSet.all(COUNT));
      while (!all.isFull()) {
        all.addAll(Objects.requireNonNull(raw.read().pieces()));
        read++;
      }
      assertThat(read).isLessThan(said);
      assertThat(threads.reservedBytes()).isLessThan(16L << 20);
    }
  }
}
