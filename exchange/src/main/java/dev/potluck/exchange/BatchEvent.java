package dev.potluck.exchange;

import dev.potluck.directory.PeerId;

/// What a {@link BatchPlan} is told. Items are numbered in the order they were given.
public sealed interface BatchEvent {

  /// Start asking.
  record Start() implements BatchEvent {}

  /// The item came whole, its hash is right and it is stored.
  record Verified(PeerId holder, int item) implements BatchEvent {}

  /// The item came and its hash is wrong.
  record Corrupt(PeerId holder, int item) implements BatchEvent {}

  /// The holder says it does not have the item.
  record Missing(PeerId holder, int item) implements BatchEvent {}

  /// The group's answer is over; what it should have carried and did not counts as missing there.
  record GroupEnded(PeerId holder, int group) implements BatchEvent {}

  /// The group's request failed; nothing more of it will come.
  record GroupFailed(PeerId holder, int group, String why) implements BatchEvent {}

  /// The holder is gone; nothing more of it will come.
  record HolderLost(PeerId holder) implements BatchEvent {}

  /// A holder is there, again or for the first time, of any items that name it.
  record HolderBack(PeerId holder) implements BatchEvent {}

  /// This item cannot be stored here (disk full, name in the way): it is not asked for again.
  record Abandoned(int item, String why) implements BatchEvent {}
}
