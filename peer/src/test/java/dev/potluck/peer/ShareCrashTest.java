package dev.potluck.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.potluck.content.Name;
import dev.potluck.content.PieceLayer;
import dev.potluck.content.Version;
import dev.potluck.directory.Reason;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// kill -9 of a process in the middle of changing a share, and what the next start makes of it. The
/// seed is -Dpotluck.seed, the number of rounds -Dpotluck.rounds.
final class ShareCrashTest {
  private static final long SEED = Long.getLong("potluck.seed", System.nanoTime());
  private static final int ROUNDS = Integer.getInteger("potluck.rounds", 4);

  @TempDir Path folder;

  @Test
  void whatPotluckWasDoingIsNeverTakenForTheUsersEdit() throws Exception {
    System.out.println("seed " + SEED);
    Random random = new Random(SEED);
    for (int round = 0; round < ROUNDS; round++) {
      Process child = start("moves", random.nextLong());
      String opened = child.inputReader().readLine();
      assertThat(opened).isEqualTo("open");
      boolean ended = child.waitFor(random.nextInt(10, 500), TimeUnit.MILLISECONDS);
      assertThat(ended).isFalse();
      kill(child);

      try (ShareFixture it = new ShareFixture(folder)) {
        it.share.rescan();

        assertThat(it.events).as("round %d", round).isEmpty();
        for (LocalFile file : it.share.files()) {
          assertIsItsVersion(it, file);
          assertThat(file.edited()).isFalse();
          assertThat(it.share.verify(file.content())).isTrue();
        }
        assertThat(names(".potluck/tmp")).isEmpty();
        assertThat(filesOnDisk()).hasSize(it.share.files().size());
      }
    }
  }

  private static void assertIsItsVersion(ShareFixture it, LocalFile file) {
    String name = file.name().value();
    if (CrashingChild.isLink(file.base())) {
      assertThat(it.target(file.path())).isEqualTo(CrashingChild.target(name, file.base()));
    } else {
      assertThat(it.text(file.path())).isEqualTo(CrashingChild.text(name, file.base()));
    }
  }

  @Test
  void aDownloadGoesOnWhereItWasKilled() throws Exception {
    System.out.println("seed " + SEED);
    Random random = new Random(SEED);
    PieceLayer layer = ShareFixture.layer(CrashingChild.large(SEED));
    int count = layer.content().pieces().count();
    boolean installed = false;
    for (int round = 0; round < 20 && !installed; round++) {
      Process child = start("download", SEED);
      List<String> said = readUntil(child, random.nextInt(2, 40));
      kill(child);
      installed = said.contains("installed");

      try (ShareFixture it = new ShareFixture(folder)) {
        if (it.share.find(Name.of("large")).isPresent()) {
          installed = true;
        } else {
          assertThat(names(".potluck/partial")).hasSizeBetween(0, 2);
          try (Partial partial = it.share.resume(layer, true)) {
            for (String line : said) {
              if (line.startsWith("piece ")) {
                assertThat(partial.has(Integer.parseInt(line.substring(6)))).isTrue();
              }
            }
            assertThat(partial.verified().cardinality()).isLessThanOrEqualTo(count);
          }
        }
      }
    }
    assertThat(installed).isTrue();
    assertThat(folder.resolve("large")).hasBinaryContent(CrashingChild.large(SEED));
  }

  @Test
  void anEditOfALargeFileThatWasSafeIsThereWhatever() throws Exception {
    System.out.println("seed " + SEED);
    Random random = new Random(SEED);
    byte[] bytes = new byte[24 << 20];
    try (ShareFixture it = new ShareFixture(folder)) {
      ReadyContent ready = it.ready(bytes);
      Version version = Version.file(1, ready.content(), ShareFixture.LONG_AGO, 0644);
      it.share.install(ready, CrashingChild.EDITED, version, Reason.KEPT);
    }
    long most = 0;
    for (int round = 0; round < 2 * ROUNDS; round++) {
      Process child = start("edits", random.nextLong());
      assertThat(child.inputReader().readLine()).isEqualTo("open");
      if (round == 0) {
        most = Long.parseLong(child.inputReader().readLine());
      }
      boolean ended = child.waitFor(random.nextInt(100, 900), TimeUnit.MILLISECONDS);
      assertThat(ended).isFalse();
      kill(child);
      long said =
          readUntil(child, Integer.MAX_VALUE).stream().mapToLong(Long::parseLong).max().orElse(0);

      try (ShareFixture it = new ShareFixture(folder)) {
        LocalFile edit = it.share.find(CrashingChild.EDITED).orElseThrow();
        long[] counted = CrashingChild.counted(it.share, edit.content());
        assertThat(counted[0]).isGreaterThanOrEqualTo(said);
        most = Math.max(most, said);
        assertThat(counted).containsOnly(counted[0]);
        for (long at : CrashingChild.COUNTERS) {
          ByteBuffer.wrap(bytes).putLong((int) at, counted[0]);
        }
        assertThat(edit.content()).isEqualTo(ShareFixture.layer(bytes).content());
        it.share.finishOverlaid();
        assertThat(folder.resolve("large")).hasBinaryContent(bytes);
        it.share.rescan();
        assertThat(it.events).as("round %d", round).isEmpty();
        assertThat(names(Overlay.FOLDER)).isEmpty();
        assertThat(filesOnDisk()).hasSize(1);
      }
    }
    assertThat(most).as("edits that were safe").isPositive();
  }

  @Test
  void aLinkThatNobodyDecidedOnIsKeptAsAnEdit() throws Exception {
    Process child = start("link", SEED);
    assertThat(readUntil(child, 2)).endsWith("noted");
    kill(child);

    try (ShareFixture it = new ShareFixture(folder)) {
      assertThat(it.target("d/link")).isEqualTo("target");
      LocalFile file = it.find("d/link").orElseThrow();
      assertThat(file.version()).isEqualTo(ShareFixture.link("target", 2));
      assertThat(file.edited()).isTrue();
      it.share.rescan();
      assertThat(it.events).isEmpty();
      assertThat(names(".potluck/tmp")).isEmpty();
    }
  }

  private Process start(String what, long seed) throws IOException {
    String path =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-Xshare:auto",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            path,
            CrashingChild.class.getName(),
            what,
            folder.toString(),
            Long.toString(seed))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static List<String> readUntil(Process child, int lines) throws IOException {
    List<String> said = new ArrayList<>();
    BufferedReader reader = child.inputReader();
    for (String line; said.size() < lines && (line = reader.readLine()) != null; ) {
      said.add(line);
    }
    return said;
  }

  private static void kill(Process child) throws InterruptedException {
    boolean _ = child.toHandle().destroyForcibly(); // What it said can still be read.
    child.waitFor();
  }

  private List<String> names(String path) throws IOException {
    try (Stream<Path> list = Files.list(folder.resolve(path))) {
      return list.map(p -> p.getFileName().toString()).toList();
    }
  }

  private List<Path> filesOnDisk() throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
          .filter(p -> !p.startsWith(folder.resolve(".potluck")))
          .toList();
    }
  }
}
