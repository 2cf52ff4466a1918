package dev.potluck.bench;

import java.io.IOException;

/// One measurement of the program, beside its rivals.
interface Benchmark {
  /// What it measures, in a line.
  String summary();

  /// Measures.
  ///
  /// @throws IOException if the laboratory breaks, not if a rival is missing
  Section run(Lab lab) throws IOException, InterruptedException;
}
