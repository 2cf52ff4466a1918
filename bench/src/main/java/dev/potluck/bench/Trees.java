package dev.potluck.bench;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Files to measure with: of random bytes, the same for the same seed.
final class Trees {
  private static final int CHUNK_BYTES = 1 << 20;
  private static final int SMALL_FILE_BYTES = 4096;
  private static final int FOLDERS = 100;

  private Trees() {}

  /// One file of random bytes.
  static void file(Path file, long bytes, long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] chunk = new byte[CHUNK_BYTES];
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      for (long left = bytes; left > 0; left -= chunk.length) {
        random.nextBytes(chunk);
        out.write(chunk, 0, (int) Math.min(left, chunk.length));
      }
    }
    sync(file);
  }

  /// `count` files of 4 KiB in 100 folders.
  static void small(Path folder, int count, long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] content = new byte[SMALL_FILE_BYTES];
    for (int i = 0; i < count; i++) {
      Path parent = folder.resolve("d%02d".formatted(i % FOLDERS));
      if (i < FOLDERS) {
        Files.createDirectories(parent);
      }
      random.nextBytes(content);
      Files.write(parent.resolve("f%05d".formatted(i)), content);
    }
  }

  /// The same files once more, written back to the disk.
  static void copy(Path original, Path copy) throws IOException {
    try (Stream<Path> all = Files.walk(original)) {
      for (Path path : all.toList()) {
        Path to = copy.resolve(original.relativize(path).toString());
        if (Files.isDirectory(path)) {
          Files.createDirectory(to);
        } else {
          Files.copy(path, to);
          sync(to);
        }
      }
    }
  }

  // Written back now, or it would be while others are measured.
  private static void sync(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      channel.force(true);
    }
  }

  /// Whether a file or folder is there twice, byte for byte.
  static boolean same(Path one, Path other) throws IOException {
    try (Stream<Path> ones = Files.walk(one);
        Stream<Path> others = Files.walk(other)) {
      if (ones.filter(Files::isRegularFile).count()
          != others.filter(Files::isRegularFile).count()) {
        return false;
      }
    }
    try (Stream<Path> all = Files.walk(one)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        Path copy = other.resolve(one.relativize(file).toString());
        if (!Files.isRegularFile(copy) || Files.mismatch(file, copy) >= 0) {
          return false;
        }
      }
    }
    return true;
  }

  /// Removes a file or a folder with all that is in it, if it is there.
  static void delete(Path root) throws IOException {
    if (!Files.exists(root)) {
      return;
    }
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw e;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e)
              throws IOException {
            Files.deleteIfExists(folder);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
