package dev.potluck.bench;

import dev.potluck.content.FailedException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Where a benchmark works: its options, its scratch folders, and what must be put away after it,
/// also on Ctrl-C.
final class Lab implements AutoCloseable {
  /// Memory that looks like a disk.
  static final Path MEMORY = Path.of("/dev/shm");

  private static final int LOGS_DEPTH = 3;

  private final BenchOptions options;
  private final Launcher launcher;
  private final PrintStream log;
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final List<Path> folders = new ArrayList<>();
  private final boolean preferred;
  private boolean ending;
  private final Thread onSignal = new Thread(this::putAway, "bench-end");

  Lab(BenchOptions options, Launcher launcher, PrintStream log) {
    this.options = options;
    this.launcher = launcher;
    this.log = log;
    Runtime.getRuntime().addShutdownHook(onSignal);
    Optional<Priority> priority = Priority.raised();
    priority.ifPresent(this::keep);
    this.preferred = priority.isPresent();
  }

  /// Whether what runs here has a larger share of the processor than others.
  boolean isPreferred() {
    return preferred;
  }

  BenchOptions options() {
    return options;
  }

  Launcher launcher() {
    return launcher;
  }

  /// Says what goes on.
  @SuppressWarnings("AnnotateFormatMethod") // Error Prone's annotations are no dependency of ours
  void say(String format, Object... values) {
    log.println(format.formatted(values));
    log.flush();
  }

  /// A new folder on a disk, removed at the end.
  Path diskFolder() throws IOException {
    return folder(options.scratch());
  }

  /// A new folder in memory where there is such a thing, removed at the end.
  Path memoryFolder() throws IOException {
    return folder(Files.isWritable(MEMORY) ? MEMORY : options.scratch());
  }

  /// Closes `thing` at the end; what was opened last is closed first.
  ///
  /// @throws FailedException if this is the end already, as after Ctrl-C: it is closed at once
  <T extends AutoCloseable> T keep(T thing) {
    synchronized (open) {
      open.push(thing);
      if (ending) {
        putAway();
        throw new FailedException("the benchmark is ending");
      }
    }
    return thing;
  }

  /// Copies what all processes of this laboratory have said to where results are.
  ///
  /// @return the folder
  Path keepLogs(String name) throws IOException {
    Path kept = Files.createDirectories(options.results().resolve("raw").resolve(name));
    for (Path folder : folders) {
      try (Stream<Path> all = Files.walk(folder, LOGS_DEPTH)) {
        for (Path log : all.filter(Lab::isLog).toList()) {
          String flat = folder.relativize(log).toString().replace('/', '-');
          Files.copy(log, kept.resolve(flat), StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
    return kept;
  }

  private static boolean isLog(Path path) {
    String name = path.getFileName().toString();
    return Files.isRegularFile(path) && (name.endsWith(".out") || name.endsWith(".err"));
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(onSignal);
    } catch (IllegalStateException _) {
      // The hook runs already, as after Ctrl-C: it puts everything away.
    }
    putAway();
  }

  /// Whether everything is being put away, or has been.
  boolean isEnding() {
    synchronized (open) {
      return ending;
    }
  }

  private Path folder(Path base) throws IOException {
    Path folder = Files.createTempDirectory(base, "potluck-bench-").toRealPath();
    folders.add(folder);
    keep(() -> Trees.delete(folder));
    return folder;
  }

  private void putAway() {
    synchronized (open) {
      ending = true;
      while (!open.isEmpty()) {
        try {
          open.pop().close();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          log.println("interrupted while putting things away");
        } catch (Exception e) {
          log.println("not put away: " + e);
        }
      }
    }
  }
}
