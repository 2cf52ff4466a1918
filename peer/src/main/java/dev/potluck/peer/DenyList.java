package dev.potluck.peer;

import dev.potluck.directory.Member;
import dev.potluck.directory.MemberState;
import dev.potluck.directory.PeerId;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/// Who may not connect to this machine any more: asked at every handshake. Thread-safe.
final class DenyList implements Predicate<PeerId> {
  private final Set<PeerId> denied = ConcurrentHashMap.newKeySet();

  @Override
  public boolean test(PeerId peer) {
    return denied.contains(peer);
  }

  boolean add(PeerId peer) {
    return denied.add(peer);
  }

  /// Takes over what the directory says of the members.
  ///
  /// @return who is new on the list
  List<PeerId> learn(Collection<Member> members) {
    return members.stream()
        .filter(member -> member.state() == MemberState.LEFT)
        .map(Member::id)
        .filter(denied::add)
        .toList();
  }
}
