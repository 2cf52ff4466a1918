package dev.potluck.peer;

import java.time.Duration;
import java.util.List;

/// What a rescan found.
///
/// @param files how many files the share holds now, skipped ones not counted
/// @param bytes their sizes together
public record ScanReport(
    long files,
    long bytes,
    int added,
    int changed,
    int removed,
    List<Skipped> skipped,
    Duration took) {
  public ScanReport {
    skipped = List.copyOf(skipped);
  }

  /// Both scans as one: the later state, the changes of either.
  ScanReport followedBy(ScanReport later) {
    return new ScanReport(
        later.files,
        later.bytes,
        added + later.added,
        changed + later.changed,
        removed + later.removed,
        later.skipped,
        took.plus(later.took));
  }
}
