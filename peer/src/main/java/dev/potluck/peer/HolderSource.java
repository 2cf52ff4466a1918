package dev.potluck.peer;

import dev.potluck.directory.Holder;
import java.util.List;

/// Says who has a content now; may ask over the network.
@FunctionalInterface
interface HolderSource {
  /// Nobody, if that can't be found out.
  List<Holder> holders();
}
