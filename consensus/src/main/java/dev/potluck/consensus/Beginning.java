package dev.potluck.consensus;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The state of a log while that is begun: it is saved, nothing else.
final class Beginning implements ReplicatedState {
  private static final Duration LEAD = Duration.ofSeconds(30);

  private final ReplicatedLog.Seed seed;
  private final CompletableFuture<Boolean> lead = new CompletableFuture<>();

  Beginning(ReplicatedLog.Seed seed) {
    this.seed = seed;
  }

  /// Waits until the only seat leads.
  void awaitLead() throws IOException {
    try {
      var _ = lead.get(LEAD.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new IOException("the new log does not begin: " + e.getCause(), e);
    } catch (TimeoutException e) {
      throw new IOException("the new log does not begin", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public void apply(byte[] entry) {
    throw new IllegalStateException("nobody proposes anything yet");
  }

  @Override
  public void clear() {
    // What is saved does not come from the log.
  }

  @Override
  public void load(InputStream in) throws IOException {
    throw new IOException("a log that is begun has a snapshot already");
  }

  @Override
  public void save(OutputStream out) throws IOException {
    seed.save(out);
  }

  @Override
  public void leads() {
    lead.complete(true);
  }

  @Override
  public void follows(Optional<String> leader) {
    // It will lead in a moment.
  }

  @Override
  public void failed(String why) {
    lead.completeExceptionally(new IOException(why));
  }
}
