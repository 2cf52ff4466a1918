package dev.potluck.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.potluck.content.DeniedException;
import dev.potluck.directory.Endpoint;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/// How a daemon in the foreground starts and ends, in a process of its own.
@Timeout(60)
final class DaemonRunTest {
  /// When it serves, and while it starts and there is something to close already.
  @ParameterizedTest
  @CsvSource({
    "waits, ready anna 127.0.0.1:7420, TERM",
    "waits, ready anna 127.0.0.1:7420, INT",
    "begins, starting, TERM",
    "begins, starting, INT"
  })
  void signalEndsItCleanlyWithStatusZero(String daemon, String said, String signal)
      throws Exception {
    var process = start(daemon);
    try (var lines = process.inputReader(StandardCharsets.UTF_8)) {
      assertThat(lines.readLine()).isEqualTo(said);

      new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();

      assertThat(process.waitFor(5, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isZero();
      assertThat(lines.lines()).containsExactly("closed");
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void daemonThatIsPutOutEndsWithItsReason() throws Exception {
    var process = start("expelled");
    try (var lines = process.inputReader(StandardCharsets.UTF_8)) {
      assertThat(lines.lines()).containsExactly("ready anna 127.0.0.1:7420", "closed");

      assertThat(process.waitFor(5, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(6);
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void signalBeforeAnythingHasBegunEndsItAtOnce() throws Exception {
    var process = start("hangs");
    try (var lines = process.inputReader(StandardCharsets.UTF_8)) {
      assertThat(lines.readLine()).isEqualTo("starting");

      new ProcessBuilder("kill", "-TERM", Long.toString(process.pid())).start().waitFor();

      assertThat(process.waitFor(5, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isZero();
      assertThat(lines.lines()).isEmpty();
    } finally {
      process.destroyForcibly();
    }
  }

  private static Process start(String how) throws Exception {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var classPath = System.getProperty("java.class.path");
    // As the launcher does it: whoever runs the tests in the background ignores SIGINT, and so
    // would
    // the process.
    return new ProcessBuilder(
            List.of(
                "env",
                "--default-signal=INT,QUIT",
                java,
                "-cp",
                classPath,
                Daemonic.class.getName(),
                how))
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /// The process: `up` with a daemon that does nothing.
  static final class Daemonic {
    private Daemonic() {}

    public static void main(String[] args) {
      var surroundings = Surroundings.ofProcess();
      var command = new UpCommand(surroundings, (_, begun) -> start(args[0], surroundings, begun));
      var parser = new CommandLine(command);
      parser.setExecutionExceptionHandler(new Failure(surroundings));
      System.exit(parser.execute("--share", "/nonexistent"));
    }

    private static Daemon start(String how, Surroundings surroundings, Daemon.Begun begun)
        throws InterruptedException {
      var daemon = new Fake(surroundings, how.equals("expelled"));
      if (how.equals("begins")) {
        begun.begun(daemon);
      }
      if (how.equals("begins") || how.equals("hangs")) {
        surroundings.out().println("starting");
        new CountDownLatch(1).await();
      }
      return daemon;
    }
  }

  private record Fake(Surroundings surroundings, boolean expelled) implements Daemon {
    @Override
    public String name() {
      return "anna";
    }

    @Override
    public Endpoint address() {
      return new Endpoint("127.0.0.1", 7420);
    }

    @Override
    public void awaitEnd() throws InterruptedException {
      if (expelled) {
        throw new DeniedException("anna was expelled");
      }
      new CountDownLatch(1).await();
    }

    @Override
    public void close() {
      surroundings.out().println("closed");
    }
  }
}
