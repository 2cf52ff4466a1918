package dev.potluck.peer;

import org.jspecify.annotations.Nullable;

/// A file that a scan wants hashed.
///
/// @param known what the database said when it was seen; null for a new file
record ScanCandidate(String path, FileStat stat, @Nullable FileRecord known) {
  /// @param result what hashing it gave
  record Done(ScanCandidate candidate, FileHasher.Result result) {}
}
