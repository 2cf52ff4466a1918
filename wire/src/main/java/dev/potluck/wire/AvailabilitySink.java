package dev.potluck.wire;

import dev.potluck.content.PieceSet;
import java.util.List;

/// The way to the other side of an availability exchange: the same for both ends. Belongs to the
/// exchange thread ({@link WireThreads#exchange}); never blocks. What is said waits for {@link
/// #flush}, and is merged, so that it makes one message and a slow reader costs one bitmap. Each
/// method returns false if the exchange is over.
public interface AvailabilitySink extends AutoCloseable {
  /// Says which pieces have come.
  ///
  /// @param delta over the content's count of pieces; taken as a copy
  boolean available(PieceSet delta);

  /// Lets the other side in; what is here is said by {@link #available} before.
  ///
  /// @param guided it will be told what to take, and is to ask for nothing else
  boolean accept(boolean guided);

  /// Suggests pieces to take from here, in addition to those suggested before.
  ///
  /// @param pieces beyond {@link WireLimits#SUGGESTIONS} waiting ones they are left out
  /// @param bound nothing else is to be asked for from now on; if false, anything may be
  boolean suggest(List<Integer> pieces, boolean bound);

  /// Says that a suggestion is not taken.
  ///
  /// @param coming the piece comes from elsewhere; if false, enough is under way for now
  boolean decline(int piece, boolean coming);

  /// Sends what was said.
  void flush();

  @Override
  void close();
}
