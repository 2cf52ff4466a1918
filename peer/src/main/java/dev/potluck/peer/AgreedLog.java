package dev.potluck.peer;

import dev.potluck.consensus.Appended;
import dev.potluck.consensus.ReplicatedLog;
import dev.potluck.directory.PeerId;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/// The log that the seats of a party keep together.
record AgreedLog(ReplicatedLog log) implements CommandLog {
  private static final Logger LOG = System.getLogger(AgreedLog.class.getName());

  @Override
  public CompletableFuture<Appended> append(byte[] entry) {
    return log.append(entry);
  }

  @Override
  public Set<PeerId> seats() {
    Set<PeerId> seats = new TreeSet<>();
    log.seats().forEach(id -> seats.add(PeerId.of(id)));
    return seats;
  }

  @Override
  public void close() {
    try {
      log.close();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "the directory''s log did not close well: {0}", e.getMessage());
    }
  }
}
