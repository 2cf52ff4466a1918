package dev.potluck.exchange;

import dev.potluck.content.PieceSet;
import dev.potluck.directory.PeerId;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/// A peer that a {@link Distribution} sends to.
final class Subscriber {
  final PeerId peer;
  final PieceSet has;

  /// What it was told to take and has not got yet, with when.
  final SequencedMap<Integer, Long> due = new LinkedHashMap<>();

  /// It asks only for what is suggested.
  boolean guided;

  /// When it was last told to take something, in turns.
  long turn;

  Subscriber(PeerId peer, PieceSet has) {
    this.peer = peer;
    this.has = has;
  }
}
