package dev.potluck.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// libtorrent, by its Python binding, over TCP without encryption: its sessions are made before the
/// clock starts, as daemons', and it verifies as it receives.
final class LibtorrentFetch implements Contestant {
  static final String NAME = "libtorrent";

  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final String PYTHON = "/usr/bin/python3"; // Debian's, which sees Debian's packages

  private final Lab lab;
  private final FetchTask task;
  private @Nullable Path torrent;

  LibtorrentFetch(Lab lab, FetchTask task) {
    this.lab = lab;
    this.task = task;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Optional<String> missing() {
    return installed() ? Optional.empty() : Optional.of("apt install python3-libtorrent");
  }

  /// Whether the binding can be loaded.
  static boolean installed() {
    try {
      Process asked =
          new ProcessBuilder(PYTHON, "-c", "import libtorrent")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return asked.waitFor() == 0;
    } catch (IOException _) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /// Writes the driver into a folder.
  static Path driver(Path folder) throws IOException {
    Path driver = folder.resolve("libtorrent_driver.py");
    try (InputStream script = LibtorrentFetch.class.getResourceAsStream("libtorrent_driver.py")) {
      if (script == null) {
        throw new IOException("libtorrent_driver.py is not in the jar");
      }
      Files.copy(script, driver, StandardCopyOption.REPLACE_EXISTING);
    }
    return driver;
  }

  /// A command line of the driver.
  static List<String> command(Path driver, String... words) {
    List<String> command = new ArrayList<>(List.of(PYTHON, driver.toString()));
    command.addAll(List.of(words));
    return command;
  }

  @Override
  public Measurement run(int round) throws IOException, InterruptedException {
    Path driver = driver(task.work());
    Path output = task.work().resolve("libtorrent.out");
    Path made = torrent;
    if (made == null) {
      made = task.work().resolve("content.torrent");
      List<String> making = command(driver, "make", task.original().toString(), made.toString());
      Child.run(Host.LOOPBACK, output, LIMIT, making);
      torrent = made;
    }
    Path taken = task.folder("libtorrent-taker");
    List<String> giving = command(driver, "seed", made.toString(), task.source().toString(), "0");
    try (Child giver = lab.keep(Child.start(Host.LOOPBACK, output, giving))) {
      String port = giver.awaitLine(line -> line.startsWith("ready "), LIMIT).substring(6);
      Path received = task.work().resolve("libtorrent-taker.out");
      Path go = task.work().resolve("libtorrent-go");
      Files.deleteIfExists(go);
      List<String> taking =
          command(
              driver,
              "leech",
              made.toString(),
              taken.toString(),
              "0",
              go.toString(),
              "127.0.0.1:" + port);
      try (Child taker = lab.keep(Child.start(Host.LOOPBACK, received, taking))) {
        taker.awaitLine(line -> line.startsWith("ready "), LIMIT);
        task.claimMemory();
        Stopwatch watch = Stopwatch.start(giver.handle(), taker.handle());
        Files.createFile(go);
        taker.awaitLine(line -> line.equals("done"), LIMIT);
        Measurement measured = watch.stop();
        task.check(taken);
        return measured;
      }
    } finally {
      Trees.delete(taken);
    }
  }
}
