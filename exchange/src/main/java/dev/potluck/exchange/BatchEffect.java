package dev.potluck.exchange;

import dev.potluck.directory.PeerId;
import java.util.List;

/// What a {@link BatchPlan} wants done.
public sealed interface BatchEffect {

  /// Ask the holder for these items in one request.
  record Ask(PeerId holder, int group, List<Integer> items) implements BatchEffect {
    public Ask {
      items = List.copyOf(items);
    }
  }

  /// The holder sent what its hash disproves.
  record Distrust(PeerId holder, boolean dropped, String why) implements BatchEffect {}

  /// The item is done; who it came from was told by the event.
  record Done(int item, PeerId holder) implements BatchEffect {}

  /// Nobody is left who could be asked for the item.
  ///
  /// @param corrupt whoever had it sent it corrupt
  record Failed(int item, boolean corrupt, String why) implements BatchEffect {}

  /// Every item is done or failed. The last effect there is.
  record Finished(int done, int failed) implements BatchEffect {}
}
