package dev.potluck.bench;

import java.io.IOException;
import java.util.Optional;

/// One of the systems that bring a file from seeds to many at once.
interface Crowd {
  String name();

  /// How to install what it needs, if that is not here.
  Optional<String> missing();

  /// Starts everything, then the clock, and ends everything.
  Arrivals run(Scene scene) throws IOException, InterruptedException;
}
