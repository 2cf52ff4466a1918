package dev.potluck.peer;

import java.io.IOException;

/// Another has a name locked that was to be written, for longer than the writer waits.
public final class BusyException extends IOException {
  private static final long serialVersionUID = 1;

  BusyException(String message) {
    super(message);
  }
}
