package dev.potluck.content;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The negative control of the build's null checks: a NullAway that is set up wrongly passes
/// everything in silence. Compiles with the very arguments of the root pom.
class NullnessCheckTest {
  private static final String SOURCE =
      """
      package control;
      @org.jspecify.annotations.NullMarked
      class Control {
        static %s String text() {
          return null;
        }
      }
      """;

  @TempDir Path folder;

  @Test
  void aNullWhereNoneMayBeFailsTheBuild() throws Exception {
    Compilation wrong = compile(SOURCE.formatted(""));

    assertThat(wrong.output()).contains("error: [NullAway]");
    assertThat(wrong.status()).isNotZero();
  }

  @Test
  void theSameWithTheTypeThatSaysSoPasses() throws Exception {
    Compilation right = compile(SOURCE.formatted("@org.jspecify.annotations.Nullable"));

    assertThat(right.output()).isEmpty();
    assertThat(right.status()).isZero();
  }

  private record Compilation(int status, String output) {}

  private Compilation compile(String source) throws IOException, InterruptedException {
    Path file = Files.writeString(folder.resolve("Control.java"), source);
    String classPath = System.getProperty("java.class.path");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "javac").toString());
    Pattern.compile("\\s+")
        .splitAsStream(Files.readString(root().resolve(".mvn/jvm.config")).strip())
        .forEach(option -> command.add("-J" + option));
    command.addAll(compilerArguments());
    command.addAll(List.of("-cp", classPath, "-processorpath", classPath));
    command.addAll(List.of("-d", folder.toString(), file.toString()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Compilation(process.waitFor(), output);
  }

  private static List<String> compilerArguments() throws IOException {
    Matcher arg =
        Pattern.compile("<arg>(.+?)</arg>").matcher(Files.readString(root().resolve("pom.xml")));
    return arg.results().map(found -> found.group(1)).toList();
  }

  private static Path root() {
    return Path.of("..").toAbsolutePath().normalize();
  }
}
