package dev.potluck.bench;

import java.io.IOException;
import java.util.Optional;

/// One of the systems that do the same work in turns.
interface Contestant {
  String name();

  /// How to install what it needs, if that is not here.
  Optional<String> missing();

  /// Does the work once, from a clean start, and tidies up.
  Measurement run(int round) throws IOException, InterruptedException;
}
