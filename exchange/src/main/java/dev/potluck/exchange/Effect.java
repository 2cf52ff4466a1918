package dev.potluck.exchange;

import dev.potluck.directory.PeerId;

/// What a {@link Download} wants done.
public sealed interface Effect {

  /// Connect to the holder and exchange availability with it; answer with {@link Event.Subscribed}
  /// or {@link Event.HolderLost}.
  record Subscribe(PeerId holder) implements Effect {}

  /// The holder is not needed any more: drop the connection and whatever it still sends.
  record Unsubscribe(PeerId holder) implements Effect {}

  /// Fetch pieces `first` to `first + count - 1` from the holder, in this order, as one request;
  /// each is answered by {@link Event.Verified}, {@link Event.Corrupt} or {@link Event.Refused}.
  ///
  /// @param waitNanos emulated latency still to be waited before sending; 0 when nothing is
  ///   emulated
  record Ask(PeerId holder, int first, int count, long waitNanos) implements Effect {}

  /// The piece is not wanted from this holder any more. If it comes all the same it is welcome, and
  /// nothing need be answered.
  record Withdraw(PeerId holder, int piece) implements Effect {}

  /// Tell the holder that what it suggested will not be taken from it, so that it suggests
  /// something else. A message on the availability stream.
  ///
  /// @param coming the piece comes from elsewhere or is here; if false, enough is under way for now
  record Decline(PeerId holder, int piece, boolean coming) implements Effect {}

  /// Ask the directory again who has the content.
  record FindHolders() implements Effect {}

  /// The holder sent what its hash disproves: tell the user, and the directory.
  ///
  /// @param dropped false when it is only demoted, true when nothing more is taken from it
  record Distrust(PeerId holder, boolean dropped, String why) implements Effect {}

  /// Every piece is here and verified. The last effect there is.
  record Completed() implements Effect {}

  /// Nobody is left who could be asked. Not an end: a holder that is found later is used.
  ///
  /// @param corrupt whoever had the missing pieces sent them corrupt
  record Stuck(boolean corrupt, String why) implements Effect {}
}
