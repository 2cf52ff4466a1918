package dev.potluck.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/// Where a benchmark works: its options, its scratch folders, and what must be put away after it,
/// also on Ctrl-C.
final class Lab implements AutoCloseable {
  /// Memory that looks like a disk.
  static final Path MEMORY = Path.of("/dev/shm");

  private final BenchOptions options;
  private final Launcher launcher;
  private final PrintStream log;
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final boolean preferred;
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

  LocalDate today() {
    return LocalDate.now(ZoneOffset.UTC);
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
  <T extends AutoCloseable> T keep(T thing) {
    synchronized (open) {
      open.push(thing);
    }
    return thing;
  }

  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(onSignal);
    putAway();
  }

  private Path folder(Path base) throws IOException {
    Path folder = Files.createTempDirectory(base, "potluck-bench-").toRealPath();
    keep(() -> Trees.delete(folder));
    return folder;
  }

  private void putAway() {
    synchronized (open) {
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
