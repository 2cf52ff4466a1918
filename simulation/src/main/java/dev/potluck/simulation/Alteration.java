package dev.potluck.simulation;

import dev.potluck.directory.Command;
import dev.potluck.directory.Hello;
import dev.potluck.directory.Saved;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/// What is planted between the state machine and its log and members, so that tests see a broken
/// directory be caught.
///
/// @param commands as the state machine gets them
/// @param saved whether an item gets into a snapshot
/// @param hellos as seats hear them
record Alteration(
    UnaryOperator<Command> commands, Predicate<Saved> saved, UnaryOperator<Hello> hellos) {
  static final Alteration NONE = new Alteration(UnaryOperator.identity(), _ -> true);

  Alteration(UnaryOperator<Command> commands, Predicate<Saved> saved) {
    this(commands, saved, UnaryOperator.identity());
  }
}
