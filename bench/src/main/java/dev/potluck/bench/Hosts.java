package dev.potluck.bench;

import dev.potluck.content.FailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Machines of their own on this one: a network namespace each, on a bridge that lies in one too.
/// Their links are shaped with `tbf` in both directions; TCP is cubic and remembers nothing.
///
/// Their names carry the process's id: what a process that was killed outright has left is removed
/// by the next.
final class Hosts implements AutoCloseable {
  private static final String PREFIX = "potluck-bench-";
  private static final Path NAMESPACES = Path.of("/run/netns");
  private static final String DEVICE = "eth0";
  private static final String BURST = "32kb";
  private static final String QUEUE = "256kb";
  private static final int HOSTS_MAX = 250;
  private static final int COMMAND_SECONDS = 20;

  /// Cubic may have to be allowed first; no old metrics, and no traffic that nobody asked for.
  private static final String SETTINGS =
      """
      cd /proc/sys/net
      echo cubic > ipv4/tcp_congestion_control
      echo 1 > ipv4/tcp_no_metrics_save
      [ ! -e ipv6/conf/all/disable_ipv6 ] || echo 1 > ipv6/conf/all/disable_ipv6
      """;

  private final String prefix = PREFIX + ProcessHandle.current().pid() + "-";
  private final String bridge = prefix + "sw";
  private final List<String> namespaces = new ArrayList<>();

  private Hosts() {}

  /// How to get what this needs, if it is not here.
  static Optional<String> missing() {
    if (!Machine.has("ip") || !Machine.has("tc")) {
      return Optional.of("apt install iproute2");
    }
    return "root".equals(System.getProperty("user.name"))
        ? Optional.empty()
        : Optional.of("network namespaces are made by root");
  }

  /// A bridge without hosts, removed with the laboratory.
  static Hosts on(Lab lab) throws IOException, InterruptedException {
    sweep();
    Hosts hosts = lab.keep(new Hosts());
    hosts.addNamespace(hosts.bridge);
    ip("-n", hosts.bridge, "link", "add", "name", "br0", "type", "bridge");
    ip("-n", hosts.bridge, "link", "set", "dev", "br0", "up");
    return hosts;
  }

  /// One more host.
  ///
  /// @param name at most ten letters and digits
  /// @param megabits a second, each way; 0 is unshaped
  Host add(String name, int megabits) throws IOException, InterruptedException {
    int number = namespaces.size();
    if (number > HOSTS_MAX) {
      throw new IllegalArgumentException("too many hosts");
    }
    String address = "10.99.0." + number;
    String namespace = prefix + name;
    addNamespace(namespace);
    ip(
        "-n", namespace, "link", "add", "name", DEVICE, "type", "veth", "peer", "name", name,
        "netns", bridge);
    ip("-n", bridge, "link", "set", "dev", name, "master", "br0", "up");
    ip("-n", namespace, "addr", "add", address + "/24", "dev", DEVICE);
    Host host = Host.inNamespace(namespace, address);
    var _ = run(host.command(List.of("sh", "-c", SETTINGS)));
    ip("-n", namespace, "link", "set", "dev", "lo", "up");
    ip("-n", namespace, "link", "set", "dev", DEVICE, "up");
    if (megabits > 0) {
      shape(namespace, DEVICE, megabits);
      shape(bridge, name, megabits);
    }
    return host;
  }

  /// Bytes that have passed a host's link since it was made, with all headers.
  static Traffic traffic(Host host) throws IOException, InterruptedException {
    return Traffic.parse(run(host.command(List.of("cat", "/proc/net/dev"))), DEVICE);
  }

  private void addNamespace(String name) throws IOException, InterruptedException {
    namespaces.add(name);
    ip("netns", "add", name);
  }

  private static void shape(String namespace, String device, int megabits)
      throws IOException, InterruptedException {
    List<String> words =
        List.of("tc", "-n", namespace, "qdisc", "add", "dev", device, "root", "tbf", "rate");
    List<String> command = new ArrayList<>(words);
    command.addAll(List.of(megabits + "mbit", "burst", BURST, "limit", QUEUE));
    var _ = run(command);
  }

  private static void ip(String... words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("ip"));
    command.addAll(List.of(words));
    var _ = run(command);
  }

  /// Runs a command to its end.
  ///
  /// @return what it said
  /// @throws FailedException with what it said, if its status is not 0 or it takes too long
  static String run(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), Child.CHARSET);
    if (!process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new FailedException(String.join(" ", command) + ": " + said.strip());
    }
    return said;
  }

  /// Removes the namespaces of processes that are no more.
  private static void sweep() throws IOException, InterruptedException {
    if (!Files.isDirectory(NAMESPACES)) {
      return;
    }
    List<String> all;
    try (var files = Files.list(NAMESPACES)) {
      all = files.map(file -> file.getFileName().toString()).toList();
    }
    for (String name : all) {
      Optional<Long> owner = owner(name);
      if (owner.isPresent() && ProcessHandle.of(owner.get()).isEmpty()) {
        ip("netns", "del", name);
      }
    }
  }

  /// The process whose namespace that is, if it is one of ours.
  static Optional<Long> owner(String namespace) {
    if (!namespace.matches(PREFIX + "[0-9]{1,9}-[a-z0-9]+")) {
      return Optional.empty();
    }
    String rest = namespace.substring(PREFIX.length());
    return Optional.of(Long.valueOf(rest.substring(0, rest.indexOf('-'))));
  }

  @Override
  public void close() throws IOException {
    IOException failed = null;
    for (String name : namespaces) {
      try {
        if (Files.exists(NAMESPACES.resolve(name))) {
          ip("netns", "del", name);
        }
      } catch (IOException | FailedException e) {
        failed = new IOException("not removed: " + name, e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted before all namespaces were removed", e);
      }
    }
    if (failed != null) {
      throw failed;
    }
  }
}
