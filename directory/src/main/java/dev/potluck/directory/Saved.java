package dev.potluck.directory;

import java.time.Instant;

/// One item of the hard state, as a snapshot holds them. {@link Directory#saved} gives them all,
/// {@link Directory#restored} takes them in any order.
public sealed interface Saved {
  /// Which directory this is and how far it has come.
  record Party(long incarnation, long revision) implements Saved {}

  /// A member.
  ///
  /// @param wishedName what it asked to be called
  /// @param grantedName what it is called
  record Joined(PeerId peer, String wishedName, String grantedName, Standing standing)
      implements Saved {}

  /// A peer that is not let in.
  record Denied(PeerId peer) implements Saved {}

  /// A ticket that was used.
  record Used(String ticketId, Instant expires, PeerId peer) implements Saved {}

  /// The greatest token that a lock ever had.
  record Tokens(long last) implements Saved {}

  /// A lock that is held.
  record Locked(WriteLock lock) implements Saved {}

  /// What a name was before; those of one name come oldest first.
  record Past(Entry entry) implements Saved {}

  /// A name, live or deleted.
  record Named(Entry entry, Policy policy) implements Saved {}

  /// How a member stands by agreement, whatever its session.
  enum Standing {
    MEMBER,
    DEAD,
    LEFT
  }
}
