package dev.potluck.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What a process leaves behind that was killed, and how mounts end.
@Timeout(120)
class LeftBehindTest {
  private Path directory;

  @BeforeEach
  void makeDirectory() throws IOException {
    Mounted.assumeRoot();
    directory = Files.createTempDirectory("fuse-left");
  }

  @AfterEach
  void removeDirectory() throws IOException {
    if (directory != null) {
      int _ = Libc.umount(directory.toString(), Libc.MNT_FORCE | Libc.MNT_DETACH);
      Files.delete(directory);
    }
  }

  private MemoryFileSystem files() {
    MemoryFileSystem files = new MemoryFileSystem(Mounted.LONG, false);
    files.put("hello", "hello again".getBytes(StandardCharsets.UTF_8));
    return files;
  }

  @Test
  void whatAKilledProcessLeftIsReplaced() throws IOException, InterruptedException {
    for (int i = 0; i < 2; i++) {
      try (MountProcess process = MountProcess.start(directory)) {
        assertThat(process.line()).startsWith("mounted");
        assertThat(Files.readString(directory.resolve("hello"))).startsWith("hello from");
        process.kill();
      }
      assertThat(Libc.statfs(directory.toString())).isEqualTo(-Errno.ENOTCONN.number());
    }

    try (FuseMount mount = FuseMount.mount(directory, files(), Mounted.options())) {
      assertThat(Files.readString(directory.resolve("hello"))).isEqualTo("hello again");
      assertThat(mount.mountpoint()).isEqualTo(directory);
    }
    assertThat(MountTable.at(directory)).isEmpty();
  }

  @Test
  void whatALivingProcessHasMountedIsLeftAlone() throws IOException, InterruptedException {
    try (MountProcess process = MountProcess.start(directory)) {
      assertThat(process.line()).startsWith("mounted");

      assertThatThrownBy(() -> FuseMount.mount(directory, files(), Mounted.options()))
          .isInstanceOf(ErrnoException.class)
          .hasMessageContaining("mounted already");
      assertThat(Files.readString(directory.resolve("hello"))).startsWith("hello from");

      process.say("unmount");
      assertThat(process.line()).isEqualTo("unmounted");
    }
    assertThat(MountTable.at(directory)).isEmpty();
  }

  @Test
  void aKilledProcessThatWaitsForItselfInTheKernelIsSetFree()
      throws IOException, InterruptedException {
    try (MountProcess process = MountProcess.start(directory)) {
      assertThat(process.line()).startsWith("mounted");
      Process stat = new ProcessBuilder("stat", directory.resolve("stuck").toString()).start();
      assertThat(process.line()).isEqualTo("not heard");
      Awaitility.await().until(() -> notifierWaitsInKernel(process.process.pid()));
      process.process.destroyForcibly();

      FuseMount.abort(directory, Mounted.options());

      assertThat(process.process.waitFor(10, TimeUnit.SECONDS)).isTrue();
      assertThat(stat.waitFor(10, TimeUnit.SECONDS)).isTrue();
      assertThat(stat.exitValue()).isNotZero();
    }
    assertThat(MountTable.at(directory)).isEmpty();
  }

  @Test
  void whoIsKilledWhileAProgramMakesANameDoesNotWaitForItself()
      throws IOException, InterruptedException {
    try (MountProcess process = MountProcess.start(directory)) {
      assertThat(process.line()).startsWith("mounted");
      Process touch = new ProcessBuilder("touch", directory.resolve("busy").toString()).start();
      String heard = process.line();
      assumeThat(heard).as("before Linux 6.16 it has to wait").isEqualTo("heard");

      process.process.destroyForcibly();

      assertThat(process.process.waitFor(10, TimeUnit.SECONDS)).isTrue();
      assertThat(touch.waitFor(10, TimeUnit.SECONDS)).isTrue();
      assertThat(touch.exitValue()).isNotZero();
    } finally {
      FuseMount.abort(directory, Mounted.options());
    }
  }

  /// Whether a thread that serves the mount sleeps where no signal wakes it.
  private static boolean notifierWaitsInKernel(long process) throws IOException {
    try (DirectoryStream<Path> threads =
        Files.newDirectoryStream(Path.of("/proc", Long.toString(process), "task"))) {
      for (Path thread : threads) {
        try {
          String stat = Files.readString(thread.resolve("stat"));
          if (stat.contains("(fuse-") && stat.contains(") D ")) {
            return true;
          }
        } catch (IOException _) {
          // That thread has ended meanwhile, and does not wait.
        }
      }
      return false;
    }
  }

  @Test
  void whatOthersLeftIsNotOurs() throws IOException, InterruptedException {
    try (MountProcess process = MountProcess.start(directory)) {
      assertThat(process.line()).startsWith("mounted");
      process.kill();
    }

    assertThatThrownBy(() -> FuseMount.mount(directory, files(), MountOptions.of("other", "other")))
        .isInstanceOf(ErrnoException.class)
        .hasMessageContaining("left behind by another file system (fuse.potluck-test)");
  }

  @Test
  void unmountingWaitsForNobodyButIsRefusedWhileFilesAreOpen()
      throws IOException, InterruptedException {
    MemoryFileSystem files = files();
    FuseMount mount = FuseMount.mount(directory, files, Mounted.options());
    InputStream open = Files.newInputStream(directory.resolve("hello"));
    assertThatThrownBy(mount::unmount)
        .isInstanceOfSatisfying(ErrnoException.class, e -> assertThat(e.is(Errno.EBUSY)).isTrue());
    assertThat(open.read()).isEqualTo('h');

    mount.unmountForced();

    assertThatThrownBy(open::close).hasMessageContaining("not connected");
    assertThat(MountTable.at(directory)).isEmpty();
    assertThat(files.unmounted.getCount()).isZero();
    mount.close();
  }

  @Test
  void somebodyElseMayUnmountIt() throws IOException, InterruptedException {
    MemoryFileSystem files = files();
    try (FuseMount mount = FuseMount.mount(directory, files, Mounted.options())) {
      assertThat(Libc.umount(directory.toString(), 0)).isZero();

      assertThat(mount.awaitUnmounted(Duration.ofSeconds(10))).isTrue();
    }
    assertThat(files.unmounted.getCount()).isZero();
  }

  @Test
  void whoIsInterruptedWhileMountingLeavesNothingMounted()
      throws IOException, InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    MemoryFileSystem slow =
        new MemoryFileSystem(Mounted.LONG, false) {
          @Override
          public void mounted(Features features, Notifier notifier) {
            begun.countDown();
            try {
              goOn.await();
            } catch (InterruptedException _) {
              Thread.currentThread().interrupt(); // a reader, which nobody interrupts
            }
          }
        };
    FutureTask<FuseMount> mounting =
        new FutureTask<>(() -> FuseMount.mount(directory, slow, Mounted.options()));
    Thread thread = Thread.ofPlatform().daemon().start(mounting);
    assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();

    thread.interrupt();

    try {
      assertThatThrownBy(() -> mounting.get(10, TimeUnit.SECONDS))
          .hasCauseInstanceOf(InterruptedException.class);
      assertThat(MountTable.at(directory)).isEmpty();
    } finally {
      goOn.countDown();
    }
    assertThat(slow.unmounted.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void mountsComeAndGoWithoutATrace() throws IOException, InterruptedException {
    for (int i = 0; i < 2; i++) { // what is loaded and opened once is open from here on
      FuseMount.mount(directory, files(), Mounted.options()).close();
    }
    int before = Mounted.descriptors().size();

    for (int i = 0; i < 20; i++) {
      try (FuseMount mount = FuseMount.mount(directory, files(), Mounted.options())) {
        assertThat(Files.readString(directory.resolve("hello"))).isEqualTo("hello again");
        mount.notifier().invalidateAttributes(FileSystem.ROOT);
      }
    }

    Mounted.awaitNoThreads();
    assertThat(Mounted.descriptors()).hasSizeLessThanOrEqualTo(before);
  }
}
