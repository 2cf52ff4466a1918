package dev.potluck.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostsTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final int SENT_BYTES = 1_000_000;

  @TempDir private Path folder;

  @Test
  void onlyNamespacesOfOursHaveAnOwner() {
    assertThat(Hosts.owner("potluck-bench-123-seed")).contains(123L);
    assertThat(Hosts.owner("potluck-bench-123-l15")).contains(123L);
    assertThat(Hosts.owner("potluck-bench-x-seed")).isEmpty();
    assertThat(Hosts.owner("pb123-seed")).isEmpty();
    assertThat(Hosts.owner("other-potluck-bench-1-seed")).isEmpty();
  }

  @Test
  void hostsReachEachOtherTheirTrafficIsCountedAndNothingIsLeft() throws Exception {
    assumeTrue(Hosts.missing().isEmpty(), "needs root and iproute2");
    assumeTrue(Machine.has("python3"), "needs python3");
    String ours = "potluck-bench-" + ProcessHandle.current().pid() + "-";

    try (Lab lab = lab()) {
      Hosts hosts = Hosts.on(lab);
      Host one = hosts.add("one", 100);
      Host two = hosts.add("l", 0); // A name that ip takes for a word of its own, if it may.
      Traffic before = Hosts.traffic(two);
      Child listening = lab.keep(python(one, "listen.out", LISTEN));
      listening.awaitLine(line -> line.equals("listening"), LIMIT);
      Child.run(
          two,
          folder.resolve("send.out"),
          LIMIT,
          List.of("python3", "-c", SEND, one.address(), Integer.toString(SENT_BYTES)));
      listening.awaitSuccess(LIMIT);

      Traffic passed = Hosts.traffic(two).since(before);
      assertThat(passed.sentBytes()).isBetween((long) SENT_BYTES, 2L * SENT_BYTES);
      assertThat(passed.receivedBytes()).isPositive().isLessThan(SENT_BYTES);
      assertThat(namespaces()).anyMatch(name -> name.startsWith(ours));
    }

    assertThat(namespaces()).noneMatch(name -> name.startsWith(ours));
  }

  private static final String LISTEN =
      """
      import socket
      server = socket.create_server(("0.0.0.0", 9999))
      print("listening", flush=True)
      peer, _ = server.accept()
      while peer.recv(65536):
          pass
      """;

  private static final String SEND =
      """
      import socket, sys
      with socket.create_connection((sys.argv[1], 9999)) as peer:
          peer.sendall(bytes(int(sys.argv[2])))
      """;

  private Child python(Host host, String output, String script) throws Exception {
    return Child.start(host, folder.resolve(output), List.of("python3", "-c", script));
  }

  private Lab lab() {
    var options = BenchOptions.parse(List.of(), folder, folder);
    var launcher = Launcher.of(Map.of("POTLUCK_LAUNCHER", "potluck"));
    return new Lab(options, launcher, new PrintStream(System.err, true));
  }

  private static List<String> namespaces() throws Exception {
    Path all = Path.of("/run/netns");
    if (!Files.isDirectory(all)) {
      return List.of();
    }
    try (var files = Files.list(all)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}
