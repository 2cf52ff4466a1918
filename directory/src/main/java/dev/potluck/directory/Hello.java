package dev.potluck.directory;

/// How a peer opens a session.
///
/// @param name what it wishes to be called
/// @param control where its control service listens, as others reach it
/// @param bulk where its bulk service listens, as others reach it
public record Hello(String name, Endpoint control, Endpoint bulk) {}
