package dev.potluck.directory;

import java.util.List;

/// A line of a listing: a name, and what the peers are called that have its current version now.
public record Listed(Entry entry, List<String> holderNames) {
  public Listed {
    holderNames = List.copyOf(holderNames);
  }
}
