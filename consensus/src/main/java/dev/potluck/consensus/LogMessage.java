package dev.potluck.consensus;

/// What one seat can say to another. The order of the constants is the protocol: only append.
public enum LogMessage {
  VOTE,
  APPEND,
  SNAPSHOT,
  ELECTION
}
