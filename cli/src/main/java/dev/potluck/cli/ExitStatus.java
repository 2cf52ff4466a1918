package dev.potluck.cli;

import dev.potluck.content.PotluckException;
import dev.potluck.peer.ControlProtocol;

/// How a command ended: the numbers that scripts depend on. Those of errors are the control
/// protocol's, so that a daemon's error ends a command as the same error here does.
final class ExitStatus {
  static final int DONE = 0;
  static final int FAILED = 1;
  static final int USAGE = 2;

  private ExitStatus() {}

  /// What a failure means to the caller.
  static int of(Exception failure) {
    return failure instanceof PotluckException expected ? ControlProtocol.status(expected) : FAILED;
  }
}
