package dev.potluck.exchange;

import dev.potluck.content.PieceSet;
import dev.potluck.directory.PeerId;
import java.util.List;

/// What a {@link Download} is told.
public sealed interface Event {

  /// The directory's answer (or a cached one): who has the content. All that are known at a time in
  /// one event, because a selector compares them. May be repeated; what is known already is
  /// ignored.
  record HoldersFound(List<Candidate> holders) implements Event {
    public HoldersFound {
      holders = List.copyOf(holders);
    }
  }

  /// The holder lets us in and may be asked: its answer to {@link Effect.Subscribe}, or a peer that
  /// downloads the same content and subscribed to us. What a partial holder has follows as {@link
  /// Available}.
  ///
  /// @param guided (true for a peer that subscribed to us) the holder says what to take from it
  ///   ({@link Suggested}): nothing else is asked of it
  record Subscribed(PeerId holder, boolean whole, boolean guided) implements Event {}

  /// The holder is gone, turned us away or cannot be reached; what was asked of it will not come.
  record HolderLost(PeerId holder) implements Event {}

  /// Pieces a partial holder has got in addition to those it told of before.
  record Available(PeerId holder, PieceSet added) implements Event {}

  /// The holder would like us to take these pieces from it now, if any.
  ///
  /// @param bound it plans for all who subscribed to it: from now on only what it suggests is asked
  ///   of it. If false, anything may be asked from now on
  record Suggested(PeerId holder, List<Integer> pieces, boolean bound) implements Event {
    public Suggested {
      pieces = List.copyOf(pieces);
    }
  }

  /// Bytes came in from the holder, of a piece that is not complete yet. Optional: it lets a slow
  /// holder of large pieces be told from a stalled one.
  record Received(PeerId holder, long bytes) implements Event {}

  /// A piece came in whole, its hash is right and it is stored.
  record Verified(PeerId holder, int piece, long bytes) implements Event {}

  /// A piece came in whole and its hash is wrong.
  record Corrupt(PeerId holder, int piece) implements Event {}

  /// A piece that was asked for will not come: timeout, connection lost, refused by the holder.
  record Refused(PeerId holder, int piece, String why) implements Event {}

  /// A reader waits for these bytes, and goes on from there if it is like most.
  ///
  /// @param reader any number, the same for all that it wants
  record Wanted(long reader, long offset, long length) implements Event {}

  /// A reader is done.
  record ReaderLeft(long reader) implements Event {}

  /// All of the content is wanted, though the download began on demand.
  record WholeWanted() implements Event {}

  /// Time has passed: {@link Download#wakeAtNanos()} says when this is wanted.
  record Tick() implements Event {}
}
