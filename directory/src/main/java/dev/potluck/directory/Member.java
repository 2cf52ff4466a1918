package dev.potluck.directory;

import java.util.Optional;

/// A member of the party as `peers` shows it.
///
/// @param files how many names it said it holds, at any version
public record Member(
    PeerId id,
    String name,
    MemberState state,
    Optional<Endpoint> control,
    Optional<Endpoint> bulk,
    long files,
    long bytes,
    Load load) {}
