package dev.potluck.cli;

import dev.potluck.content.FailedException;
import dev.potluck.peer.TrackerOptions;
import dev.potluck.peer.UpOptions;

/// Where the commands get their daemons from.
final class Daemons {
  static final Daemon.Starter<UpOptions> UP =
      options -> {
        throw new FailedException("this build cannot share " + options.share() + " yet");
      };

  static final Daemon.Starter<TrackerOptions> TRACKER =
      options -> {
        throw new FailedException("this build cannot serve from " + options.state() + " yet");
      };

  private Daemons() {}
}
