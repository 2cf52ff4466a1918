package dev.potluck.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Mounting as an ordinary user: `nobody`, by fusermount3.
@Timeout(120)
class FusermountTest {
  private static final int NOBODY = 65534;
  private static final String PATH = "/usr/bin:/bin";

  private Path directory;
  private Path classes;

  @BeforeEach
  void prepare() throws IOException {
    Mounted.assumeRoot(); // to become somebody else
    assumeTrue(Fusermount.find(PATH).isPresent(), "fuse3 is not installed");
    directory = Files.createTempDirectory("fuse-user");
    Files.setAttribute(directory, "unix:uid", NOBODY);
    classes = MountProcess.readableClasses();
  }

  @AfterEach
  void remove() throws IOException {
    if (directory != null) {
      int _ = Libc.umount(directory.toString(), Libc.MNT_DETACH);
      Files.delete(directory);
    }
    if (classes != null) {
      try (Stream<Path> tree = Files.walk(classes)) {
        for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }

  private String asNobody(String... command) throws IOException, InterruptedException {
    String[] all = new String[command.length + 4];
    List<String> prefix =
        List.of("/usr/bin/setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups");
    for (int i = 0; i < prefix.size(); i++) {
      all[i] = prefix.get(i);
    }
    System.arraycopy(command, 0, all, prefix.size(), command.length);
    return Mounted.run(Path.of("/"), all);
  }

  @Test
  void aUserMountsReadsWritesAndUnmounts() throws IOException, InterruptedException {
    try (MountProcess process = MountProcess.startAs(NOBODY, directory, classes, PATH)) {
      assertThat(process.line()).isEqualTo("mounted passthrough=false");

      assertThat(asNobody("/bin/cat", directory + "/hello")).startsWith("hello from");
      assertThat(MountTable.at(directory))
          .hasValueSatisfying(mounted -> assertThat(mounted.type()).isEqualTo("fuse.potluck-test"));
      assertThat(Files.readString(Path.of("/proc/self/mountinfo")).lines())
          .anyMatch(
              line ->
                  line.contains(directory.toString())
                      && line.contains("nosuid,nodev")
                      && line.contains("default_permissions"));

      process.say("unmount");
      assertThat(process.line()).isEqualTo("unmounted");
    }
    assertThat(MountTable.at(directory)).isEmpty();
  }

  @Test
  void whatAKilledProcessOfTheUserLeftIsReplaced() throws IOException, InterruptedException {
    try (MountProcess process = MountProcess.startAs(NOBODY, directory, classes, PATH)) {
      assertThat(process.line()).startsWith("mounted");
      process.kill();
    }

    try (MountProcess process = MountProcess.startAs(NOBODY, directory, classes, PATH)) {
      assertThat(process.line()).startsWith("mounted");
      assertThat(asNobody("/bin/cat", directory + "/hello")).startsWith("hello from");
      process.say("unmount");
      assertThat(process.line()).isEqualTo("unmounted");
    }
  }

  @Test
  void aUserUnmountsByForceWhatIsInUse() throws IOException, InterruptedException {
    try (MountProcess process = MountProcess.startAs(NOBODY, directory, classes, PATH)) {
      assertThat(process.line()).startsWith("mounted");
      Process sleeper =
          new ProcessBuilder(
                  "/usr/bin/setpriv",
                  "--reuid=" + NOBODY,
                  "--regid=" + NOBODY,
                  "--clear-groups",
                  "/bin/sh",
                  "-c",
                  "cd " + directory + " && echo in && exec cat")
              .start();
      try {
        assertThat(sleeper.inputReader().readLine()).isEqualTo("in");

        process.say("force");

        assertThat(process.line()).isEqualTo("unmounted");
      } finally {
        sleeper.destroyForcibly();
        sleeper.waitFor();
      }
    }
    assertThat(MountTable.at(directory)).isEmpty();
  }

  @Test
  void aUserWhoMayNotIsTold() throws IOException, InterruptedException {
    Files.setAttribute(directory, "unix:uid", 0);

    try (MountProcess process = MountProcess.startAs(NOBODY, directory, classes, PATH)) {
      assertThat(process.line())
          .startsWith("failed: can't mount on " + directory + ": fusermount3: ");
    }
  }
}
