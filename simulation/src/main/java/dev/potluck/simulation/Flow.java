package dev.potluck.simulation;

import java.util.ArrayDeque;

/// What one machine sends another, in order, with a bounded number of chunks on the way as TCP's
/// window would have it: a receiver whose downlink is full slows the sender down and leaves the
/// sender's uplink to others.
final class Flow {
  final Link from;
  final Link to;
  final int windowChunks;
  final ArrayDeque<Parcel> parcels = new ArrayDeque<>();
  int chunksOnTheWay;
  boolean isReady;
  boolean broken;

  Flow(Link from, Link to, int windowChunks) {
    this.from = from;
    this.to = to;
    this.windowChunks = windowChunks;
  }

  /// One piece to be carried.
  static final class Parcel {
    final int piece;
    final Runnable arrived;
    long unsentBytes;
    long missingBytes;

    Parcel(int piece, long bytes, Runnable arrived) {
      this.piece = piece;
      this.arrived = arrived;
      this.unsentBytes = bytes;
      this.missingBytes = bytes;
    }
  }
}
