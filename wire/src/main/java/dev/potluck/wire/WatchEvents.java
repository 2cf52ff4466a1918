package dev.potluck.wire;

import dev.potluck.directory.Changes;

/// A watcher's end. Called by one virtual thread at a time; the next event is read when the call
/// returns.
public interface WatchEvents {
  /// The incarnation all revisions of this watch belong to; the first call.
  void began(long incarnation);

  void changes(Changes changes);

  /// The watch is over: start another from the last revision seen. The last call.
  void lost(String why);
}
