package dev.potluck.wire;

import dev.potluck.content.Version;

/// A name that was moved.
///
/// @param version what it is under its new name
/// @param revision of the directory from which on it is there
public record Moved(Version version, long revision) {}
