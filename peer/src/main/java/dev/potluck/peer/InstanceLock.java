package dev.potluck.peer;

import dev.potluck.content.FailedException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/// Keeps a second peer out of a share: a lock on `.potluck/lock` that ends with the process.
final class InstanceLock implements AutoCloseable {
  private final FileChannel channel;

  private InstanceLock(FileChannel channel) {
    this.channel = channel;
  }

  /// @throws FailedException if another peer holds it
  static InstanceLock take(Path folder) throws IOException {
    FileChannel channel =
        FileChannel.open(
            folder.resolve(".potluck").resolve("lock"),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE);
    boolean taken = false;
    try {
      taken = locked(channel) != null;
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
