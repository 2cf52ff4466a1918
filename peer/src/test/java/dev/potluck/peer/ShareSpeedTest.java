package dev.potluck.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.potluck.content.Name;
import dev.potluck.directory.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Prints what installing, scanning and starting cost; nothing is asserted of the time. The number
/// of files is -Dpotluck.files (2,000).
final class ShareSpeedTest {
  private static final int FILES = Integer.getInteger("potluck.files", 2_000);

  @Test
  void manySmallFilesAreInstalledAndScanned() throws IOException {
    Path memory = Path.of("/dev/shm");
    assumeTrue(Files.isWritable(memory));
    Path folder = Files.createTempDirectory(memory, "potluck-speed");
    try (ShareFixture it = new ShareFixture(folder)) {
      for (int round = 0; round < 3; round++) {
        String prefix = "round" + round;
        List<SmallFile> files = files(prefix);
        long start = System.nanoTime();
        for (int i = 0; i < FILES; i += 1_000) {
          it.share.installBatch(files.subList(i, Math.min(FILES, i + 1_000)));
        }
        print(FILES + " x 4 KiB installed", start);
      }
      for (int round = 0; round < 4; round++) {
        ScanReport report = it.share.rescan();
        System.out.println(report.files() + " unchanged files rescanned: " + report.took());
        assertThat(report.files()).isEqualTo(3L * FILES);
        assertThat(report.changed() + report.added() + report.removed()).isZero();
      }
      long start = System.nanoTime();
      it.reopen();
      print("share of " + it.share.files().size() + " files opened", start);
      assertThat(it.events).isEmpty();
    } finally {
      try (Stream<Path> all = Files.walk(folder)) {
        for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }

  private static List<SmallFile> files(String prefix) {
    List<SmallFile> files = new ArrayList<>();
    byte[] bytes = new byte[4 << 10];
    for (int i = 0; i < FILES; i++) {
      ByteBuffer content = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
      content.putInt(0, i).putInt(4, prefix.hashCode());
      byte[] copy = new byte[bytes.length];
      content.get(0, copy);
      files.add(
          new SmallFile(
              Name.of(prefix + "/folder" + i % 100 + "/file" + i),
              dev.potluck.content.Version.file(
                  1, ShareFixture.layer(copy).content(), ShareFixture.LONG_AGO, 0644),
              Reason.FETCHED,
              content));
    }
    return files;
  }

  private static void print(String what, long startNs) {
    System.out.printf("%s: %.3f s%n", what, (System.nanoTime() - startNs) / 1e9);
  }
}
