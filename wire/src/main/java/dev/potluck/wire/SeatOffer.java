package dev.potluck.wire;

import java.util.Optional;
import java.util.UUID;

/// What a machine is given with a seat at the directory.
///
/// @param log which log it is to help keep
/// @param authority of a closed party: every seat lets machines in
public record SeatOffer(UUID log, Optional<AuthorityCopy> authority) {}
