package dev.potluck.directory;

import java.util.List;

/// A name, and who has its current version now.
///
/// @param learning whether the directory is still learning who holds what: more may come
public record Found(Entry entry, List<Holder> holders, boolean learning) {
  public Found {
    holders = List.copyOf(holders);
  }
}
