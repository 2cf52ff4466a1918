package dev.potluck.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.potluck.content.PotluckException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A downloading peer that is killed again and again: it finishes by itself, and hardly a byte
/// comes twice. `-Dpotluck.kills=50` makes it 50 kills within 200 MiB; each has its 4 MiB of the
/// download, so that fewer kills are as hard on it.
final class KilledDownloadTest {
  private static final int KILLS = Integer.getInteger("potluck.kills", 5);
  private static final int BYTES_A_KILL = 4 << 20;
  private static final long SEED =
      Long.getLong("potluck.seed", System.nanoTime() & Integer.MAX_VALUE);
  private static final String NAME = "film";
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final Duration POLL = Duration.ofMillis(20);

  @TempDir private Path folder;

  @Test
  void killedAtRandomMomentsItFinishesAndFetchesHardlyAnythingTwice() throws Exception {
    System.out.println("potluck.seed=" + SEED);
    var random = new Random(SEED);
    long size = (long) KILLS * BYTES_A_KILL;
    try (var wire = new Wire("8mbit");
        var party = Party.in(folder)) {
      var origin = Files.createDirectories(party.share("anna")).resolve(NAME);
      var copy = Files.createDirectories(party.share("ben")).resolve(NAME);
      write(origin, random);
      party.startedBy("anna", wire.atLeft());
      party.startedBy("ben", wire.atRight());
      party.up("anna", "--open", "--listen", Wire.LEFT_ADDRESS + ":7420", "--settle", "100ms");
      startBen(party);
      Awaitility.await()
          .atMost(LIMIT)
          .ignoreExceptions()
          .until(() -> party.ask("ben", "find", Map.of("name", NAME)).path("holders").size() == 1);
      var before = wire.arrivedAtRight();
      // What the kernel takes in until the process has ended can be kept by nobody.
      var dying = 0L;
      Thread.ofVirtual().name("get").start(() -> beginGet(party));

      for (var moment : random.longs(KILLS, 0, size).sorted().toArray()) {
        Awaitility.await()
            .atMost(LIMIT)
            .pollDelay(Duration.ZERO)
            .pollInterval(POLL)
            .until(() -> wire.arrivedAtRight() - before > moment);
        var killed = wire.arrivedAtRight();
        party.kill("ben");
        dying += wire.arrivedAtRight() - killed;
        assertThat(copy).doesNotExist();
        startBen(party);
      }

      Awaitility.await().atMost(LIMIT).until(() -> Files.exists(copy));
      assertThat(Files.mismatch(origin, copy)).isEqualTo(-1);
      var arrived = wire.arrivedAtRight() - before - dying;
      System.out.printf(
          "%d kills, %d bytes, %d arrived: %.1f %% more%n",
          KILLS, size, arrived, 100.0 * (arrived - size) / size);
      assertThat(arrived).isLessThan(size + size / 20);
    }
  }

  private static void startBen(Party party) throws InterruptedException {
    party.up(
        "ben",
        "--open",
        "--join",
        Wire.LEFT_ADDRESS + ":7420",
        "--listen",
        Wire.RIGHT_ADDRESS + ":7420");
  }

  /// The command ends with the first kill; the download does not.
  private static void beginGet(Party party) {
    try {
      var _ = party.ask("ben", "get", Map.of("names", List.of(NAME)));
    } catch (PotluckException e) {
      System.out.println("the command ended: " + e.getMessage());
    }
  }

  private static void write(Path file, Random random) throws IOException {
    var block = new byte[BYTES_A_KILL];
    try (var out = Files.newOutputStream(file)) {
      for (var i = 0; i < KILLS; i++) {
        random.nextBytes(block);
        out.write(block);
      }
    }
  }
}
