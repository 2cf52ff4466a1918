package dev.potluck.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/// Two network namespaces with a cable between them that carries so much and no more, and counts
/// what it carried. Skips the test where nobody lets us make them.
final class Wire implements AutoCloseable {
  static final String LEFT_ADDRESS = "10.231.7.1";
  static final String RIGHT_ADDRESS = "10.231.7.2";
  private static final String DEVICE = "cable";
  private static final String STATISTICS = "/sys/class/net/" + DEVICE + "/statistics/";

  /// Of a packet of TCP with timestamps over IPv4.
  private static final int HEADER_BYTES = 14 + 20 + 32;

  private final String left = "potluck-l" + ProcessHandle.current().pid();
  private final String right = "potluck-r" + ProcessHandle.current().pid();

  /// @param rate both ways, as `tc` says it: `16mbit`
  Wire(String rate) {
    assumeTrue(succeeds(List.of("ip", "netns", "add", left)), "only root can lay a wire");
    run("ip", "netns", "add", right);
    run("ip", "-n", left, "link", "add", DEVICE, "type", "veth", "peer", DEVICE, "netns", right);
    end(left, LEFT_ADDRESS, rate);
    end(right, RIGHT_ADDRESS, rate);
  }

  private static void end(String namespace, String address, String rate) {
    run("ip", "-n", namespace, "address", "add", address + "/24", "dev", DEVICE);
    run("ip", "-n", namespace, "link", "set", "lo", "up");
    run("ip", "-n", namespace, "link", "set", DEVICE, "up");
    var shape = "tc -n " + namespace + " qdisc add dev " + DEVICE + " root tbf rate " + rate;
    run((shape + " burst 32kb latency 20ms").split(" ", -1));
  }

  /// What starts a command at the left end.
  List<String> atLeft() {
    return List.of("ip", "netns", "exec", left);
  }

  List<String> atRight() {
    return List.of("ip", "netns", "exec", right);
  }

  /// Bytes that arrived at the right end since the wire was laid, without the headers of Ethernet,
  /// IP and TCP.
  long arrivedAtRight() {
    var command = new ArrayList<>(atRight());
    command.addAll(List.of("cat", STATISTICS + "rx_bytes", STATISTICS + "rx_packets"));
    var counts = output(command).lines().mapToLong(Long::parseLong).toArray();
    return counts[0] - HEADER_BYTES * counts[1];
  }

  private static void run(String... command) {
    var _ = output(List.of(command));
  }

  private static boolean succeeds(List<String> command) {
    try {
      var _ = output(command);
      return true;
    } catch (IllegalStateException | UncheckedIOException e) {
      return false;
    }
  }

  private static String output(List<String> command) {
    try {
      var process = new ProcessBuilder(command).redirectErrorStream(true).start();
      var said =
          new String(
              process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException(command + ": " + said);
      }
      return said;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    run("ip", "netns", "delete", left);
    run("ip", "netns", "delete", right);
  }
}
