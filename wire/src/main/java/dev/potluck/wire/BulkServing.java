package dev.potluck.wire;

import dev.potluck.directory.PeerId;
import io.netty.channel.Channel;
import java.net.SocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/// What all connections of one bulk server share: the source, the workers, the counts and the bound
/// on buffered bytes. Thread-safe.
@SuppressWarnings("FutureReturnValueIgnored") // Netty: what fails closes the channel
final class BulkServing {
  private static final RareLog LOG = new RareLog();
  private static final int BUFFER_BYTES_MAX = 256 << 10;
  private static final int BUFFER_BYTES_MIN = 16 << 10;

  /// What all answers together may have read ahead.
  private static final int BUFFERED_BYTES = 16 << 20;

  private final PartyTls tls;
  private final BulkAnswers answers;
  private final AvailabilityService exchanging;
  private final WireThreads threads;
  private final AtomicInteger active = new AtomicInteger();
  private final LongAdder sentBytes = new LongAdder();

  BulkServing(
      WireThreads threads, PartyTls tls, BulkSource source, AvailabilityService exchanging) {
    this.threads = threads;
    this.tls = tls;
    this.answers = new BulkAnswers(source);
    this.exchanging = exchanging;
  }

  PartyTls tls() {
    return tls;
  }

  BulkAnswers answers() {
    return answers;
  }

  ExecutorService workers() {
    return threads.workers();
  }

  /// Makes an exchange of a connection from which HTTP is gone. On its event loop.
  void exchange(Channel channel, PeerId client, AvailabilityLink link) {
    AvailabilityFrames.install(channel, link, threads);
    AvailabilityFrames.onExchange(
        threads.exchangeLoop(),
        () -> {
          try {
            link.to(exchanging.availability(client, link.content(), link));
            link.begin(channel);
          } catch (RuntimeException e) {
            refused(channel.remoteAddress(), e);
            channel.close();
          }
        });
  }

  void began() {
    active.incrementAndGet();
  }

  void ended() {
    active.decrementAndGet();
  }

  int active() {
    return active.get();
  }

  void sent(int bytes) {
    sentBytes.add(bytes);
  }

  long sentBytes() {
    return sentBytes.sum();
  }

  /// How much one answer may read at once: less when there are many.
  int bufferBytes() {
    int share = BUFFERED_BYTES / Math.max(1, active.get());
    return Math.clamp(share, BUFFER_BYTES_MIN, BUFFER_BYTES_MAX);
  }

  void failed(BulkAnswers.Answer answer, Exception why) {
    LOG.info("bulk: cut an answer of status " + answer.head().status().code() + ": " + why);
  }

  void refused(SocketAddress client, Throwable why) {
    LOG.info("bulk: closed " + client + ": " + why.getMessage());
  }
}
