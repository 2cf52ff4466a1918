package dev.potluck.wire;

import dev.potluck.content.PieceSet;
import java.util.List;

/// What the other side of an availability exchange says. Called by one virtual thread at a time.
public interface AvailabilityHandler {
  /// The other side has these pieces too.
  void available(PieceSet delta);

  /// The other side would like these to be asked for first, in this order.
  void suggested(List<Integer> pieces);

  /// The exchange is over; the last call.
  void closed();
}
