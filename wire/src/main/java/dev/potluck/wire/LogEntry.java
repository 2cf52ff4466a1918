package dev.potluck.wire;

import dev.potluck.directory.Command;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/// One entry of a directory's log: commands that waited together, applied in order.
///
/// @param proposer which run of which seat proposed them: a number that no other run has
/// @param first the first command's number there; the others follow
/// @param at when they were proposed, by the proposer's clock, in whole milliseconds
public record LogEntry(long proposer, long first, Instant at, List<Command> commands) {
  public LogEntry {
    at = at.truncatedTo(ChronoUnit.MILLIS);
    commands = List.copyOf(commands);
  }
}
