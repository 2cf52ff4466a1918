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
}
