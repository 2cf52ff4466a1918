package dev.potluck.exchange;

import dev.potluck.content.UsageException;
import dev.potluck.exchange.Estimates.Estimate;

/// How holders are chosen. The lesser cost is the better holder.
public sealed interface Selector {

  /// Several holders at once, each piece from the one that is expected to deliver it first.
  Selector ADAPTIVE = new Adaptive();

  /// One holder, the one of least latency in milliseconds + 10 x load, and the next on failure.
  Selector CLASSIC = new Classic();

  /// The selector of that name, as typed: `adaptive` or `classic`.
  ///
  /// @throws UsageException if there is none
  static Selector named(String name) {
    return switch (name) {
      case "adaptive" -> ADAPTIVE;
      case "classic" -> CLASSIC;
      default -> throw new UsageException("no selector " + name + ": adaptive or classic");
    };
  }

  /// How many holders to use at the same time.
  int holdersMax();

  /// What `bytes` from this holder cost, comparable within one selector only.
  double cost(Estimate holder, long bytes);

  /// Estimated seconds until the bytes are here: a round trip, then the transfer. An unmeasured
  /// holder gets the benefit of the doubt by {@link #HOPED_BYTES_PER_SECOND}, which its load
  /// divides.
  record Adaptive() implements Selector {
    static final double HOPED_BYTES_PER_SECOND = 50e6;

    @Override
    public int holdersMax() {
      return 40;
    }

    @Override
    public double cost(Estimate holder, long bytes) {
      double latencyMs = Double.isNaN(holder.latencyMs()) ? 1 : holder.latencyMs();
      double rate =
          Double.isNaN(holder.bytesPerSecond())
              ? HOPED_BYTES_PER_SECOND / (1 + holder.load())
              : holder.bytesPerSecond();
      return latencyMs / 1e3 + bytes / rate;
    }
  }

  /// The classroom xFS's rule.
  record Classic() implements Selector {
    @Override
    public int holdersMax() {
      return 1;
    }

    @Override
    public double cost(Estimate holder, long bytes) {
      double latencyMs = Double.isNaN(holder.latencyMs()) ? 0 : holder.latencyMs();
      return latencyMs + 10.0 * holder.load();
    }
  }
}
