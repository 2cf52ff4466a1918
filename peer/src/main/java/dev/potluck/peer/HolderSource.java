package dev.potluck.peer;

import dev.potluck.directory.Holder;
import java.util.List;

/// Says who has a content now; may ask over the network.
@FunctionalInterface
interface HolderSource {
  /// Nobody, if that can't be found out.
  ///
  /// @throws dev.potluck.content.PotluckException if nobody will have it any more
  List<Holder> holders();
}
