package dev.potluck.simulation;

import java.util.Locale;

/// What can go wrong with a party.
public enum Trouble {
  CRASH,
  /// A crash, and a disk that is put back to what it was some time ago.
  OLD_DISK,
  FREEZE,
  PARTITION,
  ONE_WAY_CUT,
  FLAPPING_LINK,
  SLOW_DISK,
  LOSS;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
