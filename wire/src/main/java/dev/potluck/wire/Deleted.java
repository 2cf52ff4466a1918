package dev.potluck.wire;

import dev.potluck.content.Name;
import java.util.List;

/// Names that were deleted.
///
/// @param missing those that did not exist
/// @param revision of the directory from which on the others are gone
public record Deleted(List<Name> missing, long revision) {
  public Deleted {
    missing = List.copyOf(missing);
  }
}
