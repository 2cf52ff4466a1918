package dev.potluck.cli;

/// One thing `doctor` looked at.
///
/// @param what the thing
/// @param state whether it is as Potluck needs it
/// @param found what is there
/// @param remedy what to do about it; empty if nothing
record Check(String what, State state, String found, String remedy) {
  enum State {
    OK,
    /// Potluck does not work, or not well, until this is mended.
    MISSING,
    /// Only wanted for something that not everyone uses.
    OPTIONAL
  }

  static Check ok(String what, String found) {
    return new Check(what, State.OK, found, "");
  }

  /// Is it as it should be? Then nothing is to do; else `remedy`.
  static Check of(String what, boolean good, String found, String remedy) {
    return good ? ok(what, found) : new Check(what, State.MISSING, found, remedy);
  }

  /// As {@link #of}, for what not everyone needs.
  static Check optional(String what, boolean good, String found, String remedy) {
    return good ? ok(what, found) : new Check(what, State.OPTIONAL, found, remedy);
  }
}
