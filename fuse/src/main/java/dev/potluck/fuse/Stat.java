package dev.potluck.fuse;

import java.time.Duration;

/// Attributes, and how long the kernel may believe them without asking.
public record Stat(Attributes attributes, Duration valid) {
  public Stat {
    if (valid.isNegative()) {
      throw new IllegalArgumentException("valid for less than no time");
    }
  }
}
