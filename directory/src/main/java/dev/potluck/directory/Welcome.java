package dev.potluck.directory;

import java.time.Duration;

/// The directory's answer to {@link Hello}.
///
/// @param name what the peer is called in this party
/// @param incarnation which directory this is: another one than before has forgotten, and its
///   revisions mean nothing to a watcher of the other
/// @param lease how long after its last heartbeat the peer's facts live
/// @param refresh how often to send a heartbeat
/// @param memory how long deletions are remembered
/// @param held what the directory still has on record for this peer. If it is the peer's own
///   digest, and the incarnation is the one it last announced in full to, there is nothing to
///   announce; else it announces in full, what it only knows included
public record Welcome(
    String name,
    long incarnation,
    Duration lease,
    Duration refresh,
    Duration memory,
    boolean learning,
    FactDigest held) {}
