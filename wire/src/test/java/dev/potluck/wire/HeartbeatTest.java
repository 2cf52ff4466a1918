package dev.potluck.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.potluck.content.Name;
import dev.potluck.directory.FactDigest;
import dev.potluck.directory.Hello;
import dev.potluck.directory.Load;
import dev.potluck.directory.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What an idle peer costs the network: counted by a proxy between it and the directory.
final class HeartbeatTest {
  /// Ethernet 14, IPv4 20, TCP 20 and its time stamps 12.
  private static final int HEADERS = 66;

  private static final int WRITES = 1;
  private static final int ACKNOWLEDGEMENTS = 1;

  private final AtomicInteger bytes = new AtomicInteger();
  private final AtomicInteger reads = new AtomicInteger();

  private void copy(InputStream in, OutputStream out, boolean count) {
    byte[] buffer = new byte[64 << 10];
    try {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        if (count) {
          bytes.addAndGet(n);
          reads.incrementAndGet();
        }
        out.write(buffer, 0, n);
      }
    } catch (IOException e) {
      assertThat(e).isNotNull();
    }
  }

  @Test
  void aHeartbeatAndItsAnswerCostTheSenderLessThan200Bytes(@TempDir Path folder) throws Exception {
    TestParty party = new TestParty(folder);
    var directory = new FakeDirectory(party.authority);
    try (var threads = new WireThreads();
        var server =
            WireServer.start(
                threads,
                party.tls(),
                TestParty.LOOPBACK,
                directory,
                new FakePeer(),
                new FakePeer());
        var proxy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread.startVirtualThread(() -> forward(proxy, server.port()));
      try (var client =
          new DirectoryClient(threads, party.tls(), List.of(TestParty.at(proxy.getLocalPort())))) {
        var hello = new Hello("anna", TestParty.at(1), TestParty.at(2));
        var session = client.session(hello, new Deaf(), Duration.ofSeconds(20));
        var beat = new Heartbeat(new Load(10, 10), new FactDigest(Long.MIN_VALUE, 1_000_000));
        session.heartbeat(beat);
        await().until(() -> directory.heard.size() == 2);
        await().pollDelay(Duration.ofMillis(200)).until(() -> true);
        int before = bytes.get();
        int readsBefore = reads.get();

        for (int i = 0; i < 20; i++) {
          int heard = directory.heard.size();
          session.heartbeat(beat);
          await().pollInterval(Duration.ofMillis(5)).until(() -> directory.heard.size() > heard);
        }
        await().pollDelay(Duration.ofMillis(200)).until(() -> true);

        int payload = (bytes.get() - before) / 20;
        System.out.println("a heartbeat has " + payload + " bytes of TCP payload");
        assertThat(reads.get() - readsBefore).isEqualTo(20 * WRITES);
        assertThat(payload + (WRITES + ACKNOWLEDGEMENTS) * HEADERS).isLessThan(200);
      }
    }
  }

  private void forward(ServerSocket proxy, int port) {
    try (Socket from = proxy.accept();
        Socket to = TestParty.connect(port)) {
      from.setTcpNoDelay(true);
      to.setTcpNoDelay(true);
      var in = to.getInputStream();
      var back = from.getOutputStream();
      Thread.startVirtualThread(() -> copy(in, back, false));
      copy(from.getInputStream(), to.getOutputStream(), true);
    } catch (IOException e) {
      assertThat(e).isNotNull();
    }
  }

  private static final class Deaf implements SessionEvents {
    @Override
    public void verdicts(long sequence, List<Verdict> verdicts) {}

    @Override
    public void sendAll() {}

    @Override
    public void judged(long sequence) {}

    @Override
    public void lockWanted(Name name, long token) {}

    @Override
    public void lost(String why) {}
  }
}
