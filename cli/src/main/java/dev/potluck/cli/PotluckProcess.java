package dev.potluck.cli;

import dev.potluck.content.FailedException;
import dev.potluck.directory.Endpoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A Potluck command in a process of its own, with the Java and the class path of this one. Closing
/// it ends the process: politely first, then not.
final class PotluckProcess implements AutoCloseable {
  /// As the launcher starts daemons.
  private static final List<String> JVM_FLAGS =
      List.of(
          "-XX:+UseSerialGC",
          "-Xmx512m",
          "-Xlog:disable",
          "-Xlog:all=error:stderr",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow");

  private static final Duration POLITE = Duration.ofSeconds(6);
  private static final Duration DYING = Duration.ofSeconds(10);
  private static final int LOG_TAIL_LINES = 12;

  private final Process process;
  private final Path log;
  private final Path output;
  private final CompletableFuture<Ready> ready = new CompletableFuture<>();
  private final Thread keeper;

  private PotluckProcess(Process process, Path log, Path output) {
    this.process = process;
    this.log = log;
    this.output = output;
    this.keeper = Thread.ofVirtual().name("output-" + process.pid()).start(this::keepOutput);
  }

  /// The JVM that runs a command.
  ///
  /// @param flags for its JVM, beside the usual ones
  /// @param classPath where its classes are
  record Java(List<String> flags, String classPath) {
    /// As this process runs.
    static final Java OWN = new Java(List.of(), System.getProperty("java.class.path"));

    Java {
      flags = List.copyOf(flags);
    }

    Java with(List<String> more) {
      var all = new ArrayList<>(flags);
      all.addAll(more);
      return new Java(all, classPath);
    }
  }

  /// Starts a command.
  ///
  /// @param folder its working folder
  /// @param log takes its standard error; its standard output goes beside it, to `.out`
  static PotluckProcess start(Path folder, Path log, Java java, List<String> arguments) {
    return start(List.of(), folder, log, java, arguments);
  }

  /// As above, by another command that becomes it: `ip netns exec NAME` and the like.
  static PotluckProcess start(
      List<String> by, Path folder, Path log, Java java, List<String> arguments) {
    var command = new ArrayList<>(by);
    // As the launcher does: who runs this in the background ignores SIGINT, and so would the
    // process.
    command.addAll(List.of("env", "--default-signal=INT,QUIT"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(JVM_FLAGS);
    command.addAll(java.flags());
    command.add("-cp");
    command.add(java.classPath());
    command.add(Main.class.getName());
    command.addAll(arguments);
    var builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().remove(ShareLocator.VARIABLE);
    builder.environment().put("MALLOC_ARENA_MAX", "2");
    try {
      var output = log.resolveSibling(log.getFileName() + ".out");
      Files.deleteIfExists(output);
      Files.createFile(output);
      return new PotluckProcess(builder.start(), log, output);
    } catch (IOException e) {
      throw new FailedException("cannot start " + arguments + ": " + e.getMessage(), e);
    }
  }

  /// What the line `ready <name> <host:port>` said.
  ///
  /// @param name the daemon's name
  /// @param address where others can join
  record Ready(String name, Endpoint address) {}

  /// Waits until the daemon serves.
  ///
  /// @throws FailedException if it ends before, or takes longer; the end of its log is in the
  ///   message
  Ready awaitReady(Duration limit) throws InterruptedException {
    try {
      return ready.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new FailedException(
          "process " + process.pid() + " did not become ready. The end of its log:\n" + logTail(),
          e);
    }
  }

  /// Waits until the process has ended.
  ///
  /// @return its exit status
  /// @throws FailedException if it takes longer
  int awaitExit(Duration limit) throws InterruptedException {
    if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new FailedException(
          "process "
              + process.pid()
              + " has not ended after "
              + limit
              + ". The end of its log:\n"
              + logTail());
    }
    keeper.join(); // its last words
    return process.exitValue();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  long pid() {
    return process.pid();
  }

  /// What it wrote to standard output so far.
  String output() {
    return read(output);
  }

  /// What it wrote to standard error so far.
  String log() {
    return read(log);
  }

  /// SIGTERM: asks it to end.
  void terminate() {
    process.destroy();
  }

  /// Sends another signal, such as `STOP`.
  void signal(String signal) throws IOException, InterruptedException {
    var status = new ProcessBuilder("kill", "-" + signal, Long.toString(pid())).start().waitFor();
    if (status != 0) {
      throw new IOException("kill -" + signal + " " + pid() + " failed");
    }
  }

  /// SIGKILL: it ends at once, without a chance to tidy up.
  ///
  /// @return false if the kernel does not let it go: a program may be making a name in its mount at
  ///   the moment, and wait for it
  boolean kill() {
    process.destroyForcibly();
    try {
      return process.waitFor(DYING.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(POLITE.toMillis(), TimeUnit.MILLISECONDS)) {
        kill();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private void keepOutput() {
    try (var lines = process.inputReader(StandardCharsets.UTF_8);
        var kept = Files.newBufferedWriter(output)) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        kept.write(line + "\n");
        kept.flush();
        var words = line.split(" ", -1);
        if (words.length == 3 && words[0].equals("ready")) {
          ready.complete(new Ready(words[1], Endpoint.parse(words[2])));
        }
      }
      ready.completeExceptionally(new IOException("it ended"));
    } catch (IOException e) {
      ready.completeExceptionally(e);
    }
  }

  private String logTail() {
    var lines = log().lines().toList();
    return String.join(
        "\n", lines.subList(Math.max(0, lines.size() - LOG_TAIL_LINES), lines.size()));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new FailedException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }
}
