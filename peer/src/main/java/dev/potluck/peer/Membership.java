package dev.potluck.peer;

import dev.potluck.content.UsageException;
import java.time.Duration;
import java.util.Optional;

/// Which party, and on what terms.
///
/// @param join the way in; empty: found a party, or return to the one that is known here
/// @param open the party has no authority: whoever reaches it is in
/// @param patience how long a first join tries before it gives up
public record Membership(Optional<Join> join, boolean open, Duration patience) {
  public static final Membership DEFAULTS =
      new Membership(Optional.empty(), false, Duration.ofSeconds(30));

  /// @throws UsageException if the terms contradict each other
  public Membership {
    if (open && join.isPresent() && join.get() instanceof Join.With) {
      throw new UsageException(
          "--open and a ticket exclude each other: a ticket is for a closed party");
    }
    if (patience.isNegative()) {
      throw new UsageException("--wait cannot be negative");
    }
  }

  public Membership withJoin(Join value) {
    return new Membership(Optional.of(value), open, patience);
  }

  public Membership withOpen(boolean value) {
    return new Membership(join, value, patience);
  }

  public Membership withPatience(Duration value) {
    return new Membership(join, open, value);
  }
}
