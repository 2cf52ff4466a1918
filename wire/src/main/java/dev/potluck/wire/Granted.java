package dev.potluck.wire;

import dev.potluck.directory.HeldLock;

/// A lock that was given, and how far the names were then: whoever has followed them to there sees
/// what those who had the lock before have made of them.
public record Granted(HeldLock held, long incarnation, long revision) {}
