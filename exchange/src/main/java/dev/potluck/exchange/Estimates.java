package dev.potluck.exchange;

import dev.potluck.directory.PeerId;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/// What this peer has measured of others, over all its downloads: latency, throughput, load.
/// Belongs to one thread. Remembers the peers heard of last, up to {@link #PEERS_MAX}.
public final class Estimates {
  static final int PEERS_MAX = 4_096;
  static final Estimate UNKNOWN = new Estimate(Double.NaN, false, Double.NaN, 0);

  /// Weight of a new measurement.
  private static final double GAIN = 0.25;

  private static final double ANSWER_GAIN = 0.1;

  /// One neighbour that is stuck must not make all the others' queues longer.
  private static final double ANSWER_SECONDS_MAX = 0.5;

  private final Map<PeerId, Estimate> estimates =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<PeerId, Estimate> eldest) {
          return size() > PEERS_MAX;
        }
      };

  private double answerSeconds;

  /// What is known of one peer; a quantity that was never measured is NaN.
  ///
  /// @param emulated the latency is a latency file's, to be waited and not to be measured
  /// @param load transfers it said it was running
  public record Estimate(double latencyMs, boolean emulated, double bytesPerSecond, int load) {}

  public Estimate of(PeerId peer) {
    return estimates.getOrDefault(peer, UNKNOWN);
  }

  /// A round trip to the peer took this long.
  public void latency(PeerId peer, Duration measured) {
    Estimate old = of(peer);
    if (!old.emulated) {
      double ms = mix(old.latencyMs, measured.toNanos() / 1e6);
      estimates.put(peer, new Estimate(ms, false, old.bytesPerSecond, old.load));
    }
  }

  /// The latency file says so; measurements no longer count.
  public void emulatedLatency(PeerId peer, Duration latency) {
    Estimate old = of(peer);
    double ms = latency.toNanos() / 1e6;
    estimates.put(peer, new Estimate(ms, true, old.bytesPerSecond, old.load));
  }

  /// The peer delivered at this rate while it was asked to.
  public void throughput(PeerId peer, double bytesPerSecond) {
    Estimate old = of(peer);
    double rate = mix(old.bytesPerSecond, bytesPerSecond);
    estimates.put(peer, new Estimate(old.latencyMs, old.emulated, rate, old.load));
  }

  /// The peer runs this many transfers, uploads and downloads together.
  public void load(PeerId peer, int transfers) {
    Estimate old = of(peer);
    estimates.put(peer, new Estimate(old.latencyMs, old.emulated, old.bytesPerSecond, transfers));
  }

  /// A neighbour asked for what was suggested to it after this long.
  void answered(double seconds) {
    answerSeconds += ANSWER_GAIN * (Math.min(seconds, ANSWER_SECONDS_MAX) - answerSeconds);
  }

  /// From a suggestion to the request that follows it: a round trip through the queues of both
  /// ends' links and processors. Zero before the first.
  double answerSeconds() {
    return answerSeconds;
  }

  private static double mix(double old, double measured) {
    return Double.isNaN(old) ? measured : old + GAIN * (measured - old);
  }
}
