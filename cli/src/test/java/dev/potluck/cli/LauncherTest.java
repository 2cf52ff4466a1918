package dev.potluck.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How the launcher finds a JDK, in a layout of folders that look like some.
final class LauncherTest {
  private static final Path SCRIPT = Path.of("..", ".mvn", "jdk.sh").toAbsolutePath().normalize();

  @TempDir private Path machine;

  @Test
  void newestOfTheUsualFoldersIsTaken() throws Exception {
    jdk("jvm/java-17", "17.0.15");
    jdk("jvm/temurin-25", "25.0.3");
    jdk("jvm/java-26", "26");

    assertThat(found(Map.of())).isEqualTo(machine + "/jvm/java-26 26+1\n");
  }

  @Test
  void javaHomeComesFirstIfItIsNewEnough() throws Exception {
    jdk("jvm/java-26", "26");
    jdk("mine", "25.0.1");

    assertThat(found(Map.of("JAVA_HOME", machine + "/mine")))
        .isEqualTo(machine + "/mine 25.0.1+1\n");
  }

  @Test
  void javaHomeThatIsTooOldIsPassedOver() throws Exception {
    jdk("jvm/java-25", "25");
    jdk("mine", "21.0.2");

    assertThat(found(Map.of("JAVA_HOME", machine + "/mine")))
        .isEqualTo(machine + "/jvm/java-25 25+1\n");
  }

  @Test
  void javaOnThePathComesBeforeTheUsualFolders() throws Exception {
    jdk("jvm/java-26", "26");
    var home = jdk("opt/jdk", "25.0.9");
    var bin = Files.createDirectories(machine.resolve("bin"));
    Files.createSymbolicLink(bin.resolve("java"), home.resolve("bin/java"));

    assertThat(found(Map.of("PATH", bin + ":/usr/bin:/bin"))).startsWith(home + " 25.0.9+1");
  }

  @Test
  void runtimeWithoutACompilerIsNoJdk() throws Exception {
    var home = jdk("jvm/jre-25", "25");
    Files.delete(home.resolve("bin/javac"));

    assertThat(found(Map.of())).contains("no JDK 25 or newer found").contains("apt install");
  }

  private Path jdk(String folder, String version) throws IOException {
    var home = machine.resolve(folder);
    Files.createDirectories(home.resolve("bin"));
    for (var program : new String[] {"java", "javac"}) {
      var file = Files.writeString(home.resolve("bin").resolve(program), "#!/bin/sh\nexit 1\n");
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    Files.writeString(
        home.resolve("release"),
        "IMPLEMENTOR=\"Somebody\"\nJAVA_RUNTIME_VERSION=\"%s+1\"\nJAVA_VERSION=\"%s\"\n"
            .formatted(version, version));
    return home;
  }

  private String found(Map<String, String> variables) throws Exception {
    var builder =
        new ProcessBuilder(
                "/bin/sh",
                "-uc",
                ". \"$0\"; find_jdk && echo \"$JAVA_HOME $jdk_build\"",
                SCRIPT.toString())
            .redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().put("PATH", machine + "/empty:/usr/bin/nothing");
    builder.environment().put("HOME", machine.toString());
    builder.environment().put("POTLUCK_JDK_FOLDERS", machine + "/jvm/*");
    builder.environment().putAll(variables);
    var process = builder.start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    return output;
  }
}
