package dev.potluck.directory;

import java.util.List;
import java.util.Optional;

/// What an announcement leads to.
///
/// @param verdicts those that are certain now
/// @param proposal what must become durable and be applied before the rest of the facts count; the
///   verdicts on those come from {@link Tracker#committed}
public record Announced(List<Verdict> verdicts, Optional<Proposal> proposal) {
  public Announced {
    verdicts = List.copyOf(verdicts);
  }
}
