package dev.potluck.peer;

import dev.potluck.consensus.ReplicatedState;
import dev.potluck.directory.Command;
import dev.potluck.directory.Directory;
import dev.potluck.directory.Result;
import dev.potluck.wire.CommandCodec;
import dev.potluck.wire.LogEntry;
import dev.potluck.wire.SavedCodec;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// The hard state of the directory on one seat: what the log's entries made of it. Guarded by the
/// lock that it is given.
final class DirectoryReplica implements ReplicatedState {
  private static final Logger LOG = System.getLogger(DirectoryReplica.class.getName());

  private final ReentrantLock lock;
  private final long incarnation;
  private final Observer observer;
  private Directory directory;

  /// Who is told. Called with the lock held, but for the notices of who leads.
  interface Observer {
    /// A command was applied.
    ///
    /// @param number which of its proposer's commands
    void applied(long proposer, long number, Command command, Result result);

    /// The state is another one: all of it was replaced.
    void replaced(Directory now);

    void leads();

    /// @param leader who does, if that is known
    void follows(Optional<String> leader);

    void failed(String why);
  }

  /// @param incarnation of the directory before its first entry: the same on every seat
  DirectoryReplica(ReentrantLock lock, long incarnation, Observer observer) {
    this.lock = lock;
    this.incarnation = incarnation;
    this.observer = observer;
    this.directory = new Directory(incarnation);
  }

  /// With the lock held.
  Directory directory() {
    return directory;
  }

  @Override
  public void apply(byte[] bytes) {
    apply(CommandCodec.decodeEntry(bytes));
  }

  void apply(LogEntry entry) {
    lock.lock();
    try {
      long number = entry.first();
      for (Command command : entry.commands()) {
        Result result = directory.apply(command, entry.at());
        told(entry.proposer(), number++, command, result);
      }
    } finally {
      lock.unlock();
    }
  }

  /// What is kept in memory beside the state must not keep the state from going on.
  private void told(long proposer, long number, Command command, Result result) {
    try {
      observer.applied(proposer, number, command, result);
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "the directory failed in a way it should not", e);
    }
  }

  @Override
  public void clear() {
    replace(new Directory(incarnation));
  }

  /// Puts another state in place of the one there is.
  void replace(Directory other) {
    lock.lock();
    try {
      directory = other;
      observer.replaced(other);
    } finally {
      lock.unlock();
    }
  }

  /// Something to do with the directory that can fail.
  @FunctionalInterface
  interface Use {
    void of(Directory directory) throws IOException;
  }

  void whileHeld(Use use) throws IOException {
    lock.lock();
    try {
      use.of(directory);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void load(InputStream in) throws IOException {
    try {
      replace(Directory.restored(SavedCodec.read(in)));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  @Override
  public void save(OutputStream out) throws IOException {
    whileHeld(now -> SavedCodec.write(now.saved(), out));
  }

  @Override
  public void leads() {
    observer.leads();
  }

  @Override
  public void follows(Optional<String> leader) {
    observer.follows(leader);
  }

  @Override
  public void failed(String why) {
    observer.failed(why);
  }
}
