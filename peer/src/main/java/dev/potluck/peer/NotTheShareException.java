package dev.potluck.peer;

import java.io.IOException;

/// The folder that is being scanned is not the share any more: nothing is concluded from what it
/// has or has not.
final class NotTheShareException extends IOException {
  private static final long serialVersionUID = 1L;

  NotTheShareException(String message) {
    super(message);
  }
}
