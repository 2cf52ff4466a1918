package dev.potluck.exchange;

import dev.potluck.content.PieceSet;
import dev.potluck.directory.PeerId;
import java.util.List;

/// What a {@link Distribution} wants done. All but {@link TurnAway} are messages to the subscriber.
public sealed interface ServeEffect {

  /// The subscriber is let in; it is told what this peer has (`whole` instead of a full set).
  ///
  /// @param guided it will be told what to take, and is to ask for nothing else
  record Accept(PeerId subscriber, boolean whole, boolean guided, PieceSet has)
      implements ServeEffect {
    public Accept {
      has = has.copy();
    }
  }

  /// There are enough subscribers: close, and let it look for others.
  record TurnAway(PeerId subscriber) implements ServeEffect {}

  /// This peer has more pieces than the subscriber was told before. Also told to those who have
  /// them: they plan by who lacks what.
  record Announce(PeerId subscriber, PieceSet added) implements ServeEffect {}

  /// Take these pieces from here now; if bound, nothing else ({@link Event.Suggested}).
  record Suggest(PeerId subscriber, List<Integer> pieces, boolean bound) implements ServeEffect {
    public Suggest {
      pieces = List.copyOf(pieces);
    }
  }
}
