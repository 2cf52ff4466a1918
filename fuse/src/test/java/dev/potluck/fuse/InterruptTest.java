package dev.potluck.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// A program that waits for a file system can be interrupted, and a file system that fails harms
/// only who asked.
class InterruptTest {
  /// Reading `hang` waits for ever; reading `bug` fails as nothing should. Files are read past the
  /// page cache: who waits for a page of it can be killed, but not interrupted.
  private static final class Hanging extends MemoryFileSystem {
    final CountDownLatch reading = new CountDownLatch(1);
    final CountDownLatch interrupted = new CountDownLatch(1);
    final Semaphore hanging = new Semaphore(0);

    Hanging() {
      super(Mounted.LONG, true);
      put("hang", new byte[10]);
      put("bug", new byte[10]);
      put("good", "good".getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public synchronized Opened open(Request request, long number, int flags)
        throws IOException, InterruptedException {
      return Opened.direct(super.open(request, number, flags).handle());
    }

    @Override
    public MemorySegment read(Request request, long node, long handle, long offset, int size)
        throws IOException, InterruptedException {
      MemoryNode file = files.get(handle);
      if (file.equals(named("bug"))) {
        throw new IllegalStateException("a bug, as expected");
      }
      if (file.equals(named("hang"))) {
        reading.countDown();
        hanging.release();
        try {
          new CountDownLatch(1).await();
        } finally {
          interrupted.countDown();
        }
      }
      return super.read(request, node, handle, offset, size);
    }
  }

  @Test
  void aSignalEndsAReadThatWaits() throws IOException, InterruptedException {
    try (var mounted = Mounted.of(new Hanging())) {
      Process program =
          new ProcessBuilder(
                  "/usr/bin/python3",
                  "-c",
                  """
                  import os, signal
                  class Signalled(Exception): pass
                  def handler(*_): raise Signalled
                  signal.signal(signal.SIGUSR1, handler)
                  try: os.read(os.open('hang', os.O_RDONLY), 10)
                  except Signalled: print('signalled')
                  """)
              .directory(mounted.directory.toFile())
              .start();
      assertThat(mounted.files.reading.await(10, TimeUnit.SECONDS)).isTrue();

      Mounted.run(mounted.directory, "/bin/kill", "-USR1", Long.toString(program.pid()));

      assertThat(program.inputReader().readLine()).isEqualTo("signalled");
      assertThat(mounted.files.interrupted.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(program.waitFor()).isZero();
    }
  }

  @Test
  void aKilledProgramWaitsNoLonger() throws IOException, InterruptedException {
    try (var mounted = Mounted.of(new Hanging())) {
      Process program =
          new ProcessBuilder("/bin/cat", "hang").directory(mounted.directory.toFile()).start();
      assertThat(mounted.files.reading.await(10, TimeUnit.SECONDS)).isTrue();

      program.destroyForcibly();

      assertThat(program.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void aBugIsAnErrorOfTheOneWhoAsked() throws IOException, InterruptedException {
    try (var mounted = Mounted.of(new Hanging())) {
      String said =
          mounted.python(
              """
              try: open('bug').read()
              except OSError as e: print(e.strerror)
              """);

      assertThat(said.strip()).isEqualTo("Input/output error");
      assertThat(Files.readString(mounted.path("good"))).isEqualTo("good");
    }
  }

  @Test
  void moreThanThereAreReadersWaitAndHoldUpNobody() throws IOException, InterruptedException {
    List<Process> waiting = new ArrayList<>();
    var mounted = Mounted.of(new Hanging());
    try (mounted) {
      for (int i = 0; i < 8; i++) {
        waiting.add(
            new ProcessBuilder("/bin/cat", "hang").directory(mounted.directory.toFile()).start());
        assertThat(mounted.files.hanging.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
      }

      assertThat(mounted.python("print(open('good').read())").strip()).isEqualTo("good");
      for (Process one : List.of(waiting.removeFirst(), waiting.removeLast())) {
        one.destroyForcibly();
        assertThat(one.waitFor(10, TimeUnit.SECONDS)).isTrue();
      }
      assertThat(waiting).allMatch(Process::isAlive);
    }

    for (Process one : waiting) {
      assertThat(one.waitFor(10, TimeUnit.SECONDS)).isTrue();
      assertThat(one.exitValue()).isNotZero();
    }
    assertThat(mounted.files.unmounted.getCount()).isZero();
  }

  @Test
  void aMountEndsByForceWhileSomebodyWaits() throws IOException, InterruptedException {
    var mounted = Mounted.of(new Hanging());
    Process program =
        new ProcessBuilder("/bin/cat", "hang").directory(mounted.directory.toFile()).start();
    assertThat(mounted.files.reading.await(10, TimeUnit.SECONDS)).isTrue();

    mounted.close();

    assertThat(program.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(program.exitValue()).isNotZero();
    assertThat(mounted.files.unmounted.getCount()).isZero();
  }
}
