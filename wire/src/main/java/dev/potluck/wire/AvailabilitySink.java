package dev.potluck.wire;

import dev.potluck.content.PieceSet;
import java.util.List;

/// The way to the other side of an availability exchange: the same for both ends. Any thread; never
/// blocks. Pieces that wait to be sent are merged, so a slow reader costs one bitmap.
public interface AvailabilitySink extends AutoCloseable {
  /// Says which pieces have come.
  ///
  /// @param delta over the content's count of pieces; taken as a copy
  /// @return false if the exchange is over
  boolean available(PieceSet delta);

  /// Suggests what to take from here now. Suggestions not yet sent are added to, the oldest falling
  /// away beyond {@link WireLimits#SUGGESTIONS}. An empty list is sent too, for what it says of
  /// `bound`, of which the last counts.
  ///
  /// @param bound from now on only what is suggested may be asked for; if false, anything
  /// @return false if the exchange is over
  boolean suggest(List<Integer> pieces, boolean bound);

  /// Says that what was suggested is not taken.
  ///
  /// @param coming the piece comes from elsewhere; if false, enough is under way for now
  /// @return false if the exchange is over
  boolean decline(int piece, boolean coming);

  @Override
  void close();
}
