package dev.potluck.cli;

import dev.potluck.content.FailedException;
import dev.potluck.content.Name;
import dev.potluck.peer.ControlClient;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `potluck cat NAME`.
@Command(name = "cat", description = "Write a file's content to standard output.")
final class CatCommand implements Callable<Integer> {
  private final Surroundings surroundings;
  @Mixin private final Asking asking = new Asking();
  @Mixin private final WaitOption wait = new WaitOption();

  @Parameters(paramLabel = "NAME", description = "The exact name.")
  private String name = "";

  CatCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    var args = Map.of("name", Name.of(name).value(), "wait_ms", wait.millis());
    try (var client = ControlClient.connect(asking.share(surroundings))) {
      client.stream(
          "cat",
          args,
          Asking.listener(surroundings, progress -> {}),
          new Checked(surroundings.out()));
      return ExitStatus.DONE;
    } catch (IOException e) {
      throw new FailedException("cannot write to standard output: " + e.getMessage(), e);
    }
  }

  /// Standard output that says when nobody reads it any more.
  private static final class Checked extends OutputStream {
    private final PrintStream out;

    Checked(PrintStream out) {
      this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
      if (out.checkError()) {
        throw new IOException("nobody reads it any more");
      }
    }
  }
}
