package dev.potluck.directory;

/// A peer that has the current version of a name, whole or some pieces of it.
///
/// @param name what people call the peer
public record Holder(
    PeerId peer,
    String name,
    Endpoint control,
    Endpoint bulk,
    Reason reason,
    boolean whole,
    Load load) {}
