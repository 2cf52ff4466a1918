package dev.potluck.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is wrong usage, and what the user is told. An option that is accepted would start a peer,
/// which does not end by itself.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class CommandTreeTest {
  @TempDir private Path folder;
  private Stage stage = new Stage(Path.of("/"));

  @BeforeEach
  void openStage() {
    stage = new Stage(folder, Map.of("HOME", folder.toString()), "");
  }

  @Test
  void noCommandIsWrongUsage() {
    assertThat(stage.run()).isEqualTo(2);

    assertThat(stage.err()).startsWith("potluck: a command is missing\nTry: potluck --help\n");
  }

  @Test
  void helpNamesEveryCommand() {
    assertThat(stage.run("--help")).isZero();

    assertThat(stage.out())
        .contains("up ", "tracker ", "invite ", "ls ", "find ", "get ", "cat ", "put ", "rm ")
        .contains("mv ", "restore ", "update ", "status ", "peers ", "load ", "events ", "expel ")
        .contains("leave ", "shell ", "demo ", "bench ", "doctor ", "version ")
        .doesNotContain("rehearse");
  }

  @Test
  void unknownCommandIsNamed() {
    assertThat(stage.run("fnid", "x")).isEqualTo(2);

    assertThat(stage.err()).contains("no such command: fnid");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--policy=copies=2",
        "--zone=a",
        "--cache-limit=1GiB",
        "--repair-after=5s",
        "--web=127.0.0.1:80"
      })
  void optionsOfLaterVersionsAreRefusedByName(String option) {
    assertThat(stage.run("up", option)).isEqualTo(2);

    var name = option.substring(0, option.indexOf('='));
    assertThat(stage.err()).contains("potluck up: this version does not have " + name + " yet");
  }

  @Test
  void laterOptionWithItsValueAsAWordOfItsOwnIsRefusedToo() {
    assertThat(stage.run("up", "--policy", "copies=2")).isEqualTo(2);

    assertThat(stage.err()).contains("does not have --policy yet");
  }

  @ParameterizedTest
  @ValueSource(strings = {"policy", "where"})
  void commandsOfLaterVersionsAreRefusedByName(String command) {
    assertThat(stage.run(command, "x")).isEqualTo(2);

    assertThat(stage.err()).contains("does not have the command " + command + " yet");
  }

  @Test
  void missingParameterIsNamed() {
    assertThat(stage.run("find")).isEqualTo(2);

    assertThat(stage.err()).isEqualTo("potluck find: missing NAME\nTry: potluck find --help\n");
  }

  @Test
  void wordTooManyIsNamed() {
    assertThat(stage.run("find", "a", "b")).isEqualTo(2);

    assertThat(stage.err()).contains("one word too many: b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/etc/passwd", "a//b", "../x", "a/./b", ""})
  void whatIsNoNameIsWrongUsage(String name) {
    assertThat(stage.run("find", name)).isEqualTo(2);

    assertThat(stage.err()).contains("not a name").contains("Try: potluck find --help");
  }

  @Test
  void wordsAfterTwoDashesAreNoOptions() throws Exception {
    try (var peer = FakePeer.at(folder, "{\"result\":{\"name\":\"--json\"}}\n")) {
      assertThat(stage.run("find", "--", "--json")).isZero();

      assertThat(peer.asked()).singleElement().asString().contains("\"name\":\"--json\"");
    }
  }

  @Test
  void versionAnswersInText() {
    assertThat(stage.run("version")).isZero();

    assertThat(stage.out()).matches("potluck \\d\\S* \\(Java 2\\d.*\\)\n");
  }

  @Test
  void versionAnswersInJson() {
    assertThat(stage.run("version", "--json")).isZero();

    assertThat(stage.out()).startsWith("{\"version\":\"").endsWith("}\n");
  }
}
