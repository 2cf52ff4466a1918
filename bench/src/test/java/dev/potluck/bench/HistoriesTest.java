package dev.potluck.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoriesTest {
  private static final String SECONDS = "25";

  @TempDir private Path folder;

  @Test
  void fivePeersThatAreKilledStoppedAndCutOffKeepTheirPromises() throws Exception {
    assumeTrue(Hosts.missing().isEmpty(), "needs root and iproute2");
    List<String> words =
        List.of(
            "--seconds", SECONDS, "--first-seed", Long.toString(Long.getLong("potluck.seed", 1)));
    BenchOptions options = BenchOptions.parse(words, folder, folder);
    Launcher launcher = Launcher.of(Map.of("POTLUCK_LAUNCHER", launcher().toString()));

    Section section;
    try (Lab lab = lab(options, launcher)) {
      section = new HistoriesBenchmark().run(lab);
    }

    assertThat(section.markdown(List.of())).contains(HistoriesBenchmark.KEPT);
  }

  private static Lab lab(BenchOptions options, Launcher launcher) {
    return new Lab(options, launcher, new PrintStream(System.err, true));
  }

  /// Starts what this test is compiled with.
  private Path launcher() throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Path script = folder.resolve("potluck");
    Files.writeString(
        script,
        """
        #!/bin/sh
        exec env --default-signal=INT,QUIT %s -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx256m \\
          --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \\
          -cp '%s' dev.potluck.cli.Main "$@"
        """
            .formatted(java, System.getProperty("java.class.path")));
    assertThat(script.toFile().setExecutable(true)).isTrue();
    return script;
  }
}
