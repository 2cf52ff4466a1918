package dev.potluck.peer;

import dev.potluck.consensus.Appended;
import dev.potluck.directory.Command;
import dev.potluck.directory.PeerId;
import dev.potluck.wire.CommandCodec;
import dev.potluck.wire.LogEntry;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/// The log of a directory that forgets its names at each start: applied at once, by this machine
/// alone. Members, deny list, used tickets and locks are kept.
final class MemoryLog implements CommandLog {
  private final PeerId self;
  private final PartyStore store;
  private final DirectoryReplica replica;

  private MemoryLog(PeerId self, PartyStore store, DirectoryReplica replica) {
    this.self = self;
    this.store = store;
    this.replica = replica;
  }

  /// Begins a new incarnation of the directory.
  static MemoryLog start(PeerId self, PartyStore store, DirectoryReplica replica)
      throws IOException {
    replica.replace(store.load());
    replica.leads();
    return new MemoryLog(self, store, replica);
  }

  @Override
  public CompletableFuture<Appended> append(byte[] entry) {
    LogEntry read = CommandCodec.decodeEntry(entry);
    replica.apply(read);
    if (read.commands().stream().anyMatch(MemoryLog::changesWhatIsKept)) {
      try {
        replica.whileHeld(store::save);
      } catch (IOException e) {
        replica.failed(String.valueOf(e.getMessage()));
        return CompletableFuture.completedFuture(Appended.UNCERTAIN);
      }
    }
    return CompletableFuture.completedFuture(Appended.APPLIED);
  }

  private static boolean changesWhatIsKept(Command command) {
    return switch (command) {
      case Command.Enlist _,
          Command.Redeem _,
          Command.Expel _,
          Command.DeclareDead _,
          Command.Lock _,
          Command.Unlock _,
          Command.Share _,
          Command.Expire _ ->
          true;
      case Command.Learn _,
          Command.Commit _,
          Command.Delete _,
          Command.Move _,
          Command.Forget _,
          Command.SetPolicy _ ->
          false;
    };
  }

  @Override
  public Set<PeerId> seats() {
    return Set.of(self);
  }

  @Override
  public void close() {
    store.close();
  }
}
