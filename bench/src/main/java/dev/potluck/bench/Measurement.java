package dev.potluck.bench;

/// One transfer, measured.
///
/// @param seconds from the receiver's order to its end
/// @param giverCpuSeconds of who had it
/// @param takerCpuSeconds of who wanted it
/// @param giverPeakBytes resident
/// @param takerPeakBytes resident
record Measurement(
    double seconds,
    double giverCpuSeconds,
    double takerCpuSeconds,
    long giverPeakBytes,
    long takerPeakBytes) {

  double cpuSeconds() {
    return giverCpuSeconds + takerCpuSeconds;
  }
}
