package dev.potluck.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Commands that ask a peer, against a control socket.
final class AskingTest {
  private static final String FOUND =
      """
      {"result":{"name":"a\\nb","version":3,"size":1572864,"root":"ab12","policy":"none",\
      "cached":true,"holders":[{"peer":"anna","address":"10.0.0.1:7421","pieces":6,"of":6,\
      "latency_ms":0.4,"load":1}]}}
      """;

  @TempDir private Path share;
  private Stage stage = new Stage(Path.of("/"));

  @BeforeEach
  void openStage() {
    stage = new Stage(share);
  }

  @ParameterizedTest
  @CsvSource({"1,1", "2,2", "3,3", "4,4", "5,5", "6,6", "7,7", "99,1"})
  void daemonsErrorIsTheExitStatus(int told, int expected) throws Exception {
    var answer = "{\"error\":{\"status\":" + told + ",\"message\":\"it is so\"}}\n";
    try (var _ = FakePeer.at(share, answer)) {
      assertThat(stage.run("find", "x")).isEqualTo(expected);
    }

    assertThat(stage.err()).startsWith("potluck: it is so\n");
    assertThat(stage.out()).isEmpty();
  }

  @Test
  void jsonIsTheDaemonsDocumentAsItIs() throws Exception {
    try (var _ = FakePeer.at(share, FOUND)) {
      assertThat(stage.run("find", "--json", "x")).isZero();
    }

    assertThat(stage.out())
        .isEqualTo(FOUND.substring("{\"result\":".length(), FOUND.length() - 2) + "\n");
  }

  @Test
  void textIsAlignedAndPrintable() throws Exception {
    try (var _ = FakePeer.at(share, FOUND)) {
      assertThat(stage.run("find", "x")).isZero();
    }

    assertThat(stage.out())
        .isEqualTo(
            """
            name     a\\nb
            version  3
            size     1.5 MiB (1572864 bytes)
            root     ab12
            policy   none
            The directory is away: this is what was known here last.

            HOLDER  ADDRESS        PIECES  LATENCY  LOAD
            anna    10.0.0.1:7421     6/6   0.4 ms     1
            """);
  }

  @Test
  void notesGoToStandardError() throws Exception {
    try (var _ = FakePeer.at(share, "{\"note\":\"slow today\"}\n{\"result\":[]}\n")) {
      assertThat(stage.run("ls", "--json")).isZero();
    }

    assertThat(stage.err()).isEqualTo("potluck: slow today\n");
    assertThat(stage.out()).isEqualTo("[]\n");
  }

  @Test
  void withoutADaemonTheCommandIsUnavailable() throws Exception {
    Files.createDirectory(share.resolve(".potluck"));

    assertThat(stage.run("ls")).isEqualTo(4);

    assertThat(stage.err()).contains("no peer runs for " + share, "potluck up --share " + share);
  }

  @Test
  void daemonThatGoesAwayIsUnavailable() throws Exception {
    try (var _ = FakePeer.at(share, "{\"progress\":{}}\n")) {
      assertThat(stage.run("ls")).isEqualTo(4);
    }

    assertThat(stage.err()).contains("went away");
  }

  @Test
  void outsideOfAShareItIsWrongUsage() {
    assertThat(stage.run("ls")).isEqualTo(2);

    assertThat(stage.err()).contains("which peer?", "--at DIR");
  }

  @Test
  void shareIsTheNearestOneUpward() throws Exception {
    var below = Files.createDirectories(share.resolve("a/b"));
    try (var peer = FakePeer.at(share, "{\"result\":[]}\n")) {
      assertThat(new Stage(below).run("ls")).isZero();
      assertThat(peer.asked()).hasSize(1);
    }
  }

  @Test
  void atIsStrongerThanTheVariableAndTheVariableThanTheFolder() throws Exception {
    var first = Files.createDirectory(share.resolve("1"));
    var second = Files.createDirectory(share.resolve("2"));
    var variables = Map.of("POTLUCK_SHARE", second.toString());
    try (var here = FakePeer.at(share, "{\"result\":[]}\n");
        var named = FakePeer.at(first, "{\"result\":[]}\n");
        var variable = FakePeer.at(second, "{\"result\":[]}\n")) {
      assertThat(new Stage(share, variables, "").run("ls")).isZero();
      assertThat(new Stage(share, variables, "").run("ls", "--at", "1")).isZero();

      assertThat(here.asked()).isEmpty();
      assertThat(named.asked()).hasSize(1);
      assertThat(variable.asked()).hasSize(1);
    }
  }

  @Test
  void catWritesTheBytesAndNothingElse() throws Exception {
    try (var _ = FakePeer.at(share, "{\"stream\":5}\nab\ncd")) {
      assertThat(stage.run("cat", "x")).isZero();
    }

    assertThat(stage.out()).isEqualTo("ab\ncd");
  }

  @Test
  void outputOfGetIsRelativeToTheCallerAndAFolderIsKeptOne() throws Exception {
    Files.createDirectory(share.resolve("d"));
    try (var peer = FakePeer.at(share, "{\"result\":{\"files\":[]}}\n")) {
      stage.run("get", "x/y", "-o", "z");
      stage.run("get", "x/y", "-o", "d");
      stage.run("get", "x/y", "-o", "new/");
      stage.run("get", "x", "y", "-o", "d");

      assertThat(peer.asked())
          .satisfiesExactly(
              line -> assertThat(line).contains("\"output\":\"" + share + "/z\""),
              line -> assertThat(line).contains("\"output\":\"" + share + "/d/y\""),
              line -> assertThat(line).contains("\"output\":\"" + share + "/new/y\""),
              line -> assertThat(line).contains("\"output\":\"" + share + "/d\""));
    }
  }

  @Test
  void getWantsNamesOrAFolder() {
    assertThat(stage.run("get")).isEqualTo(2);
    assertThat(stage.run("get", "x", "-r", "y")).isEqualTo(2);
    assertThat(stage.run("get", "x", "y", "--version", "2")).isEqualTo(2);
  }

  @Test
  void ticketIsAloneOnStandardOutput() throws Exception {
    var answer = "{\"result\":{\"ticket\":\"potluck1abc\",\"expires\":\"2030-01-01T00:00:00Z\"}}\n";
    try (var peer = FakePeer.at(share, answer)) {
      assertThat(stage.run("invite", "--valid", "2h")).isZero();

      assertThat(peer.asked()).singleElement().asString().contains("\"valid_ms\":7200000");
    }
    assertThat(stage.out()).isEqualTo("potluck1abc\n");
    assertThat(stage.err()).isEmpty();
  }
}
