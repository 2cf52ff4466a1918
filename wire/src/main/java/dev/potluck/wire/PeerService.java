package dev.potluck.wire;

import dev.potluck.content.ContentId;
import dev.potluck.content.Name;
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

  /// A member says where it is, where others were when it last heard of them, and which directory
  /// it knows.
  ///
  /// @return the same of this machine
  Greeting greet(PeerId caller, Greeting told);

  /// Fetches files from the caller, who is about to leave and has them alone, and keeps them.
  ///
  /// @param names at most {@link WireLimits#EDITS_PER_CALL}
  /// @return whether all are here; false: they are on their way, and the caller asks again
  boolean adopt(PeerId caller, List<Name> names);

  /// Whether this machine can reach another member, where it knows it to be.
  ///
  /// @throws dev.potluck.content.UnavailableException if it does not know that
  boolean reaches(PeerId caller, PeerId other);
}
