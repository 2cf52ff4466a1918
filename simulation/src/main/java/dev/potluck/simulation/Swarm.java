package dev.potluck.simulation;

import dev.potluck.content.Pieces;
import dev.potluck.directory.PeerId;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;

/// What the peers of a simulation share: time, the network, the directory's answers, the score.
final class Swarm {
  private static final long LATE_NANOS = 1_000_000_000L;
  private static final long FNV_PRIME = 0x100000001b3L;

  final EventQueue events = new EventQueue();
  final SwarmScenario scenario;
  final Pieces pieces;
  final Network network;
  final SimulatedDirectory directory;
  final SplittableRandom random;
  private final Map<PeerId, SimulatedPeer> peers = new HashMap<>();
  long wastedBytes;
  int dropped;

  /// Peers that have completed and not crashed before they did.
  int complete;

  long traceHash = 0xcbf29ce484222325L;

  Swarm(SwarmScenario scenario) {
    this.scenario = scenario;
    this.pieces = new Pieces(scenario.sizeBytes());
    this.network = new Network(events, scenario.latency().toNanos());
    this.directory = new SimulatedDirectory(events, scenario.sizeBytes());
    this.random = new SplittableRandom(scenario.seed());
  }

  void add(SimulatedPeer peer) {
    peers.put(peer.id, peer);
  }

  SimulatedPeer peer(PeerId id) {
    SimulatedPeer peer = peers.get(id);
    if (peer == null) {
      throw new IllegalArgumentException("no peer " + id);
    }
    return peer;
  }

  /// Carries a control message, or loses it.
  void send(SimulatedPeer from, PeerId to, Message message) {
    if (scenario.lossRate() > 0 && random.nextDouble() < scenario.lossRate()) {
      return;
    }
    boolean late = scenario.lateRate() > 0 && random.nextDouble() < scenario.lateRate();
    long delay = scenario.latency().toNanos() + (late ? LATE_NANOS : 0);
    SimulatedPeer receiver = peer(to);
    events.after(delay, () -> receiver.receive(from.id, message));
  }

  void trace(int from, int to, int piece) {
    for (long word : new long[] {events.nowNanos(), from, to, piece}) {
      traceHash = (traceHash ^ word) * FNV_PRIME;
    }
  }
}
