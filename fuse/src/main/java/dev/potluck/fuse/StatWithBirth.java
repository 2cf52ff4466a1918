package dev.potluck.fuse;

import java.time.Duration;

/// What statx(2) says beyond [Stat]: when the file was made.
///
/// @param birthNs nanoseconds since 1970 (UTC)
public record StatWithBirth(Attributes attributes, long birthNs, Duration valid) {}
