package dev.potluck.fuse;

/// A file that was made and opened in one step.
public record Created(Entry entry, Opened opened) {}
