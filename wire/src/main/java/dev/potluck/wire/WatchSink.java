package dev.potluck.wire;

import dev.potluck.directory.Changes;

/// The directory's way to one watcher. Any thread, but changes in the order they are to arrive.
/// What is too long for one message arrives as several, of which only the final one is `last`.
public interface WatchSink {
  /// Says which incarnation the revisions belong to; the first call.
  void begin(long incarnation);

  /// Sends and waits until there is room: for snapshots.
  ///
  /// @return false if the watcher is gone or did not read for {@link WireLimits#SLOW_READER}
  boolean send(Changes changes);

  /// Sends without waiting: for what happens live.
  ///
  /// @return false if the watcher is gone, or was cut because it does not keep up; it returns from
  ///   the revision it has
  boolean offer(Changes changes);

  boolean isOpen();

  /// Ends the watch.
  void close();

  /// Runs an action once the watcher is gone, at once if it is already.
  void onClose(Runnable action);
}
