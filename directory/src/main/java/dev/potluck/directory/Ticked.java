package dev.potluck.directory;

import java.util.List;
import java.util.Optional;

/// What the passing of time leads to.
///
/// @param ended sessions whose lease is over
public record Ticked(List<Integer> ended, Optional<Proposal> proposal) {
  public Ticked {
    ended = List.copyOf(ended);
  }
}
