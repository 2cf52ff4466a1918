package dev.potluck.directory;

/// A session that has begun.
///
/// @param session its number, not zero; never used again in the life of a tracker
public record Started(int session, Welcome welcome) {}
