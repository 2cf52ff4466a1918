package dev.potluck.peer;

import java.time.Instant;

/// What a draft looks like from outside.
///
/// @param size bytes
/// @param mode permission bits, within 0777
public record DraftShape(long size, int mode, Instant mtime) {
  DraftShape withSize(long newSize, Instant now) {
    return new DraftShape(newSize, mode, now);
  }

  DraftShape withMode(int newMode) {
    return new DraftShape(size, newMode, mtime);
  }

  DraftShape withMtime(Instant time) {
    return new DraftShape(size, mode, time);
  }
}
