package dev.potluck.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.potluck.content.ContentId;
import dev.potluck.content.Name;
import dev.potluck.directory.PeerId;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What anyone on the network can do to the ports, and what members can do that they should not.
@Timeout(60)
final class StrangersTest {
  private final WireThreads threads = new WireThreads();
  private final MemorySource source = new MemorySource();
  private final Random random = new Random(Long.getLong("potluck.seed", 11));
  private TestParty party;
  private Identity host;
  private Identity member;
  private FakeDirectory directory;
  private WireServer control;
  private BulkServer bulk;
  private ContentId content;

  @BeforeEach
  void start(@TempDir Path folder) throws IOException {
    party = new TestParty(folder);
    host = party.member();
    member = party.member();
    directory = new FakeDirectory(party.authority);
    directory.entries.put(Name.of("x"), FakeDirectory.entry("x", 1));
    content = source.add(new byte[] {1, 2, 3, 4, 5});
    PartyTls tls = party.tls(host);
    control =
        WireServer.start(
            threads, tls, TestParty.LOOPBACK, directory, new FakePeer(), new FakePeer());
    bulk = BulkServer.start(threads, tls, TestParty.LOOPBACK, source, new FakePeer());
  }

  @AfterEach
  void stop() {
    control.close();
    bulk.close();
    threads.close();
  }

  private void assertStillServing() throws InterruptedException {
    try (var client =
            new DirectoryClient(threads, party.tls(member), List.of(TestParty.at(control.port())));
        var fetching = new BulkClient(threads, party.tls(member))) {
      assertThat(client.find(Name.of("x"), Duration.ofSeconds(10)).entry().revision()).isEqualTo(1);
      assertThat(
              fetching
                  .fetch(
                      TestParty.at(bulk.port()), host.id(), content, 0, 5, (_, b) -> b.position(5))
                  .await())
          .isInstanceOf(TransferOutcome.Complete.class);
    }
  }

  @Test
  void randomBytesAreCutOffAndCostNothing() throws Exception {
    byte[] garbage = new byte[1 << 20];
    for (int port : List.of(control.port(), bulk.port())) {
      assertThatThrownBy(
              () -> {
                try (Socket socket = TestParty.connect(port)) {
                  for (int mebibytes = 0; mebibytes < 100; mebibytes++) {
                    random.nextBytes(garbage);
                    socket.getOutputStream().write(garbage);
                  }
                }
              })
          .isInstanceOf(IOException.class);
    }

    assertThat(threads.reservedBytes()).isLessThan(16L << 20);
    assertStillServing();
  }

  @Test
  void garbageThatBeginsLikeTlsIsCutOffToo() throws Exception {
    for (int port : List.of(control.port(), bulk.port())) {
      try (Socket socket = TestParty.connect(port)) {
        socket.setSoTimeout(20_000);
        byte[] hello = new byte[300];
        random.nextBytes(hello);
        hello[0] = 22;
        hello[1] = 3;
        hello[2] = 1;
        hello[3] = 1;
        hello[4] = 0;
        socket.getOutputStream().write(hello);

        assertThat(drained(socket.getInputStream())).isLessThan(1_000);
      }
    }
    assertStillServing();
  }

  private static long drained(InputStream in) {
    long count = 0;
    try {
      while (in.read() >= 0) {
        count++;
      }
    } catch (SocketTimeoutException e) {
      throw new AssertionError("not cut off", e);
    } catch (IOException e) {
      return count;
    }
    return count;
  }

  @Test
  void whoSaysNothingIsCutOff() throws Exception {
    List<Socket> sockets = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      sockets.add(TestParty.connect(i % 2 == 0 ? control.port() : bulk.port()));
    }

    await().atMost(20, SECONDS).until(() -> bulk.connections() == 0);
    for (Socket socket : sockets) {
      socket.setSoTimeout(20_000);
      assertThat(drained(socket.getInputStream())).isLessThan(1_000);
      socket.close();
    }
    assertStillServing();
  }

  @Test
  void manySilentStrangersDoNotKeepMembersOut() throws Exception {
    List<Socket> sockets = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      sockets.add(TestParty.connect(bulk.port()));
    }

    assertStillServing();
    await().until(() -> bulk.connections() < 200);
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  private SSLSocket tls(Identity identity, int port, boolean certificate) throws Exception {
    SSLContext context = SSLContext.getInstance("TLSv1.3");
    Credential credential = identity.credential().orElseThrow();
    var keys =
        new IdentityKeys(
            identity.keys().getPrivate(),
            () -> new X509Certificate[] {credential.leaf(), credential.authority()});
    var trust = new PartyTrust(_ -> {}, _ -> false, InstantSource.system());
    context.init(
        certificate ? new KeyManager[] {keys} : new KeyManager[0],
        new TrustManager[] {trust},
        null);
    SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(20_000);
    socket.startHandshake();
    return socket;
  }

  private String answer(String request) throws Exception {
    try (SSLSocket socket = tls(member, bulk.port(), true)) {
      OutputStream out = socket.getOutputStream();
      out.write(request.getBytes(US_ASCII));
      out.flush();
      return new String(socket.getInputStream().readAllBytes(), US_ASCII);
    }
  }

  private static String get(String path, String... headers) {
    return "GET "
        + path
        + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
        + String.join("", List.of(headers).stream().map(h -> h + "\r\n").toList())
        + "\r\n";
  }

  @Test
  void withoutACertificateNothingIsServed() throws Exception {
    try (SSLSocket socket = tls(member, bulk.port(), false)) {
      socket.getOutputStream().write(get("/content/" + content).getBytes(US_ASCII));

      assertThat(drained(socket.getInputStream())).isZero();
    } catch (IOException e) {
      assertThat(e).isNotNull();
    }
    assertStillServing();
  }

  @Test
  void anyHttpClientCanAskForRanges() throws Exception {
    String path = "/content/" + content;

    assertThat(answer(get(path)))
        .startsWith("HTTP/1.1 200")
        .contains("etag: \"" + content + "\"")
        .endsWith("\r\n\r\n\1\2\3\4\5");
    assertThat(answer(get(path, "Range: bytes=1-2")))
        .startsWith("HTTP/1.1 206")
        .contains("content-range: bytes 1-2/5")
        .endsWith("\r\n\r\n\2\3");
    assertThat(answer(get(path, "Range: bytes=-1"))).endsWith("\r\n\r\n\5");
    assertThat(answer(get(path, "Range: bytes=3-"))).endsWith("\r\n\r\n\4\5");
    assertThat(answer(get(path, "Range: bytes=9-")))
        .startsWith("HTTP/1.1 416")
        .contains("content-range: bytes */5");
    assertThat(answer(get(path, "Range: bytes=0-1", "If-Range: \"other\"")))
        .startsWith("HTTP/1.1 200");
    assertThat(answer(get("/content/" + "00".repeat(32) + "-7"))).startsWith("HTTP/1.1 404");
    assertThat(answer(get("/../etc/passwd"))).startsWith("HTTP/1.1 404");
    assertThat(answer(get(path).replace("GET", "HEAD")))
        .contains("content-length: 5")
        .endsWith("\r\n\r\n");
    assertThat(answer(get(path).replace("GET", "DELETE"))).startsWith("HTTP/1.1 405");
  }

  @Test
  void whatIsTooLongIsRefused() throws Exception {
    assertThat(answer(get("/content/" + "a".repeat(10_000)))).startsWith("HTTP/1.1 400");
    assertThat(answer(get("/content/" + content, "X: " + "y".repeat(10_000))))
        .startsWith("HTTP/1.1 400");
    assertThat(answer("POST /batch HTTP/1.1\r\nHost: x\r\nContent-Length: 4000000\r\n\r\n"))
        .startsWith("HTTP/1.1 413");
    assertThat(
            answer(
                "POST /batch HTTP/1.1\r\nHost: x\r\nContent-Length: 40\r\n\r\n"
                    + "\177".repeat(40)))
        .startsWith("HTTP/1.1 400");
    assertThat(answer(get("/x").replace("\r\n\r\n", "\r\nContent-Length: 5\r\n\r\nabcde")))
        .doesNotStartWith("HTTP/1.1 200");
    assertStillServing();
  }

  @Test
  void theExpelledAreNotAnsweredOnARunningConnection() throws Exception {
    try (SSLSocket socket = tls(member, bulk.port(), true)) {
      OutputStream out = socket.getOutputStream();
      out.write(("HEAD /content/" + content + " HTTP/1.1\r\nHost: x\r\n\r\n").getBytes(US_ASCII));
      assertThat(socket.getInputStream().read()).isEqualTo('H');
      PeerId gone = member.id();
      party.denied.add(gone);
      out.write(get("/content/" + content).getBytes(US_ASCII));

      assertThat(new String(socket.getInputStream().readAllBytes(), US_ASCII))
          .doesNotContain("\1\2\3");
      member = party.member();
    }
    assertStillServing();
  }

  @Test
  void trafficIsAesOf128Bits() throws Exception {
    try (SSLSocket socket = tls(member, bulk.port(), true)) {
      assertThat(socket.getSession().getProtocol()).isEqualTo("TLSv1.3");
      assertThat(socket.getSession().getCipherSuite()).contains("AES");
    }
  }
}
