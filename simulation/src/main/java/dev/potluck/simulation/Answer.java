package dev.potluck.simulation;

import dev.potluck.directory.Entry;
import dev.potluck.directory.Member;
import dev.potluck.directory.NameLock;
import dev.potluck.directory.Result;
import dev.potluck.directory.Welcome;
import java.util.List;

/// What a seat answers, or what a member makes of it that no answer comes.
sealed interface Answer {
  /// The change was applied, or refused, by agreement.
  record Decided(Result result) implements Answer {}

  /// The lock is not free, as far as the seat knows.
  ///
  /// @param held whether another has it, rather than waits for it
  record NotFree(boolean held) implements Answer {}

  record Locks(List<NameLock> locks) implements Answer {}

  /// All that is known of a name, oldest first.
  record Looked(List<Entry> entries) implements Answer {}

  record Roster(List<Member> members) implements Answer {}

  record Begun(SessionStream stream, Welcome welcome) implements Answer {}

  /// Another seat is to be asked.
  ///
  /// @param leader the place of who leads, below 0 if that is not known
  record NotLeading(int leader) implements Answer {}

  /// Nothing happened.
  record Away() implements Answer {}

  /// It may have happened, or may happen yet.
  record Unknown() implements Answer {}
}
