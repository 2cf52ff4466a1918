package dev.potluck.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Reads through the page cache are requests in the background: those that wait keep no others from
/// being served.
@Timeout(120)
class BackgroundTest {
  /// More than the kernel allows by itself, or a stingy answer to INIT would.
  private static final int READS = 200;

  private static final String PROGRAM =
      """
      import os, threading
      # In the middle, where nothing is read ahead: when all is busy, reading ahead is left out.
      def read(i): os.pread(os.open('hang-%%d' %% i, os.O_RDONLY), 1, 1 << 19)
      threads = [threading.Thread(target=read, args=(i,)) for i in range(%d)]
      for t in threads: t.start()
      for t in threads: t.join()
      print('read')
      """
          .formatted(READS);

  /// Reads of all files but `good` wait until the test lets them go.
  private static final class Hanging extends MemoryFileSystem {
    final Set<MemoryNode> waiting = ConcurrentHashMap.newKeySet();
    final CountDownLatch goOn = new CountDownLatch(1);
    private final MemoryNode good;

    Hanging() {
      super(Mounted.LONG, true);
      for (int i = 0; i < READS; i++) {
        put("hang-" + i, new byte[0]).truncate(1 << 20);
      }
      good = put("good", "good".getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public MemorySegment read(Request request, long node, long handle, long offset, int size)
        throws IOException, InterruptedException {
      MemoryNode file = files.get(handle);
      if (!file.equals(good)) {
        waiting.add(file);
        goOn.await();
      }
      return super.read(request, node, handle, offset, size);
    }
  }

  @Test
  void manyReadsThatWaitKeepNobodyElseWaiting() throws IOException, InterruptedException {
    try (var mounted = Mounted.of(new Hanging())) {
      Process program =
          new ProcessBuilder("/usr/bin/python3", "-c", PROGRAM)
              .directory(mounted.directory.toFile())
              .redirectErrorStream(true)
              .start();
      try {
        Awaitility.await()
            .untilAsserted(() -> assertThat(mounted.files.waiting.size()).isEqualTo(READS));

        assertThat(mounted.run("/bin/cat", "good")).isEqualTo("good");
      } finally {
        mounted.files.goOn.countDown();
      }
      assertThat(program.inputReader().readLine()).isEqualTo("read");
      assertThat(program.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }
  }
}
