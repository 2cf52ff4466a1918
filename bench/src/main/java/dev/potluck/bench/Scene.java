package dev.potluck.bench;

import java.nio.file.Path;
import java.util.List;

/// Who is to give one file to whom, each on a host of its own.
///
/// @param tracker for whatever else a system needs; its link is not shaped
/// @param source the folder of what all seeds have
/// @param name of the file there
/// @param work where contestants keep what they make
record Scene(
    Host tracker, List<Host> seeds, List<Host> leechers, Path source, String name, Path work) {
  Scene {
    seeds = List.copyOf(seeds);
    leechers = List.copyOf(leechers);
  }

  /// The same with fewer leechers.
  Scene of(int count) {
    return new Scene(tracker, seeds, leechers.subList(0, count), source, name, work);
  }

  Path file() {
    return source.resolve(name);
  }
}
