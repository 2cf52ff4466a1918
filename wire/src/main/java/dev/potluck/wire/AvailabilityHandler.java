package dev.potluck.wire;

import dev.potluck.content.PieceSet;
import java.util.List;

/// What the other side of an availability exchange says. Called on the exchange thread ({@link
/// WireThreads#exchange}): it must not wait.
public interface AvailabilityHandler {
  /// The other side has these pieces too.
  void available(PieceSet delta);

  /// The other side lets this one in.
  ///
  /// @param guided it will say what to take from it, and nothing else is to be asked of it
  void accepted(boolean guided);

  /// The other side would like these to be taken from it.
  ///
  /// @param bound nothing else is to be asked of it from now on; if false, anything may be
  void suggested(List<Integer> pieces, boolean bound);

  /// The other side does not take what was suggested to it.
  ///
  /// @param coming the piece comes to it from elsewhere; if false, enough is under way for now
  void declined(int piece, boolean coming);

  /// The exchange is over; the last call.
  void closed();
}
