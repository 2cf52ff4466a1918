package dev.potluck.exchange;

import dev.potluck.content.PieceSet;
import dev.potluck.directory.PeerId;

/// What a {@link Distribution} is told.
public sealed interface ServeEvent {

  /// A peer subscribed, or was connected to by us.
  ///
  /// @param has what it said it has; empty if it has not said yet
  /// @param invited this peer connected to it, so that it is let in however many there are
  record Joined(PeerId subscriber, PieceSet has, boolean invited) implements ServeEvent {}

  /// A subscriber's connection ended.
  record Left(PeerId subscriber) implements ServeEvent {}

  /// A subscriber got pieces, from whomever.
  record Has(PeerId subscriber, PieceSet added) implements ServeEvent {}

  /// A subscriber asked this peer for a piece.
  record Asked(PeerId subscriber, int piece) implements ServeEvent {}

  /// A request was withdrawn or broke off before the piece was sent.
  record Unsent(PeerId subscriber, int piece) implements ServeEvent {}

  /// The subscriber does not take what was suggested ({@link Effect.Decline}).
  record Declined(PeerId subscriber, int piece, boolean coming) implements ServeEvent {}

  /// This peer has got a piece itself, verified.
  ///
  /// @param from who sent it, and waits to hear that it arrived
  record Gained(int piece, PeerId from) implements ServeEvent {}

  /// Time has passed: {@link Distribution#wakeAtNanos()} says when this is wanted.
  record Tick() implements ServeEvent {}
}
