package dev.potluck.fuse;

/// A place in an open file.
public record FileRange(long node, long handle, long offset) {}
