package dev.potluck.wire;

import dev.potluck.content.ContentId;
import dev.potluck.directory.Load;
import dev.potluck.directory.PeerId;
import java.util.BitSet;
import java.util.List;

/// What a peer does for other members. Each method is called on a virtual thread of its own. May
/// throw a {@link dev.potluck.content.PotluckException}, which reaches the caller.
public interface PeerService {
  Load load(PeerId caller);

  /// Which of the contents are here whole.
  ///
  /// @param contents at most {@link WireLimits#LOCATE_IDS}
  /// @return the indexes of those that are here
  BitSet locate(PeerId caller, List<ContentId> contents);
}
