package dev.potluck.simulation;

import dev.potluck.content.PieceSet;
import java.util.List;

/// What simulated peers say to each other, as the availability stream and the bulk requests do
/// between real ones.
sealed interface Message {
  record Subscribe(PieceSet has) implements Message {}

  record Accept(boolean whole, boolean guided, PieceSet has) implements Message {}

  record Announce(PieceSet added) implements Message {}

  record Suggest(List<Integer> pieces, boolean bound) implements Message {}

  record Request(int first, int count) implements Message {}

  record Refuse(int piece) implements Message {}

  record Decline(int piece, boolean coming) implements Message {}

  record Cancel(int piece) implements Message {}

  record Close() implements Message {}
}
