package dev.potluck.simulation;

import java.util.ArrayDeque;

/// One machine's connection to the network: so many bytes a second each way. The uplink serves the
/// flows that leave through it in turn, a chunk each; the downlink takes chunks as they come.
final class Link {
  final double upBytesPerNano;
  final double downBytesPerNano;

  /// Flows that may send now.
  final ArrayDeque<Flow> ready = new ArrayDeque<>();

  boolean sending;
  boolean down;
  long downFreeNanos;
  long sentBytes;

  Link(double upBytesPerSecond, double downBytesPerSecond) {
    this.upBytesPerNano = upBytesPerSecond / 1e9;
    this.downBytesPerNano = downBytesPerSecond / 1e9;
  }
}
