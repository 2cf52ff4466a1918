package dev.potluck.exchange;

import dev.potluck.directory.PeerId;

/// A peer that is said to have a content, whole or in part.
public record Candidate(PeerId peer, boolean whole) {}
