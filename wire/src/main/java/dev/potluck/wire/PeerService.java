package dev.potluck.wire;

import dev.potluck.content.ContentId;
import dev.potluck.directory.Endpoint;
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

  /// A member says where it is, and where others were when it last heard of them.
  ///
  /// @param told at most {@link WireLimits#WHEREABOUTS}, the caller's own first
  /// @return the same of this machine
  List<Whereabouts> greet(PeerId caller, List<Whereabouts> told);

  /// Whether this machine can reach another member.
  ///
  /// @param at where it was last
  boolean reaches(PeerId caller, PeerId other, Endpoint at);
}
