package dev.potluck.simulation;

import dev.potluck.simulation.Flow.Parcel;

/// A network of machines that is limited by their links only. Bandwidth is shared chunk by chunk:
/// each uplink in turn among its flows, each downlink first come, first served, with back pressure.
final class Network {
  static final int CHUNK_BYTES = 32 << 10;
  private static final int WINDOW_CHUNKS_MIN = 4;

  private final EventQueue events;
  private final long latencyNanos;

  Network(EventQueue events, long latencyNanos) {
    this.events = events;
    this.latencyNanos = latencyNanos;
  }

  Flow flow(Link from, Link to) {
    double onTheWay = from.upBytesPerNano * 2 * latencyNanos / CHUNK_BYTES;
    return new Flow(from, to, WINDOW_CHUNKS_MIN + (int) Math.ceil(onTheWay));
  }

  /// Sends a piece after those that are queued on the flow already.
  void send(Flow flow, Parcel parcel) {
    flow.parcels.add(parcel);
    makeReady(flow);
  }

  /// Takes back what of the piece has not been sent yet.
  ///
  /// @return false if it is all on the way
  boolean withdraw(Flow flow, int piece) {
    Parcel head = flow.parcels.peek();
    return flow.parcels.removeIf(
        p -> p.piece == piece && (p != head || p.unsentBytes == p.missingBytes));
  }

  void breakOff(Flow flow) {
    flow.broken = true;
    flow.parcels.clear();
  }

  private void makeReady(Flow flow) {
    if (!flow.isReady && !flow.parcels.isEmpty() && flow.chunksOnTheWay < flow.windowChunks) {
      flow.isReady = true;
      flow.from.ready.add(flow);
      sendNext(flow.from);
    }
  }

  private void sendNext(Link link) {
    if (link.sending || link.down) {
      return;
    }
    Flow flow = link.ready.poll();
    while (flow != null && flow.parcels.isEmpty()) {
      flow.isReady = false;
      flow = link.ready.poll();
    }
    if (flow == null) {
      return;
    }
    Flow chosen = flow;
    Parcel parcel = flow.parcels.element();
    long bytes = Math.min(CHUNK_BYTES, parcel.unsentBytes);
    parcel.unsentBytes -= bytes;
    if (parcel.unsentBytes == 0) {
      flow.parcels.remove();
    }
    flow.chunksOnTheWay++;
    link.sending = true;
    events.after((long) (bytes / link.upBytesPerNano), () -> sent(link, chosen, parcel, bytes));
  }

  private void sent(Link link, Flow flow, Parcel parcel, long bytes) {
    link.sending = false;
    link.sentBytes += bytes;
    flow.isReady = false;
    makeReady(flow);
    sendNext(link);
    events.after(latencyNanos, () -> receive(flow, parcel, bytes));
  }

  private void receive(Flow flow, Parcel parcel, long bytes) {
    Link link = flow.to;
    long begin = Math.max(events.nowNanos(), link.downFreeNanos);
    link.downFreeNanos = begin + (long) (bytes / link.downBytesPerNano);
    events.at(link.downFreeNanos, () -> received(flow, parcel, bytes));
  }

  private void received(Flow flow, Parcel parcel, long bytes) {
    flow.chunksOnTheWay--;
    makeReady(flow);
    parcel.missingBytes -= bytes;
    if (parcel.missingBytes == 0 && !flow.broken && !flow.to.down) {
      parcel.arrived.run();
    }
  }
}
