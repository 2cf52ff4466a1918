package dev.potluck.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.potluck.directory.Endpoint;
import dev.potluck.peer.Join;
import dev.potluck.peer.Membership;
import dev.potluck.peer.Presence;
import dev.potluck.peer.Rhythm;
import dev.potluck.peer.Selection;
import dev.potluck.peer.UpOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/// How `up` and `tracker` are understood.
final class UpCommandTest {
  @TempDir private Path folder;

  @Test
  void withoutOptionsEverythingIsAsDocumented() {
    var options = parsed(Map.of("HOME", "/home/anna"));

    assertThat(options).isEqualTo(UpOptions.of(Path.of("/home/anna/Potluck")));
    assertThat(options.presence().listen()).isEqualTo(new Endpoint("0.0.0.0", 7420));
    assertThat(options.membership())
        .isEqualTo(new Membership(Optional.empty(), false, Duration.ofSeconds(30)));
    assertThat(options.rhythm())
        .isEqualTo(new Rhythm(Duration.ofSeconds(5), Duration.ofSeconds(15)));
    assertThat(options.selection().algorithm()).isEqualTo(Selection.Algorithm.ADAPTIVE);
  }

  @Test
  void everyOptionIsUnderstood() {
    var options =
        parsed(
            Map.of(),
            "--share=s",
            "--listen=[::1]:9000",
            "--advertise=example.org:7",
            "--name=anna",
            "--join=potluck1abcdefghijklmnop",
            "--prefix=home/anna/",
            "--accept-conflicts",
            "--latency=l.txt",
            "--selector=classic",
            "--refresh=1s",
            "--lease=3s",
            "--settle=200ms",
            "--trash=7d",
            "--keep-versions=5",
            "--tombstones=20d",
            "--wait=2m",
            "--inject=corrupt=7");

    assertThat(options.share()).isEqualTo(folder.resolve("s"));
    assertThat(options.presence())
        .isEqualTo(
            new Presence(
                new Endpoint("::1", 9000),
                Optional.of(new Endpoint("example.org", 7)),
                Optional.of("anna")));
    assertThat(options.membership().join()).contains(new Join.With("potluck1abcdefghijklmnop"));
    assertThat(options.membership().patience()).isEqualTo(Duration.ofMinutes(2));
    assertThat(options.prefix()).hasToString("Optional[home/anna]");
    assertThat(options.acceptConflicts()).isTrue();
    assertThat(options.selection())
        .isEqualTo(
            new Selection(Selection.Algorithm.CLASSIC, Optional.of(folder.resolve("l.txt"))));
    assertThat(options.rhythm())
        .isEqualTo(new Rhythm(Duration.ofSeconds(1), Duration.ofSeconds(3), Duration.ofDays(20)));
    assertThat(options.settle()).isEqualTo(Duration.ofMillis(200));
    assertThat(options.trashAge()).isEqualTo(Duration.ofDays(7));
    assertThat(options.keepVersions()).isEqualTo(5);
    assertThat(options.corruptEvery()).isEqualTo(7);
  }

  @Test
  void shareIsTheVariableThenTheNearestUpward() throws Exception {
    Files.createDirectory(folder.resolve(".potluck"));

    assertThat(parsed(Map.of("HOME", "/h")).share()).isEqualTo(folder);
    assertThat(parsed(Map.of("POTLUCK_SHARE", "/x")).share()).isEqualTo(Path.of("/x"));
  }

  @ParameterizedTest
  @CsvSource({
    "--listen, 7420",
    "--listen, h:70000",
    "--listen, h:65534",
    "--advertise, h:0",
    "--join, nobody",
    "--join, potluck1",
    "--name, a b",
    "--name, ../x",
    "--prefix, /etc",
    "--selector, fastest",
    "--settle, 5",
    "--settle, -1s",
    "--lease, 6s",
    "--refresh, 0",
    "--trash, soon",
    "--keep-versions, 17",
    "--keep-versions, -1",
    "--tombstones, 5s",
    "--inject, corrupt=0"
  })
  void wrongValueIsWrongUsageAndTheDaemonIsNotStarted(String option, String value) {
    var stage = new Stage(folder);

    assertThat(stage.run("up", "--share", "s", option, value)).isEqualTo(2);

    assertThat(stage.err()).contains("Try: potluck up --help");
    assertThat(folder.resolve("s")).doesNotExist();
  }

  @Test
  void openPartyTakesNoTicket() {
    var stage = new Stage(folder);

    assertThat(stage.run("up", "--share=s", "--open", "--join=potluck1abcdefghijklmnop"))
        .isEqualTo(2);
  }

  @Test
  void trackerIsCalledTracker() {
    var stage = new Stage(folder, Map.of("HOME", "/home/anna"), "");
    var command = new TrackerCommand(stage.surroundings(), Daemons.TRACKER);
    new CommandLine(command).parseArgs("--memory", "--open", "--listen=127.0.0.1:7000");

    var options = command.options();

    assertThat(options.presence().name()).contains("tracker");
    assertThat(options.memory()).isTrue();
    assertThat(options.membership().open()).isTrue();
    assertThat(options.presence().listen()).isEqualTo(new Endpoint("127.0.0.1", 7000));
    assertThat(options.state()).isEqualTo(Path.of("/home/anna/.local/state/potluck/tracker"));
  }

  private UpOptions parsed(Map<String, String> variables, String... args) {
    var stage = new Stage(folder, variables, "");
    var command = new UpCommand(stage.surroundings(), Daemons.UP);
    new CommandLine(command).setCaseInsensitiveEnumValuesAllowed(true).parseArgs(args);
    return command.options();
  }
}
