package dev.potluck.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/// A file system mounted in a directory of its own, for a test. Programs of their own read and
/// write it: a JVM must not map files that it serves itself.
final class Mounted<F extends FileSystem> implements AutoCloseable {
  static final Duration LONG = Duration.ofHours(1);
  private static final long PROGRAM_SECONDS_MAX = 120;

  final F files;
  final Path directory;
  final FuseMount mount;

  private Mounted(F files, Path directory, FuseMount mount) {
    this.files = files;
    this.directory = directory;
    this.mount = mount;
  }

  static MountOptions options() {
    return MountOptions.of("potluck-test", "potluck-test").withLocks(true);
  }

  static <F extends FileSystem> Mounted<F> of(F files) throws IOException, InterruptedException {
    return of(files, options());
  }

  static <F extends FileSystem> Mounted<F> of(F files, MountOptions options)
      throws IOException, InterruptedException {
    assumeRoot();
    Path directory = Files.createTempDirectory("fuse test");
    return new Mounted<>(files, directory, FuseMount.mount(directory, files, options));
  }

  static void assumeRoot() {
    assumeTrue(Libc.effectiveUser() == 0, "mounting needs root");
    assumeTrue(Files.exists(Path.of("/dev/fuse")), "this kernel has no FUSE");
  }

  Path path(String name) {
    return directory.resolve(name);
  }

  /// Runs a Python program in the mounted directory.
  ///
  /// @return what it printed
  String python(String program) throws IOException, InterruptedException {
    return run("/usr/bin/python3", "-c", program);
  }

  /// Runs a program in the mounted directory; it must succeed.
  ///
  /// @return what it printed
  String run(String... command) throws IOException, InterruptedException {
    return run(directory, command);
  }

  static String run(Path directory, String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(PROGRAM_SECONDS_MAX, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
    return output;
  }

  /// The descriptors of this process that belong to mounts: they may not grow in number.
  static List<String> descriptors() {
    List<String> open = new ArrayList<>();
    for (String name : Path.of("/proc/self/fd").toFile().list()) {
      try {
        String target = Files.readSymbolicLink(Path.of("/proc/self/fd", name)).toString();
        if (!target.endsWith(".jar") && !target.contains("/modules")) {
          open.add(target);
        }
      } catch (IOException _) {
        // the one with which the directory was listed
      }
    }
    return open;
  }

  static void awaitNoThreads() {
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(
            () ->
                assertThat(Thread.getAllStackTraces().keySet())
                    .noneMatch(thread -> thread.getName().startsWith("fuse-potluck-test-")));
  }

  @Override
  public void close() throws IOException {
    try {
      mount.close();
    } catch (ErrnoException e) {
      // A busy machine may take longer to end the last requests than who ends a daemon would wait.
      assertThat(e.is(Errno.ETIMEDOUT)).as(e.getMessage()).isTrue();
      Awaitility.await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> mount.awaitUnmounted(Duration.ZERO));
    }
    Files.delete(directory);
  }
}
