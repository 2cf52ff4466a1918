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
  record Locked(NameLock lock) implements Saved {}

  /// A directory that this one goes on from, since it was begun anew.
  ///
  /// @param revision how far that one had come, as far as this one knows
  record Ancestor(long incarnation, long revision) implements Saved {}

  /// What is left of deletions that are forgotten.
  ///
  /// @param until the time up to which they are
  /// @param revision the last at which one of them was made
  /// @param number no version of a forgotten name had a higher one
  record Forgotten(Instant until, long revision, long number) implements Saved {}

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
