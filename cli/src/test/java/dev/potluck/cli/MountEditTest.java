package dev.potluck.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Programs write a little of a large file in the mount: it is saved, read, fetched and survives a
/// kill before the file in the share is the new one, and becomes that.
final class MountEditTest {
  private static final long SEED =
      Long.getLong("potluck.seed", System.nanoTime() & Integer.MAX_VALUE);
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final int SIZE = 64 << 20;

  @TempDir private Path folder;
  @AutoClose private Mounts mounts;
  private Party party;
  private String founder = "";
  private byte[] large = new byte[SIZE];

  @BeforeEach
  void mount() throws Exception {
    System.out.println("potluck.seed=" + SEED);
    new Random(SEED).nextBytes(large);
    mounts = Mounts.in(folder);
    party = mounts.party();
    Files.createDirectories(party.share("anna"));
    Files.write(party.share("anna").resolve("large"), large);
    founder = mounts.up("anna", "--open");
    mounts.eventually("anna", "stat -c %s large", SIZE + "\n");
  }

  @Test
  void manySmallEditsAreReadHereAndThereAndLittleIsMoved() throws Exception {
    mounts.up("ben", "--open", "--join", founder);
    assertThat(party.run("ben", "get", "large").status()).isZero();
    var copy = Files.write(folder.resolve("copy"), large);

    try (var events = party.follow("ben", "events")) {
      Mounts.ended(
          mounts.program(
              "anna", "/usr/bin/python3", "-c", RANDOM_EDITS, "" + SEED, copy.toString()));

      large = Files.readAllBytes(copy);
      assertThat(mounts.shell("anna", "cmp large " + copy)).isEmpty();
      assertThat(party.run("anna", "get", "large", "-o", folder.resolve("out").toString()).status())
          .isZero();
      assertThat(Arrays.equals(Files.readAllBytes(folder.resolve("out")), large)).isTrue();
      awaitInShare("anna");
      awaitInShare("ben"); // Only then read there: a reader fetches, too.
      assertThat(mounts.shell("anna", "cmp large " + copy)).isEmpty();
      mounts.eventually("ben", "cmp large " + copy + " || true", "");
      Awaitility.await()
          .atMost(LIMIT)
          .untilAsserted(() -> assertThat(updatedBytes(events)).isBetween(1L, 8L << 20));
    }
    assertThat(party.ask("anna", "status", Map.of()).path("overlaid")).isEmpty();
  }

  /// The same changes of a file in the mount and of a plain copy, within two places and at the end.
  private static final String RANDOM_EDITS =
      """
      import os, random, sys
      draw = random.Random(int(sys.argv[1]))
      here = os.open('large', os.O_RDWR)
      copy = os.open(sys.argv[2], os.O_RDWR)
      for n in range(300):
          size = os.fstat(copy).st_size
          at = draw.choice([10 << 20, 40 << 20, size - 9_000]) + draw.randrange(10_000)
          data = draw.randbytes(draw.randrange(1, 9000))
          os.pwrite(here, data, at)
          os.pwrite(copy, data, at)
          assert os.pread(here, 10_000, at - 500) == os.pread(copy, 10_000, at - 500)
          if n % 10 == 0:
              os.fsync(here)
          if n % 60 == 0:
              os.close(here)
              here = os.open('large', os.O_RDWR)
      os.close(here)
      """;

  @Test
  void anEditOutlivesAKillBeforeItIsAFile() throws Exception {
    byte[] before = large.clone();
    mounts.up("ben", "--open", "--join", founder);

    edit(20_000_000, "changed");
    party.kill("anna");

    assertThat(Arrays.equals(inShare("anna"), before)).isTrue();
    mounts.up("anna", "--listen", founder);
    assertThat(mounts.shell("anna", "cmp large - < " + expected())).isEmpty();
    mounts.eventually("ben", "cmp large " + expected() + " || true", "");
    awaitInShare("anna");
    assertThat(party.ask("anna", "history", Map.of("name", "large")).path("versions")).hasSize(2);
  }

  @Test
  void editsOutliveAnEnd() throws Exception {
    edit(20_000_000, "changed");
    edit(30_000_000, "and again");

    assertThat(party.stop("anna")).isZero();

    mounts.up("anna");
    assertThat(mounts.shell("anna", "cmp large " + expected())).isEmpty();
    awaitInShare("anna");
  }

  @Test
  void afterAKillAtAnyMomentTheFileIsOneOfItsVersions() throws Exception {
    var random = new Random(SEED);
    int known = 0;
    for (int round = 0; round < 5; round++) {
      int count = 1 + random.nextInt(400);
      boolean whileCopying = round % 2 == 1;
      int most = whileCopying ? count : Integer.MAX_VALUE;
      var writer =
          mounts.program("anna", "/usr/bin/python3", "-c", COUNTER, "" + (known + 1), "" + most);
      var said = writer.inputReader(UTF_8);
      for (int left = count; left > 0; left--) {
        known = Integer.parseInt(said.readLine());
      }
      if (whileCopying) {
        awaitCopying();
      }
      party.kill("anna");
      mounts.up("anna"); // Programs may hang in the mount until then.
      for (var line : said.lines().filter(line -> line.matches("\\d+")).toList()) {
        known = Integer.parseInt(line);
      }
      assertThat(writer.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();

      var counters = mounts.python("anna", COUNTED).split(" ", 3);
      assertThat(counters).containsOnly(counters[0]);
      assertThat(Integer.parseInt(counters[0])).isBetween(known, known + 1);
      known = Integer.parseInt(counters[0]);
      for (int at : new int[] {1_000_000, 33_000_000, 60_000_000}) {
        put(at, "%08d".formatted(known));
      }
      assertThat(mounts.shell("anna", "cmp large " + expected())).isEmpty();
    }
    awaitInShare("anna");
    assertThat(party.ask("anna", "status", Map.of()).path("skipped")).isEmpty();
  }

  private static final String COUNTER =
      """
      import itertools, os, sys
      f = os.open('large', os.O_RDWR)
      for n in itertools.islice(itertools.count(int(sys.argv[1])), int(sys.argv[2])):
          for at in (1_000_000, 33_000_000, 60_000_000):
              os.pwrite(f, b'%08d' % n, at)
          os.fsync(f)
          print(n, flush=True)
      """;

  private static final String COUNTED =
      """
      import os
      f = os.open('large', os.O_RDONLY)
      print(*(int(os.pread(f, 8, at)) for at in (1_000_000, 33_000_000, 60_000_000)))
      """;

  @Test
  void whatAProgramWritesIntoTheSharesFileMeanwhileLosesNothing() throws Exception {
    mounts.up("ben", "--open", "--join", founder);
    byte[] theirs = large.clone();
    edit(20_000_000, "changed");
    try (var file =
        Files.newByteChannel(party.share("anna").resolve("large"), StandardOpenOption.WRITE)) {
      file.position(40_000_000).write(ByteBuffer.wrap("theirs".getBytes(UTF_8)));
    }
    put(40_000_000, "theirs");
    System.arraycopy(large, 40_000_000, theirs, 40_000_000, 6);

    var both = expected();
    var program = Files.write(folder.resolve("theirs"), theirs);
    for (var peer : new String[] {"anna", "ben"}) {
      mounts.eventually(peer, "cmp large " + program + " 2>&1 || true", "");
      mounts.eventually(peer, "cmp large.conflict-anna-* " + both + " 2>&1 || true", "");
    }
  }

  @Test
  void anEditIsRenamedReplacedAndDeletedAsAnyFile() throws Exception {
    edit(20_000_000, "changed");
    mounts.shell("anna", "mv large moved");
    assertThat(mounts.shell("anna", "cmp moved " + expected())).isEmpty();
    assertThat(Arrays.equals(Files.readAllBytes(party.share("anna").resolve("moved")), large))
        .isTrue();

    mounts.shell(
        "anna", "printf more | dd of=moved bs=1 seek=5 conv=notrunc status=none; rm moved");

    put(5, "more");
    assertThat(mounts.shell("anna", "ls")).isEmpty();
    assertThat(party.run("anna", "restore", "moved").status()).isZero();
    mounts.eventually("anna", "cmp moved " + expected() + " 2>&1 || true", "");
  }

  /// Writes in the mount, and in what is expected.
  private void edit(int position, String text) throws IOException, InterruptedException {
    mounts.shell(
        "anna",
        "printf '%s' | dd of=large bs=1 seek=%d conv=notrunc status=none"
            .formatted(text, position));
    put(position, text);
  }

  private void put(int position, String text) {
    byte[] bytes = text.getBytes(UTF_8);
    System.arraycopy(bytes, 0, large, position, bytes.length);
  }

  private Path expected() throws IOException {
    return Files.write(folder.resolve("expected"), large);
  }

  private byte[] inShare(String peer) throws IOException {
    return Files.readAllBytes(party.share(peer).resolve("large"));
  }

  /// The whole file is being made from what was edited.
  private void awaitCopying() {
    Awaitility.await()
        .atMost(LIMIT)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .untilAsserted(
            () -> assertThat(party.share("anna").resolve(".potluck/tmp")).isNotEmptyDirectory());
  }

  private void awaitInShare(String peer) {
    Awaitility.await()
        .atMost(LIMIT)
        .untilAsserted(() -> assertThat(Arrays.equals(inShare(peer), large)).isTrue());
  }

  /// By all fetches of later versions that a peer told of.
  private static long updatedBytes(PotluckProcess events) {
    var told = Pattern.compile("\"fetched\".*\"version\":(\\d+).*\"bytes\":(\\d+)");
    return events
        .output()
        .lines()
        .map(told::matcher)
        .filter(fetched -> fetched.find() && Long.parseLong(fetched.group(1)) > 1)
        .mapToLong(fetched -> Long.parseLong(fetched.group(2)))
        .max()
        .orElse(-1);
  }
}
