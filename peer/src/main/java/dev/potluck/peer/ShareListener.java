package dev.potluck.peer;

import java.util.List;

/// Is told what scans found, in batches, and what became of edits whose files were changed behind
/// Potluck's back, by any thread: after the share's database recorded it, so that {@link
/// Share#files} already agrees.
@FunctionalInterface
public interface ShareListener {
  void changed(List<ShareEvent> events);

  /// The folder is not the share any more: it was moved, replaced, unmounted, or has lost what is
  /// Potluck's in it. Nothing is told of its files from now on.
  default void lost(String why) {}
}
