package dev.potluck.consensus;

/// What became of an entry that was to be appended.
public enum Appended {
  /// It is agreed on, durable on most seats, and applied here.
  APPLIED,

  /// It is in no log: this seat does not lead.
  REJECTED,

  /// It may be applied, now or later, or not at all.
  UNCERTAIN
}
