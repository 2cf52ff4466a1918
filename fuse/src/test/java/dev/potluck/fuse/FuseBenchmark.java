package dev.potluck.fuse;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.OptionalLong;

/// Measures the protocol alone: reads passed through, from the cache and from our memory beside the
/// native file, look-ups, and a long listing. Run as root, with nothing else going on: `java -cp …
/// dev.potluck.fuse.FuseBenchmark [FOLDER]`.
final class FuseBenchmark {
  private static final int ROUNDS = 5;
  private static final long FILE_BYTES = 1L << 30;
  private static final int FILES = 100_000;

  private FuseBenchmark() {}

  /// Files named by numbers, without a map of them; `data` is the file that is read.
  private static final class Numbers implements FileSystem {
    private static final Duration FOREVER = Duration.ofDays(1);
    private static final long DATA = 2;
    private static final long FIRST = 10;

    private final Path data;
    private final MemorySegment mapped;
    private final Duration valid;

    Numbers(Path data, MemorySegment mapped, Duration valid) {
      this.data = data;
      this.mapped = mapped;
      this.valid = valid;
    }

    private static Attributes attributes(long node) {
      return node == ROOT
          ? Attributes.directory(ROOT, 0755, 0)
          : Attributes.file(node, node == DATA ? FILE_BYTES : node, 0644, 0);
    }

    @Override
    public boolean mayBlock(Opcode opcode, long node, long handle) {
      return false;
    }

    @Override
    public Entry lookup(Request request, long parent, String name) {
      long node =
          name.startsWith("data") ? DATA : FIRST + Long.parseLong(name, 1, name.length(), 10);
      return Entry.of(node, attributes(node), valid);
    }

    @Override
    public Stat getattr(Request request, long node, OptionalLong handle) {
      return new Stat(attributes(node), FOREVER);
    }

    @Override
    public Opened open(Request request, long node, int flags) throws IOException {
      return Opened.passthrough(0, BackingFile.open(data, false));
    }

    @Override
    public MemorySegment read(Request request, long node, long handle, long offset, int size) {
      return mapped.asSlice(offset, Math.min(size, FILE_BYTES - offset));
    }

    @Override
    public void readdir(
        Request request, long node, long handle, long offset, DirectoryEntries entries) {
      for (long i = offset; i < FILES; i++) {
        if (!entries.add("f" + i, Entry.of(FIRST + i, attributes(FIRST + i), FOREVER), i + 1)) {
          return;
        }
      }
    }
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    String temporary = System.getProperty("java.io.tmpdir");
    Path folder = Path.of(arguments.length > 0 ? arguments[0] : temporary);
    Path data = folder.resolve("fuse-benchmark.data");
    Path directory = Files.createTempDirectory("fuse-benchmark");
    Mounted.run(
        folder,
        "/usr/bin/dd",
        "if=/dev/urandom",
        "of=" + data,
        "bs=1M",
        "count=1024",
        "status=none");
    try (FileChannel channel = FileChannel.open(data);
        Arena arena = Arena.ofShared()) {
      MemorySegment mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, FILE_BYTES, arena);
      MountOptions options = Mounted.options();
      System.out.printf("warm sequential reads of 1 GiB by dd, MiB/s (median of %d):%n", ROUNDS);
      System.out.printf("  native       %8.0f%n", median(data));
      try (FuseMount _ = mount(directory, data, mapped, options, Numbers.FOREVER)) {
        System.out.printf("  passthrough  %8.0f%n", median(directory.resolve("data")));
        System.out.printf("  native       %8.0f%n", median(data));
      }
      MountOptions asked = options.withPassthrough(false);
      try (FuseMount _ = mount(directory, data, mapped, asked, Numbers.FOREVER)) {
        long begin = System.nanoTime();
        dd(directory.resolve("data"));
        System.out.printf("  first, by us %8.0f%n", rate(System.nanoTime() - begin));
        System.out.printf("  cached       %8.0f%n", median(directory.resolve("data")));
      }
      try (FuseMount _ = mount(directory, data, mapped, options, Duration.ZERO)) {
        lookUps(directory);
        System.out.printf(
            "look-ups, never cached, per second: one caller %,.0f%n", lookUps(directory));
      }
      try (FuseMount _ = mount(directory, data, mapped, options, Numbers.FOREVER)) {
        for (String command : new String[] {"ls -U", "ls -l", "ls -l", "find . -size +1M"}) {
          long begin = System.nanoTime();
          Mounted.run(directory, "/bin/sh", "-c", command + " > /dev/null");
          System.out.printf(
              "%,d entries, %-16s %5.2f s%n", FILES, command, (System.nanoTime() - begin) / 1e9);
        }
      }
    } finally {
      Files.delete(data);
      Files.delete(directory);
    }
  }

  private static FuseMount mount(
      Path directory, Path data, MemorySegment mapped, MountOptions options, Duration valid)
      throws IOException, InterruptedException {
    return FuseMount.mount(directory, new Numbers(data, mapped, valid), options);
  }

  private static double median(Path file) throws IOException, InterruptedException {
    double[] rates = new double[ROUNDS];
    dd(file);
    for (int i = 0; i < ROUNDS; i++) {
      long begin = System.nanoTime();
      dd(file);
      rates[i] = rate(System.nanoTime() - begin);
    }
    Arrays.sort(rates);
    return rates[ROUNDS / 2];
  }

  private static void dd(Path file) throws IOException, InterruptedException {
    Mounted.run(
        Path.of("/"), "/usr/bin/dd", "if=" + file, "of=/dev/null", "bs=256k", "status=none");
  }

  private static double rate(long ns) {
    return FILE_BYTES / (double) (1 << 20) / (ns / 1e9);
  }

  /// Stats names that are not cached.
  private static double lookUps(Path directory) {
    int count = 60_000;
    long begin = System.nanoTime();
    for (int i = 0; i < count; i++) {
      if (directory.resolve("f" + i).toFile().length() == 0) {
        throw new IllegalStateException("not found");
      }
    }
    return count / ((System.nanoTime() - begin) / 1e9);
  }
}
