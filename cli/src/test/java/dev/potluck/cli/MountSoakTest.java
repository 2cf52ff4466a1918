package dev.potluck.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Random readers of a mount while files are replaced, and peers join, leave and die:
/// `-Dpotluck.soak=600` makes it ten minutes. Every block that is read is compared with the truth;
/// nobody may wait for ever, and the peer may not grow.
final class MountSoakTest {
  private static final int SECONDS = Integer.getInteger("potluck.soak", 15);
  private static final long SEED =
      Long.getLong("potluck.seed", System.nanoTime() & Integer.MAX_VALUE);
  private static final int READERS = 16;
  private static final int FILES = 24;
  private static final int BLOCKS_MAX = 2_000;
  private static final int READ_SECONDS = 5;

  /// Settling, hashing and telling take less, on a busy machine too.
  private static final long SETTLED_NANOS = 8_000_000_000L;

  /// A read may be late by its own time limit, and by what a busy machine adds.
  private static final Duration READ_MAX = Duration.ofSeconds(READ_SECONDS + 25);

  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir private Path folder;

  private final List<ToldFile> files = new ArrayList<>();
  private final long[] replacedNanos = new long[FILES]; // guarded by this
  private final AtomicLong blocks = new AtomicLong();
  private final AtomicLong opens = new AtomicLong();
  private final AtomicLong gone = new AtomicLong();
  private final AtomicLong slowestNanos = new AtomicLong();
  private final CountDownLatch over = new CountDownLatch(1);

  @Test
  void readersSeeTheTruthWhateverBecomesOfPeersAndFiles() throws Exception {
    assumeTrue(Files.exists(Path.of("/dev/fuse")), "this kernel has no FUSE");
    assumeTrue(System.getProperty("user.name").equals("root"), "only root mounts here");
    System.out.println("potluck.seed=" + SEED);
    var random = new Random(SEED);
    var mount = folder.resolve("mount");
    try (var party = Party.in(folder)) {
      var anna = Files.createDirectories(party.share("anna"));
      for (int i = 0; i < FILES; i++) {
        files.add(new ToldFile(i, 1 + random.nextInt(BLOCKS_MAX)));
        files.get(i).write(anna, 0);
        replacedNanos[i] = System.nanoTime() - 2 * SETTLED_NANOS;
      }
      var founder = party.up("anna", "-v", "--open", "--settle", "100ms");
      Files.createDirectories(party.share("ben"));
      party.up(
          "ben",
          "-v",
          "--open",
          "--join",
          founder,
          "--mount",
          mount.toString(),
          "--read-timeout",
          READ_SECONDS + "s");
      Awaitility.await().atMost(LIMIT).untilAsserted(() -> assertThat(list(mount)).hasSize(FILES));
      try {
        soak(party, founder, anna, mount, random);
      } catch (ExecutionException e) {
        throw new AssertionError(told(party), e);
      } finally {
        party.stop("ben");
      }
      assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain(mount + " ");
    }
  }

  /// What all have said, and who has what in the end.
  private static String told(Party party) {
    var told = new StringBuilder("listed: " + party.ask("anna", "ls", Map.of()));
    for (var name : List.of("anna", "ben", "clara", "david")) {
      told.append("\n== ").append(name).append('\n').append(party.process(name).log());
    }
    return told.toString();
  }

  private void soak(Party party, String founder, Path anna, Path mount, Random random)
      throws Exception {
    var pid = party.process("ben").pid();
    try (var threads = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
      List<Future<?>> works = new ArrayList<>();
      try {
        for (int i = 0; i < READERS; i++) {
          var own = new Random(random.nextLong());
          works.add(threads.submit(() -> readOn(mount, own)));
        }
        works.add(threads.submit(() -> replaceOn(anna, new Random(SEED + 1))));
        for (var name : List.of("clara", "david")) {
          var own = new Random(random.nextLong());
          works.add(threads.submit(() -> comeAndGo(party, founder, name, own)));
        }
        awaitAny(works, SECONDS / 4.0);
        var early = Footprint.of(pid);
        awaitAny(works, SECONDS * 3 / 4.0);
        var late = Footprint.of(pid);
        report(early, late);
        assertThat(late.descriptors()).isLessThan(early.descriptors() + 200);
        assertThat(late.threads()).isLessThan(early.threads() + 50);
      } finally {
        over.countDown();
      }
      for (var work : works) {
        work.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
      }
      assertThat(blocks).hasPositiveValue();
      assertThat(Duration.ofNanos(slowestNanos.get())).isLessThan(READ_MAX);
      // What is open belongs to connections and the share's own database, not to files.
      Awaitility.await()
          .atMost(LIMIT)
          .untilAsserted(
              () -> {
                var rest = Footprint.of(pid);
                assertThat(rest.descriptors()).as(rest.toString()).isLessThan(200);
              });
    }
  }

  private void report(Footprint early, Footprint late) {
    System.out.printf(
        "%d s, %d readers: %d opens, %d blocks right, %d times an old edition was gone, the slowest"
            + " read %.2f s; after a quarter %s, at the end %s%n",
        SECONDS,
        READERS,
        opens.get(),
        blocks.get(),
        gone.get(),
        slowestNanos.get() / 1e9,
        early,
        late);
  }

  /// Waits so long, or until one has ended before its time.
  private static void awaitAny(List<Future<?>> works, double seconds) throws Exception {
    long end = System.nanoTime() + (long) (seconds * 1e9);
    var never = new CountDownLatch(1);
    while (System.nanoTime() < end) {
      for (var work : works) {
        if (work.isDone()) {
          work.get();
        }
      }
      never.await(100, TimeUnit.MILLISECONDS);
    }
  }

  private static List<Path> list(Path mount) throws IOException {
    try (var names = Files.list(mount)) {
      return names.toList();
    }
  }

  private Void readOn(Path mount, Random random) throws IOException {
    var buffer = ByteBuffer.allocateDirect(ToldFile.BLOCK_BYTES);
    while (over.getCount() > 0) {
      var file = files.get(random.nextInt(FILES));
      boolean settled = isSettled(file, System.nanoTime());
      try {
        read(mount, file, buffer, random);
      } catch (IOException e) {
        // An edition that was replaced may be nowhere any more; the current one is at anna's.
        if (settled && isSettled(file, System.nanoTime())) {
          throw new IOException(file.name() + ": " + e, e);
        }
        gone.incrementAndGet();
      }
    }
    return null;
  }

  /// From a random place on, or here and there; all of one edition.
  private void read(Path mount, ToldFile file, ByteBuffer buffer, Random random)
      throws IOException {
    try (var channel = FileChannel.open(mount.resolve(file.name()))) {
      opens.incrementAndGet();
      boolean jumping = random.nextBoolean();
      int block = random.nextInt(file.blocks());
      int edition = -1;
      for (int left = 1 + random.nextInt(100); left > 0 && block < file.blocks(); left--) {
        long begun = System.nanoTime();
        int _ = channel.read(buffer.clear(), (long) block * ToldFile.BLOCK_BYTES);
        slowestNanos.accumulateAndGet(System.nanoTime() - begun, Math::max);
        int read = file.check(block, buffer.flip());
        assertThat(edition == -1 || edition == read)
            .as("%s: editions %d and %d under one handle", file.name(), edition, read)
            .isTrue();
        edition = read;
        blocks.incrementAndGet();
        block = jumping ? random.nextInt(file.blocks()) : block + 1;
      }
    }
  }

  private synchronized void replaced(ToldFile file) {
    replacedNanos[file.number()] = System.nanoTime();
  }

  private synchronized boolean isSettled(ToldFile file, long nowNanos) {
    return nowNanos - replacedNanos[file.number()] > SETTLED_NANOS;
  }

  private Void replaceOn(Path anna, Random random) throws IOException, InterruptedException {
    for (int edition = 1;
        !over.await(500 + random.nextInt(1_000), TimeUnit.MILLISECONDS);
        edition++) {
      var file = files.get(random.nextInt(FILES));
      replaced(file);
      file.write(anna, edition);
      replaced(file);
    }
    return null;
  }

  /// Comes, fetches a few files, so that there are other holders, and is killed or leaves.
  private Void comeAndGo(Party party, String founder, String name, Random random)
      throws InterruptedException, IOException {
    Files.createDirectories(party.share(name));
    while (over.getCount() > 0) {
      party.up(name, "-v", "--open", "--join", founder);
      for (int i = random.nextInt(3); i > 0 && over.getCount() > 0; i--) {
        // It may be replaced meanwhile: no matter.
        var _ = party.run(name, "get", "--force", files.get(random.nextInt(FILES)).name());
      }
      boolean _ = over.await(random.nextInt(2_000), TimeUnit.MILLISECONDS);
      if (random.nextBoolean()) {
        party.kill(name);
      } else {
        assertThat(party.stop(name)).isZero();
      }
    }
    return null;
  }

  /// What a process uses of the machine.
  ///
  /// @param kinds how many descriptors of each kind
  private record Footprint(
      int descriptors, Map<String, Long> kinds, int threads, int residentMebibytes) {
    static Footprint of(long pid) throws IOException {
      var process = Path.of("/proc", Long.toString(pid));
      try (var descriptors = Files.list(process.resolve("fd"));
          var threads = Files.list(process.resolve("task"))) {
        var kinds =
            descriptors
                .map(Footprint::kind)
                .collect(Collectors.groupingBy(kind -> kind, TreeMap::new, Collectors.counting()));
        int all = kinds.values().stream().mapToInt(Long::intValue).sum();
        return new Footprint(
            all, kinds, (int) threads.count(), resident(process.resolve("status")));
      }
    }

    private static String kind(Path descriptor) {
      try {
        var target = Files.readSymbolicLink(descriptor).toString();
        if (target.contains("/.potluck/partial/")) {
          return target.endsWith(".state") ? "states of partials" : "partials";
        }
        return target.contains("/ben/")
            ? "files of the share" + (target.endsWith("(deleted)") ? ", deleted" : "")
            : target.endsWith(".jar") ? "jars" : target.replaceAll("[:\\[].*|\\d+", "");
      } catch (IOException e) {
        return "closed meanwhile";
      }
    }

    private static int resident(Path status) throws IOException {
      return Files.readAllLines(status).stream()
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToInt(line -> Integer.parseInt(line.replaceAll("\\D", "")) >> 10)
          .findFirst()
          .orElseThrow();
    }
  }
}
