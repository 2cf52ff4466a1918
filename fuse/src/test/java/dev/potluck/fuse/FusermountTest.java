package dev.potluck.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Mounting as an ordinary user: `nobody`, by fusermount3. In a mount namespace of its own, with a
/// /dev/fuse for everybody, as udev makes it and bare machines may lack.
@Timeout(120)
class FusermountTest {
  private static final int NOBODY = 65534;
  private static final String PATH = "/usr/bin:/bin";

  private Path directory;
  private Path device;
  private Path classes;
  private Process namespace;

  @BeforeEach
  void prepare() throws IOException {
    Mounted.assumeRoot(); // to become somebody else
    assumeTrue(Fusermount.find(PATH).isPresent(), "fuse3 is not installed");
    directory = Files.createTempDirectory("fuse-user");
    Files.setAttribute(directory, "unix:uid", NOBODY);
    device = Files.createTempDirectory("fuse-device").resolve("fuse");
    namespace =
        new ProcessBuilder(
                "/usr/bin/unshare",
                "--mount",
                "--propagation",
                "private",
                "/bin/sh",
                "-ec",
                "mknod -m 666 %1$s c 10 229; mount --bind %1$s /dev/fuse; echo ready; exec cat"
                    .formatted(device))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertThat(namespace.inputReader().readLine()).isEqualTo("ready");
    classes = MountProcess.readableClasses();
  }

  @AfterEach
  void remove() throws IOException, InterruptedException {
    if (namespace != null) {
      namespace.destroyForcibly().waitFor(); // and with it all that is mounted in it
      Files.delete(device);
      Files.delete(Objects.requireNonNull(device.getParent()));
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

  /// What comes before a command that the user runs in the namespace.
  private List<String> asNobody() {
    return List.of(
        "/usr/bin/nsenter",
        "--mount",
        "--target=" + namespace.pid(),
        "/usr/bin/setpriv",
        "--reuid=" + NOBODY,
        "--regid=" + NOBODY,
        "--clear-groups");
  }

  private String asNobody(String... command) throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(asNobody());
    all.addAll(List.of(command));
    return Mounted.run(Path.of("/"), all.toArray(String[]::new));
  }

  private List<String> mountTable() throws IOException, InterruptedException {
    return asNobody("/bin/cat", "/proc/self/mountinfo").lines().toList();
  }

  private MountProcess start() throws IOException {
    return MountProcess.start(asNobody(), directory, classes);
  }

  @Test
  void aUserMountsReadsWritesAndUnmounts() throws IOException, InterruptedException {
    try (MountProcess process = start()) {
      assertThat(process.line()).isEqualTo("mounted passthrough=false");

      assertThat(asNobody("/bin/cat", directory + "/hello")).startsWith("hello from");
      assertThat(MountTable.at(directory, mountTable()))
          .hasValueSatisfying(mounted -> assertThat(mounted.type()).isEqualTo("fuse.potluck-test"));
      assertThat(mountTable())
          .anyMatch(
              line ->
                  line.contains(directory.toString())
                      && line.contains("nosuid,nodev")
                      && line.contains("default_permissions"));

      process.say("unmount");
      assertThat(process.line()).isEqualTo("unmounted");
    }
    assertThat(MountTable.at(directory, mountTable())).isEmpty();
  }

  @Test
  void whatAKilledProcessOfTheUserLeftIsReplaced() throws IOException, InterruptedException {
    try (MountProcess process = start()) {
      assertThat(process.line()).startsWith("mounted");
      process.kill();
    }

    try (MountProcess process = start()) {
      assertThat(process.line()).startsWith("mounted");
      assertThat(asNobody("/bin/cat", directory + "/hello")).startsWith("hello from");
      process.say("unmount");
      assertThat(process.line()).isEqualTo("unmounted");
    }
  }

  @Test
  void aUserUnmountsByForceWhatIsInUse() throws IOException, InterruptedException {
    try (MountProcess process = start()) {
      assertThat(process.line()).startsWith("mounted");
      List<String> command = new ArrayList<>(asNobody());
      command.addAll(List.of("/bin/sh", "-c", "cd " + directory + " && echo in && exec cat"));
      Process sleeper = new ProcessBuilder(command).start();
      try {
        assertThat(sleeper.inputReader().readLine()).isEqualTo("in");

        process.say("force");

        assertThat(process.line()).isEqualTo("unmounted");
      } finally {
        sleeper.destroyForcibly();
        sleeper.waitFor();
      }
    }
    assertThat(MountTable.at(directory, mountTable())).isEmpty();
  }

  @Test
  void whatToDoAboutAClosedDeviceIsSaid() {
    assertThat(
            Fusermount.said(
                "fusermount3: failed to open /dev/fuse: Permission denied\n", List.of("it")))
        .isEqualTo(
            "fusermount3: failed to open /dev/fuse: Permission denied."
                + " Let users open it, as udev does: chmod 666 /dev/fuse");
    assertThat(Fusermount.said(" \n", List.of("/bin/fusermount3"))).contains("fusermount3 failed");
  }

  @Test
  void aUserWhoMayNotIsTold() throws IOException, InterruptedException {
    Files.setAttribute(directory, "unix:uid", 0);

    try (MountProcess process = start()) {
      assertThat(process.line())
          .startsWith("failed: can't mount on " + directory + ": ")
          .contains("fusermount3: ");
    }
  }
}
