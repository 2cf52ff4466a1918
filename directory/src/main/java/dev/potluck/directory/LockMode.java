package dev.potluck.directory;

/// What a lock lets others do.
public enum LockMode {
  /// Others may have it like that too: nobody writes.
  SHARED,
  /// Nobody else has it: who has it writes.
  EXCLUSIVE;

  /// Whether two owners cannot have a lock in these modes at once.
  public boolean conflictsWith(LockMode other) {
    return this == EXCLUSIVE || other == EXCLUSIVE;
  }

  /// Whether who has this mode has what the other one gives, too.
  public boolean covers(LockMode other) {
    return this == EXCLUSIVE || other == SHARED;
  }
}
