package dev.potluck.peer;

import dev.potluck.consensus.Appended;
import dev.potluck.directory.PeerId;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/// Where a directory's commands become facts, in one order for all who keep it.
interface CommandLog extends AutoCloseable {
  /// Appends an entry. Those of one thread keep their order. When it is applied, {@link
  /// DirectoryReplica#apply} has run here and what it changed is durable.
  CompletableFuture<Appended> append(byte[] entry);

  /// Who keeps the directory.
  Set<PeerId> seats();

  @Override
  void close();
}
