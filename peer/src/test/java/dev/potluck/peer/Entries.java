package dev.potluck.peer;

import dev.potluck.content.Name;
import dev.potluck.content.Version;
import dev.potluck.directory.Changes;
import dev.potluck.directory.Entry;
import java.util.List;

/// What a directory says, in the words of tests: a content is a text.
final class Entries {
  private Entries() {}

  static Entry living(String name, String text, long number) {
    return new Entry(Name.of(name), ShareFixture.version(text, number), false, number);
  }

  /// The name was deleted when it had this content; its number is the deletion's.
  static Entry deleted(String name, String text, long number) {
    return new Entry(Name.of(name), ShareFixture.version(text, number), true, number);
  }

  static Changes snapshot(long revision, Entry... entries) {
    return new Changes(revision, true, List.of(entries));
  }

  static Changes event(long revision, Entry... entries) {
    return new Changes(revision, false, List.of(entries));
  }

  /// A part of an event that goes on.
  static Changes part(long revision, boolean snapshot, Entry... entries) {
    return new Changes(revision, snapshot, List.of(entries), false);
  }

  static List<String> names(List<Entry> entries) {
    return entries.stream().map(entry -> entry.name().value()).toList();
  }

  static Version version(String text, long number) {
    return ShareFixture.version(text, number);
  }
}
