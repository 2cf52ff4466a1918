package dev.potluck.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Many programs at once.
@Timeout(120)
class ManyReadersTest {
  private static final int READERS = 64;
  private static final int BYTES = 3_000_000;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everyReaderGetsItsFile(boolean mayBlock)
      throws IOException, InterruptedException, ExecutionException {
    try (var mounted = Mounted.of(new MemoryFileSystem(Mounted.LONG, mayBlock));
        ExecutorService programs = Executors.newFixedThreadPool(READERS)) {
      List<byte[]> contents = new ArrayList<>();
      for (int i = 0; i < READERS; i++) {
        byte[] content = new byte[BYTES];
        new Random(i).nextBytes(content);
        contents.add(content);
        mounted.files.put("file" + i, content);
      }
      CountDownLatch start = new CountDownLatch(READERS);
      List<Future<byte[]>> read = new ArrayList<>();
      for (int i = 0; i < READERS; i++) {
        var path = mounted.path("file" + i);
        read.add(
            programs.submit(
                () -> {
                  start.countDown();
                  start.await();
                  return Files.readAllBytes(path);
                }));
      }

      for (int i = 0; i < READERS; i++) {
        assertThat(read.get(i).get()).isEqualTo(contents.get(i));
      }
    }
  }
}
