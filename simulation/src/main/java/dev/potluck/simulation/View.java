package dev.potluck.simulation;

import java.util.SortedMap;
import java.util.TreeMap;

/// What one machine takes for true at the end, when all is healed and has come to rest.
///
/// @param subject what it is about: views of the same subject have to be the same
/// @param by whose view it is
public record View(String subject, String by, SortedMap<String, String> facts) {
  public View {
    facts = new TreeMap<>(facts);
  }
}
