package dev.potluck.peer;

import dev.potluck.content.FailedException;
import dev.potluck.content.Name;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Keeps a second peer out of a share: a lock on `.potluck/lock` that ends with the process, whose
/// number the file says.
final class InstanceLock implements AutoCloseable {
  private static final int NUMBER_BYTES_MAX = 20;

  /// A process that was killed gives back its memory before its locks.
  private static final Duration DYING = Duration.ofSeconds(5);

  private final FileChannel channel;

  private InstanceLock(FileChannel channel) {
    this.channel = channel;
  }

  private static Path file(Path folder) {
    return folder.resolve(Name.RESERVED).resolve("lock");
  }

  /// Waits for a holder that was killed.
  ///
  /// @throws FailedException if it does not end
  static void awaitKilled(Path folder) throws IOException, InterruptedException {
    if (!awaitKilled(folder, DYING)) {
      throw new FailedException(
          "the peer that ran on the share "
              + folder
              + " was killed, but its process does not end: its mount hangs. End that with"
              + " umount -f MOUNTPOINT, or start potluck up with the same --mount");
    }
  }

  /// @throws FailedException if another peer holds it
  static InstanceLock take(Path folder) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file(folder),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    boolean taken = false;
    try {
      taken = locked(channel) != null;
      if (taken) {
        write(channel);
      }
    } finally {
      if (!taken) {
        channel.close();
      }
    }
    if (!taken) {
      throw new FailedException(
          "another peer already runs on the share "
              + folder
              + "; stop it, or choose another --share");
    }
    return new InstanceLock(channel);
  }

  private static void write(FileChannel channel) throws IOException {
    String number = Long.toString(ProcessHandle.current().pid());
    channel.truncate(0);
    channel.write(ByteBuffer.wrap(number.getBytes(StandardCharsets.US_ASCII)));
  }

  /// Waits until a peer that was killed has ended.
  ///
  /// @return false if one was killed and has not ended in time
  static boolean awaitKilled(Path folder, Duration atMost)
      throws IOException, InterruptedException {
    OptionalLong holder = holder(folder);
    return holder.isEmpty() || Retry.until(() -> !isDying(holder.getAsLong()), atMost);
  }

  /// The process that had the share last.
  private static OptionalLong holder(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(file(folder), StandardOpenOption.READ)) {
      ByteBuffer number = ByteBuffer.allocate(NUMBER_BYTES_MAX);
      channel.read(number);
      return OptionalLong.of(
          Long.parseLong(StandardCharsets.US_ASCII.decode(number.flip()).toString()));
    } catch (NoSuchFileException | NumberFormatException _) {
      return OptionalLong.empty();
    }
  }

  /// Whether a process was killed and has threads that the kernel has not let go: its first one has
  /// ended (proc_pid_stat(5)), which those of a living JVM never do.
  private static boolean isDying(long process) {
    Path folder = Path.of("/proc", Long.toString(process));
    try (DirectoryStream<Path> threads = Files.newDirectoryStream(folder.resolve("task"))) {
      String stat = Files.readString(folder.resolve("stat"));
      boolean ended = stat.substring(stat.lastIndexOf(')') + 1).strip().startsWith("Z");
      return ended && isMany(threads);
    } catch (IOException _) {
      return false; // There is no such process.
    }
  }

  private static boolean isMany(DirectoryStream<Path> threads) {
    var each = threads.iterator();
    each.next();
    return each.hasNext();
  }

  private static @Nullable FileLock locked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
