package dev.potluck.wire;

import java.util.List;

/// What members tell each other about the party.
///
/// @param incarnation the directory that who says this follows or keeps; 0: none yet
/// @param members where members are, who says this first; at most {@link WireLimits#WHEREABOUTS}
public record Greeting(long incarnation, List<Whereabouts> members) {
  public Greeting {
    members = List.copyOf(members);
  }
}
