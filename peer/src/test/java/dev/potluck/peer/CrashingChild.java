package dev.potluck.peer;

import dev.potluck.content.ContentId;
import dev.potluck.content.Name;
import dev.potluck.content.PieceLayer;
import dev.potluck.content.Pieces;
import dev.potluck.content.Version;
import dev.potluck.directory.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// The main class of a process that {@link ShareCrashTest} kills while it changes a share.
final class CrashingChild {
  private static final int NAMES = 40;

  private CrashingChild() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    long seed = Long.parseLong(args[2]);
    // Files of edits follow at once, so that it is killed then, too.
    ShareOptions options = ShareFixture.QUICK.withQuiet(Duration.ofMillis(20));
    try (ShareFixture it = new ShareFixture(Path.of(args[1]), options)) {
      System.out.println("open");
      switch (args[0]) {
        case "moves" -> move(it, new Random(seed));
        case "link" -> note(it);
        case "edits" -> edit(it, new Random(seed));
        default -> download(it, seed);
      }
    }
  }

  static final Name EDITED = Name.of("large");
  static final long[] COUNTERS = {1_000_000, 11_000_000, 20_000_000};

  /// Counts at three places of a large file.
  private static void edit(ShareFixture it, Random random)
      throws IOException, InterruptedException {
    LocalFile file = it.share.find(EDITED).orElseThrow();
    for (long n = counted(it.share, file.content())[0] + 1; ; n++) {
      ContentId content = file.content();
      var version = it.share.openVersion(content).orElseThrow();
      var layer = it.share.layer(content);
      try (var draft = new DraftContent(it.share.scratches(), version, content.size(), layer)) {
        for (long at : COUNTERS) {
          draft.write(at, ByteBuffer.allocate(Long.BYTES).putLong(0, n));
        }
        Instant mtime = ShareFixture.LONG_AGO;
        file = it.share.overlay(draft.change(), EDITED, file.base(), mtime, 0644).orElseThrow();
      }
      System.out.println(n);
      boolean _ = new CountDownLatch(1).await(random.nextInt(40), TimeUnit.MILLISECONDS);
    }
  }

  /// What an edit left at each place.
  static long[] counted(Share share, ContentId content) throws IOException {
    long[] counters = new long[COUNTERS.length];
    try (FileSource file = share.openFile(content).orElseThrow()) {
      for (int i = 0; i < counters.length; i++) {
        ByteBuffer counter = ByteBuffer.allocate(Long.BYTES);
        var _ = LocalOpenFile.readFully(file, COUNTERS[i], counter);
        counters[i] = counter.getLong(0);
      }
    }
    return counters;
  }

  /// Makes a symlink of which nobody says whether the party takes it.
  private static void note(ShareFixture it) throws IOException, InterruptedException {
    byte[] target = ShareFixture.bytes("target");
    try (NotedLink _ = it.share.noteLink(Name.of("d/link"), 2, target, ShareFixture.LONG_AGO)) {
      System.out.println("noted");
      var _ = System.in.read(); // Until it is killed.
    }
  }

  /// What a file of a name and version holds: its first line says which, so that tests can tell.
  static String text(String name, long version) {
    return name + " " + version + "\n" + "x".repeat((int) (version * 37 % 5_000));
  }

  /// Whether a version is a symlink; then it leads to the first line of its {@link #text}.
  static boolean isLink(long version) {
    return version % 3 == 0;
  }

  static String target(String name, long version) {
    return name + " " + version;
  }

  static byte[] large(long seed) {
    byte[] bytes = new byte[24 << 20];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static void move(ShareFixture it, Random random) throws IOException {
    long number = it.share.files().stream().mapToLong(LocalFile::base).max().orElse(0);
    while (true) {
      String name = "d" + random.nextInt(4) + "/f" + random.nextInt(NAMES);
      number++;
      switch (random.nextInt(4)) {
        case 0 -> it.share.remove(Name.of(name));
        case 1 -> it.share.installBatch(batch(random, number));
        default -> {
          if (isLink(number)) {
            it.installLink(name, target(name, number), number);
          } else {
            it.install(name, text(name, number), number);
          }
        }
      }
    }
  }

  private static List<SmallFile> batch(Random random, long number) {
    List<SmallFile> files = new ArrayList<>();
    int first = random.nextInt(NAMES);
    for (int i = first; i < NAMES; i++) {
      String name = "d" + random.nextInt(4) + "/f" + i;
      boolean link = isLink(number);
      String text = link ? target(name, number) : text(name, number);
      files.add(
          new SmallFile(
              Name.of(name),
              link ? ShareFixture.link(text, number) : ShareFixture.version(text, number),
              Reason.FETCHED,
              ByteBuffer.wrap(ShareFixture.bytes(text))));
    }
    return files;
  }

  private static void download(ShareFixture it, long seed) throws IOException {
    byte[] bytes = large(seed);
    PieceLayer layer = ShareFixture.layer(bytes);
    Pieces pieces = layer.content().pieces();
    try (Partial partial = it.share.resume(layer, true)) {
      for (int piece = 0; piece < pieces.count(); piece++) {
        if (!partial.has(piece)) {
          int offset = (int) pieces.offset(piece);
          partial.add(piece, ByteBuffer.wrap(bytes, offset, pieces.length(piece)));
          System.out.println("piece " + piece);
        }
      }
      Version version = Version.file(1, layer.content(), ShareFixture.LONG_AGO, 0644);
      it.share.install(partial.finish(), Name.of("large"), version, Reason.FETCHED);
      System.out.println("installed");
    }
  }
}
