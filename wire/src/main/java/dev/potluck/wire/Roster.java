package dev.potluck.wire;

import dev.potluck.directory.Member;
import dev.potluck.directory.PeerId;
import java.util.List;

/// Who is in the party.
///
/// @param seats who keeps the directory
public record Roster(List<Member> members, List<PeerId> seats) {
  public Roster {
    members = List.copyOf(members);
    seats = List.copyOf(seats);
  }
}
