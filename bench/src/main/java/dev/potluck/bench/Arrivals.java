package dev.potluck.bench;

import java.util.List;

/// When each leecher had the whole file and had verified it.
///
/// @param seconds from the order to all of them, a figure each
/// @param sentBytes by each seed meanwhile, with all headers
/// @param receivedBytes by all leechers meanwhile, with all headers
record Arrivals(List<Double> seconds, List<Long> sentBytes, long receivedBytes) {
  Arrivals {
    seconds = List.copyOf(seconds);
    sentBytes = List.copyOf(sentBytes);
  }

  double last() {
    return Statistics.of(seconds).greatest();
  }

  double mean() {
    return Statistics.of(seconds).mean();
  }

  long allSentBytes() {
    return sentBytes.stream().mapToLong(Long::longValue).sum();
  }

  /// No scheme can have the last one done earlier: max(F/us, F/dmin, N F/(us + sum u)).
  ///
  /// @param bytes F
  /// @param seedRate all seeds' uplinks, in bytes a second
  /// @param rate a leecher's link, in bytes a second each way
  static double lowerBoundSeconds(long bytes, int leechers, double seedRate, double rate) {
    double together = leechers * (double) bytes / (seedRate + leechers * rate);
    return Math.max(Math.max(bytes / seedRate, bytes / rate), together);
  }
}
