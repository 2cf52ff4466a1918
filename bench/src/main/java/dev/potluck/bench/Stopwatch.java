package dev.potluck.bench;

import java.io.IOException;

/// Measures one transfer from the receiver's order to its end.
///
/// The receiver's command is a child of this process that ends; the giver, and maybe the taker, run
/// on.
final class Stopwatch {
  private final ProcessHandle giver;
  private final ProcessHandle taker;
  private final double giverBefore;
  private final double takerBefore;
  private final double commandsBefore;
  private final long startNanos;

  private Stopwatch(ProcessHandle giver, ProcessHandle taker) throws IOException {
    this.giver = giver;
    this.taker = taker;
    this.giverBefore = Usage.of(giver).cpuSeconds();
    this.takerBefore = isDaemon() ? Usage.of(taker).cpuSeconds() : 0;
    this.commandsBefore = Usage.endedChildrenCpuSeconds();
    this.startNanos = System.nanoTime();
  }

  /// Starts it; the taker is a command that ends.
  static Stopwatch start(ProcessHandle giver) throws IOException {
    Usage.forgetPeaks(giver);
    return new Stopwatch(giver, giver);
  }

  /// Starts it; the taker is a daemon, told by a command that ends.
  static Stopwatch start(ProcessHandle giver, ProcessHandle taker) throws IOException {
    Usage.forgetPeaks(giver);
    Usage.forgetPeaks(taker);
    return new Stopwatch(giver, taker);
  }

  /// Ends it.
  ///
  /// @throws IOException if one of the two is gone
  Measurement stop() throws IOException {
    double seconds = (System.nanoTime() - startNanos) / 1e9;
    Usage given = Usage.of(giver);
    double takerCpu = Usage.endedChildrenCpuSeconds() - commandsBefore;
    long takerPeak = 0;
    if (isDaemon()) {
      Usage taken = Usage.of(taker);
      takerCpu += taken.cpuSeconds() - takerBefore;
      takerPeak = taken.peakBytes();
    }
    return new Measurement(
        seconds, given.cpuSeconds() - giverBefore, takerCpu, given.peakBytes(), takerPeak);
  }

  private boolean isDaemon() {
    return !taker.equals(giver);
  }
}
