package dev.potluck.exchange;

import dev.potluck.content.PieceSet;
import dev.potluck.directory.PeerId;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/// A peer that a {@link Distribution} sends to.
final class Subscriber {
  final PeerId peer;
  final PieceSet has;
  int hasCount;

  /// What it was told to take, or asked for, and has not got yet, with since when.
  final SequencedMap<Integer, Due> due = new LinkedHashMap<>();

  /// @param asked it has asked for the piece
  record Due(long sinceNanos, boolean asked) {}

  /// What it declined, because it gets it from somebody else.
  PieceSet expected;

  /// What came here and it has not been told of.
  PieceSet unsaid;

  /// When it was last told what is here.
  long saidNanos;

  /// It asks only for what is suggested.
  boolean guided;

  /// There is nothing that could be suggested to it now.
  boolean satisfied;

  /// When it was last told to take something, in turns.
  long turn;

  Subscriber(PeerId peer, int pieces) {
    this.peer = peer;
    this.has = PieceSet.none(pieces);
    this.expected = PieceSet.none(pieces);
    this.unsaid = PieceSet.none(pieces);
  }

  boolean isNeedy() {
    return hasCount < has.count();
  }

  boolean lacks(int piece) {
    return !has.contains(piece) && !expected.contains(piece) && !due.containsKey(piece);
  }
}
