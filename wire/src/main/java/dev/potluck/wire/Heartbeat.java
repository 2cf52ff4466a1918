package dev.potluck.wire;

import dev.potluck.directory.FactDigest;
import dev.potluck.directory.Load;

/// A peer's sign of life.
///
/// @param held the digest of the facts the peer holds
public record Heartbeat(Load load, FactDigest held) {}
