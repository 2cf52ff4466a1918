package dev.potluck.cli;

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
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
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
        daemon(stage(folder), folder.resolve("share"));
      }
    } finally {
      Folders.delete(folder);
    }
    return ExitStatus.DONE;
  }

  /// A peer that is alone, brings a file, and is asked about it.
  private static void daemon(Surroundings stage, Path share) {
    var options = new UpCommand(stage, Daemons.UP);
    new CommandLine(options)
        .parseArgs("--share", share.toString(), "--open", "--listen", "127.0.0.1:0", "--settle=0");
    try (var peer = Daemons.UP.start(options.options())) {
      var file = Files.writeString(share.resolveSibling("file"), peer.name());
      var tree = new CommandTree(stage);
      tree.execute("put", "--at", share.toString(), file.toString());
      tree.execute("ls", "--at", share.toString());
      tree.execute("find", "--at", share.toString(), "file");
      tree.execute("status", "--at", share.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
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
