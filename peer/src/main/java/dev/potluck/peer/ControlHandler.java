package dev.potluck.peer;

import java.io.IOException;
import tools.jackson.databind.JsonNode;

/// What a daemon does when somebody on this machine asks through its control socket. Called on a
/// virtual thread of its own, which is interrupted when the asker goes away.
@FunctionalInterface
interface ControlHandler {
  /// Answers one command, with exactly one of `result`, `stream` or a `PotluckException`; events
  /// and progress may come before.
  void handle(String command, JsonNode args, ControlReply reply)
      throws IOException, InterruptedException;
}
