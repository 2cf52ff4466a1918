package dev.potluck.bench;

import dev.potluck.content.FailedException;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/// A program in a process of its own; what it says goes to a file. Closing it ends it.
final class Child implements AutoCloseable {
  private static final Duration POLITE = Duration.ofSeconds(8);
  private static final Duration POLL = Duration.ofMillis(20);
  private static final int TAIL_LINES = 8;

  /// What programs write.
  static final Charset CHARSET = StandardCharsets.UTF_8;

  private final Process process;
  private final Path output;
  private final CompletableFuture<Long> endNanos;

  private Child(Process process, Path output) {
    this.process = process;
    this.endNanos = process.onExit().thenApply(_ -> System.nanoTime());
    this.output = output;
  }

  /// Starts a program.
  ///
  /// @param output takes its standard output; standard error goes beside it, to `.err`
  static Child start(Host host, Path output, List<String> command) throws IOException {
    Files.deleteIfExists(output);
    ProcessBuilder builder =
        new ProcessBuilder(host.command(command))
            .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(output.toFile())
            .redirectError(Redirect.to(errors(output).toFile()));
    builder.environment().remove("POTLUCK_SHARE");
    return new Child(builder.start(), output);
  }

  /// Runs a program to its end.
  ///
  /// @throws FailedException if its status is not 0, or it takes longer
  static void run(Host host, Path output, Duration limit, List<String> command)
      throws IOException, InterruptedException {
    try (Child child = start(host, output, command)) {
      var _ = child.awaitSuccess(limit);
    }
  }

  /// Waits until a line of its output is what is wanted.
  ///
  /// @throws FailedException if it ends before, or takes longer
  String awaitLine(Predicate<String> wanted, Duration limit)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (true) {
      Optional<String> line = Files.readAllLines(output).stream().filter(wanted).findFirst();
      if (line.isPresent()) {
        return line.get();
      }
      if (System.nanoTime() > deadline) {
        throw new FailedException("gave up waiting for " + described());
      }
      if (process.waitFor(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new FailedException("it ended: " + described());
      }
    }
  }

  /// Waits for its end.
  ///
  /// @return when that was, in {@link System#nanoTime}
  /// @throws FailedException if its status is not 0, or it takes longer
  long awaitSuccess(Duration limit) throws IOException, InterruptedException {
    if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS) || process.exitValue() != 0) {
      throw new FailedException("it failed: " + described());
    }
    return endNanos.join();
  }

  /// Ends all at the same time.
  static void closeAll(Collection<Child> children) {
    children.forEach(child -> child.process.destroy());
    children.forEach(Child::close);
  }

  /// Ends it by a signal that it can't answer (-9).
  void kill() throws InterruptedException {
    process.destroyForcibly();
    int _ = process.waitFor();
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  @Override
  public void close() {
    List<ProcessHandle> children = process.descendants().toList();
    process.destroy();
    try {
      if (!process.waitFor(POLITE.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    children.forEach(ProcessHandle::destroyForcibly);
  }

  private String described() throws IOException {
    List<String> lines = Files.readAllLines(errors(output));
    return process.info().commandLine().orElse("a program")
        + ", which said:\n"
        + String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
  }

  private static Path errors(Path output) {
    return output.resolveSibling(output.getFileName() + ".err");
  }
}
