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

  /// Suggests what to ask for first. Suggestions not yet sent are replaced.
  ///
  /// @param pieces at most {@link WireLimits#SUGGESTIONS}
  /// @return false if the exchange is over
  boolean suggest(List<Integer> pieces);

  @Override
  void close();
}
