package dev.potluck.cli;

import dev.potluck.content.PotluckException;
import dev.potluck.peer.ControlClient;
import dev.potluck.peer.ControlProtocol;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// Runs through what commands usually do, for the launcher, which records the classes and their
/// state in the cache that later starts begin from.
@Command(name = "rehearse", hidden = true)
final class RehearseCommand implements Callable<Integer> {
  private static final String ANSWER =
      """
      {"progress":{"bytes":1,"of":2}}
      {"result":{"name":"x","size":1,"files":[{"name":"x","from":[]}],"holders":[{"peer":"x"}]}}
      """;

  private static final int LARGE_MIB = 96;
  private static final int ROUNDS = 3;
  private static final int MANY = 1_000;
  private static final int WRITERS = 8;
  private static final int WRITTEN = 250;
  private static final int SMALL_BYTES = 4_096;
  private static final String DEVICE = "unix:dev";
  private static final long WAIT_MS = 10_000;

  private final Surroundings surroundings;

  @Parameters(description = "short or daemon")
  private String kind = "";

  RehearseCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException {
    var folder = Files.createTempDirectory("potluck-");
    try {
      if (kind.equals("short")) {
        commands(stage(folder), folder);
      } else {
        daemon(stage(folder), folder);
      }
    } finally {
      Folders.delete(folder);
    }
    return ExitStatus.DONE;
  }

  /// Peers that fetch from each other what is large and what is many, one alone and two at once,
  /// and write many files into a mount, alone in the party and with three seats: the profile of the
  /// hot paths is recorded too, so that a new daemon is compiled for them at once.
  private static void daemon(Surroundings stage, Path folder) throws IOException {
    var giver = Files.createDirectories(folder.resolve("giver"));
    var mount = Files.createDirectories(folder.resolve("mount"));
    fill(giver);
    var written = Files.createDirectories(folder.resolve("written"));
    for (var i = 0; i < WRITTEN; i++) {
      Files.write(written.resolve("f" + i), new byte[SMALL_BYTES]);
    }
    try (var from = mounted(stage, giver, mount)) {
      var unmounting = Thread.ofPlatform().unstarted(from::close);
      Runtime.getRuntime().addShutdownHook(unmounting); // Broken off, it leaves no mount behind.
      write(mount, "alone", 1);
      together(stage, folder, from, mount);
      var _ = Runtime.getRuntime().removeShutdownHook(unmounting);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void together(Surroundings stage, Path folder, Daemon from, Path mount)
      throws IOException, InterruptedException {
    var taker = Files.createDirectories(folder.resolve("taker"));
    var other = Files.createDirectories(folder.resolve("other"));
    try (var _ = up(stage, taker, "--join", from.address().toString());
        var _ = up(stage, other, "--join", from.address().toString())) {
      // Asked as commands ask, but without commands: a daemon never runs their classes.
      var crowd = Thread.ofPlatform().start(() -> get(other, folder.resolve("crowd"), "large"));
      for (var round = 0; round < ROUNDS; round++) {
        get(taker, folder.resolve("large" + round), "large");
      }
      crowd.join();
      ask(taker, "get", Map.of("names", List.of("large"), "wait_ms", WAIT_MS));
      ask(taker, "get", Map.of("names", List.of(), "prefix", "many", "wait_ms", WAIT_MS));
      var put = Map.of("path", folder.resolve("large0").toString(), "name", "large0");
      ask(taker, "put", Map.of("files", List.of(put), "replace", false, "atomic", false));
      ask(taker, "ls", Map.of());
      ask(taker, "find", Map.of("name", "large", "wait_ms", 0));
      ask(taker, "status", Map.of());
      write(mount, "few", 1);
      write(mount, "more", 1); // Meanwhile there come to be three seats.
      write(mount, "together", WRITERS);
      write(mount, "last", WRITERS);
    }
  }

  /// Copies many files into the mount, each with its time. Done by other processes: one that waits
  /// for a mount of its own could not be killed. Nothing where there is no mount.
  private static void write(Path mount, String folder, int writers)
      throws IOException, InterruptedException {
    var source = mount.resolveSibling("written");
    if (Files.getAttribute(mount, DEVICE).equals(Files.getAttribute(source, DEVICE))) {
      return;
    }
    var copying = new ArrayList<Process>();
    for (var writer = 0; writer < writers; writer++) {
      var target = mount.resolve(folder + writer);
      copying.add(new ProcessBuilder("cp", "-pr", source.toString(), target.toString()).start());
    }
    for (var copy : copying) {
      if (!copy.waitFor(WAIT_MS, TimeUnit.MILLISECONDS)) {
        copy.destroyForcibly();
      }
    }
  }

  private static void get(Path share, Path target, String name) {
    ask(
        share,
        "get",
        Map.of("names", List.of(name), "output", target.toString(), "wait_ms", WAIT_MS));
  }

  private static void ask(Path share, String command, Map<String, ?> args) {
    var _ = ControlClient.ask(share, command, args);
  }

  private static void fill(Path share) throws IOException {
    var random = new SplittableRandom(1);
    var bytes = new byte[1 << 20];
    try (var out = Files.newOutputStream(share.resolve("large"))) {
      for (var written = 0; written < LARGE_MIB; written++) {
        random.nextBytes(bytes);
        out.write(bytes);
      }
    }
    var many = Files.createDirectory(share.resolve("many"));
    for (var i = 0; i < MANY; i++) {
      Files.write(many.resolve("f" + i), Arrays.copyOf(bytes, 4_000 + i));
    }
  }

  /// With a mount, where one is possible.
  private static Daemon mounted(Surroundings stage, Path share, Path mount)
      throws InterruptedException {
    try {
      return up(stage, share, "--mount", mount.toString());
    } catch (PotluckException _) {
      return up(stage, share);
    }
  }

  private static Daemon up(Surroundings stage, Path share, String... more)
      throws InterruptedException {
    var command = new UpCommand(stage, Daemons.UP);
    var words =
        new ArrayList<>(
            List.of(
                "--share", share.toString(), "--open", "--listen", "127.0.0.1:0", "--settle=0"));
    words.addAll(List.of(more));
    new CommandLine(command).parseArgs(words.toArray(String[]::new));
    return Daemons.UP.start(command.start(), _ -> {});
  }

  /// Nothing of this is to be seen.
  private Surroundings stage(Path folder) {
    var unseen = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    return new Surroundings(
        surroundings.in(), unseen, unseen, folder, Map.of("HOME", folder.toString()), Set.of());
  }

  /// Every kind of answer, from a daemon that is none.
  private static void commands(Surroundings stage, Path share) throws IOException {
    var state = Files.createDirectory(share.resolve(ControlProtocol.STATE_FOLDER));
    try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(state.resolve(ControlProtocol.SOCKET)));
      Thread.ofPlatform().daemon().start(() -> answer(server));
      var tree = new CommandTree(stage);
      tree.execute("version");
      tree.execute("version", "--json");
      tree.execute("--help");
      tree.execute("find", "--help");
      tree.execute("nonsense");
      tree.execute("find", "..");
      for (var asking : new String[] {"ls", "peers", "status", "invite", "update", "load"}) {
        tree.execute(asking);
        tree.execute(asking, "--json");
      }
      for (var naming : new String[] {"find", "get", "rm", "restore"}) {
        tree.execute(naming, "x");
        tree.execute(naming, "--json", "x");
      }
      tree.execute("put", share.toString());
      tree.execute("mv", "x", "y");
      tree.execute("doctor");
    }
    new CommandTree(stage).execute("ls");
  }

  private static void answer(ServerSocketChannel server) {
    while (true) {
      try (var client = server.accept()) {
        var lines = new BufferedReader(Channels.newReader(client, StandardCharsets.UTF_8));
        if (lines.readLine() != null) {
          client.write(ByteBuffer.wrap(ANSWER.getBytes(StandardCharsets.UTF_8)));
        }
      } catch (ClosedChannelException _) {
        return;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
