package dev.potluck.directory;

/// A lock, and what people call the peer that has it.
public record HeldLock(NameLock lock, String holder) {}
