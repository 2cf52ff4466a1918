package dev.potluck.peer;

import dev.potluck.content.Name;
import java.io.IOException;

/// What was to be put in place is older than what lies there.
final class OvertakenException extends IOException {
  private static final long serialVersionUID = 1;

  OvertakenException(Name name) {
    super(name + " is newer here already");
  }
}
