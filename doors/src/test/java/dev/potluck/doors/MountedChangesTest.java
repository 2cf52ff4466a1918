package dev.potluck.doors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Changes that meet a program in the middle of what it does.
final class MountedChangesTest {
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final int MANY = 2_000;

  @TempDir private Path folder;
  private final ScriptedFiles files = new ScriptedFiles();
  private @Nullable PartyMount mounted;

  @BeforeEach
  void mount() throws InterruptedException {
    assumeTrue(Files.exists(Path.of("/dev/fuse")), "this kernel has no FUSE");
    assumeTrue(System.getProperty("user.name").equals("root"), "only root mounts here");
    mounted =
        PartyMount.open(files, new NoEdits(), new NoLocks(), mountpoint(), Duration.ofSeconds(2));
  }

  private Path mountpoint() {
    return folder.resolve("mount");
  }

  @AfterEach
  void unmount() {
    if (mounted != null) {
      mounted.close();
    }
  }

  @Test
  void aListingThatGoesOnDoesNotBringBackWhatWasReplaced() throws Exception {
    for (int i = 0; i < MANY; i++) {
      files.write("f%05d".formatted(i), "old");
    }
    try (var listing =
        new Program(
            """
            import ctypes, os
            fd = os.open('.', os.O_RDONLY | os.O_DIRECTORY)
            libc = ctypes.CDLL(None, use_errno=True)
            some = ctypes.create_string_buffer(4096)
            print(libc.syscall(217, fd, some, 4096) > 0, flush=True)
            input()
            while libc.syscall(217, fd, some, 4096) > 0: pass
            print(os.stat('f01999').st_size, os.path.exists('f01998'), flush=True)
            """)) {
      assertThat(listing.line()).isEqualTo("True");

      files.write("f01999", "new and longer");
      files.delete("f01998");
      assertThat(python("import os; print(os.stat('f01999').st_size, os.path.exists('f01998'))"))
          .isEqualTo("14 False");
      listing.goOn();

      assertThat(listing.line()).isEqualTo("14 False");
    }
  }

  @Test
  void whoKeepsAFolderOpenSeesANewNameInIt() throws Exception {
    files.write("one", "1");
    try (var listing =
        new Program(
            """
            import os
            fd = os.open('.', os.O_RDONLY | os.O_DIRECTORY)
            print(os.listdir(fd), os.listdir(fd), flush=True)
            while True:
              input()
              print(sorted(os.listdir(fd)), flush=True)
            """)) {
      assertThat(listing.line()).isEqualTo("['one'] ['one']");

      files.write("two", "2");

      Awaitility.await()
          .atMost(SOON)
          .untilAsserted(
              () -> {
                listing.goOn();
                assertThat(listing.line()).isEqualTo("['one', 'two']");
              });
    }
  }

  @Test
  void whatWasChangedInTheShareIsOpenedAsWhatItBecomes() throws Exception {
    files.write("mine", "old");
    assertThat(python("print(open('mine').read())")).isEqualTo("old");
    files.beginChange("mine");
    try (var reading =
        new Program("print('begins', flush=True); print(open('mine').read(), flush=True)")) {
      assertThat(reading.line()).isEqualTo("begins");

      files.write("mine", "new");
      files.endChange("mine");

      assertThat(reading.line()).isEqualTo("new");
    }
  }

  private String python(String program) throws IOException {
    try (var python = new Program(program)) {
      return python.line();
    }
  }

  /// A Python program in the mount: a JVM must not read what it serves itself.
  private final class Program implements AutoCloseable {
    private final Process process;
    private final BufferedReader output;

    Program(String text) throws IOException {
      process =
          new ProcessBuilder("/usr/bin/python3", "-c", text)
              .directory(mountpoint().toFile())
              .redirectErrorStream(true)
              .start();
      output = process.inputReader(StandardCharsets.UTF_8);
    }

    /// What it prints next.
    String line() {
      try {
        var line = output.readLine();
        return line == null ? "" : line;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    void goOn() throws IOException {
      process.getOutputStream().write('\n');
      process.getOutputStream().flush();
    }

    @Override
    public void close() {
      process.destroy();
      assertThat(process.onExit().orTimeout(SOON.toSeconds(), TimeUnit.SECONDS).join().isAlive())
          .isFalse();
    }
  }
}
