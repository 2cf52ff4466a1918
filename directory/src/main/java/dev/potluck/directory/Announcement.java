package dev.potluck.directory;

import java.util.List;

/// Facts on their way to the directory: a delta, or a part of the full list.
///
/// @param sequence grows with each announcement of a session; its verdicts carry the same
/// @param starts whether a full list starts here
/// @param ends whether a full list ends here: what was not in it is no longer held
public record Announcement(long sequence, boolean starts, boolean ends, List<Fact> facts) {
  public Announcement {
    facts = List.copyOf(facts);
  }

  public static Announcement delta(long sequence, List<Fact> facts) {
    return new Announcement(sequence, false, false, facts);
  }

  public static Announcement full(long sequence, List<Fact> facts) {
    return new Announcement(sequence, true, true, facts);
  }
}
