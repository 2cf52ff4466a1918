package dev.potluck.peer;

import dev.potluck.content.Name;
import dev.potluck.content.PieceLayer;
import dev.potluck.content.Pieces;
import dev.potluck.content.Version;
import dev.potluck.directory.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// The main class of a process that {@link ShareCrashTest} kills while it changes a share.
final class CrashingChild {
  private static final int NAMES = 40;

  private CrashingChild() {}

  public static void main(String[] args) throws IOException {
    long seed = Long.parseLong(args[2]);
    try (ShareFixture it = new ShareFixture(Path.of(args[1]))) {
      System.out.println("open");
      if (args[0].equals("moves")) {
        move(it, new Random(seed));
      } else {
        download(it, seed);
      }
    }
  }

  /// What a file of a name and version holds: its first line says which, so that tests can tell.
  static String text(String name, long version) {
    return name + " " + version + "\n" + "x".repeat((int) (version * 37 % 5_000));
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
        default -> it.install(name, text(name, number), number);
      }
    }
  }

  private static List<SmallFile> batch(Random random, long number) {
    List<SmallFile> files = new ArrayList<>();
    int first = random.nextInt(NAMES);
    for (int i = first; i < NAMES; i++) {
      String name = "d" + random.nextInt(4) + "/f" + i;
      String text = text(name, number);
      files.add(
          new SmallFile(
              Name.of(name),
              ShareFixture.version(text, number),
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
