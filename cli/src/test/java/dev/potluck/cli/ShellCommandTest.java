package dev.potluck.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The shell, with its lines from a pipe.
final class ShellCommandTest {
  private static final String LOAD =
      "{\"result\":{\"peer\":\"anna\",\"uploads\":1,\"downloads\":2,\"load\":3}}\n";

  @TempDir private Path share;

  @Test
  void knowsTheClassicWords() throws Exception {
    try (var peer = FakePeer.at(share, LOAD)) {
      var stage = shell("getload 10.0.0.1 7420\ngetload bob\nexit\nload never\n");

      assertThat(stage.run("shell")).isZero();

      assertThat(peer.asked())
          .containsExactly(
              "{\"command\":\"load\",\"args\":{\"peer\":\"10.0.0.1:7420\"}}",
              "{\"command\":\"load\",\"args\":{\"peer\":\"bob\"}}");
    }
  }

  @Test
  void wordsCanBeQuoted() throws Exception {
    try (var peer = FakePeer.at(share, "{\"result\":{\"files\":[]}}\n")) {
      var stage = shell("download 'a file' \"and another\" one\\ more");

      assertThat(stage.run("shell")).isZero();

      assertThat(peer.asked())
          .singleElement()
          .asString()
          .contains("\"names\":[\"a file\",\"and another\",\"one more\"]");
    }
  }

  @Test
  void commentsAndEmptyLinesAreNothing() throws Exception {
    try (var peer = FakePeer.at(share, LOAD)) {
      assertThat(shell("\n  \n# load x\n").run("shell")).isZero();

      assertThat(peer.asked()).isEmpty();
    }
  }

  @Test
  void scriptEndsWithTheStatusOfItsLastCommand() throws Exception {
    try (var _ = FakePeer.at(share, "{\"error\":{\"status\":3,\"message\":\"no such name\"}}\n")) {
      assertThat(shell("find x\n").run("shell")).isEqualTo(3);
      assertThat(shell("find x\nversion\n").run("shell")).isZero();
    }
  }

  @Test
  void wrongLineDoesNotEndTheShell() throws Exception {
    try (var peer = FakePeer.at(share, LOAD)) {
      var stage = shell("nonsense\nload 'x\nup\nload\n");

      assertThat(stage.run("shell")).isZero();

      assertThat(peer.asked()).hasSize(1);
      assertThat(stage.err())
          .contains("no such command: nonsense", "a quote is not closed", "up does not work");
    }
  }

  @Test
  void helpListsTheCommands() throws Exception {
    try (var _ = FakePeer.at(share, LOAD)) {
      var stage = shell("help\nhelp get\n");

      assertThat(stage.run("shell")).isZero();

      assertThat(stage.out()).contains("restore ", "--output=FILE");
    }
  }

  private Stage shell(String input) {
    return new Stage(share, Map.of(), input);
  }
}
