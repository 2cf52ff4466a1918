package dev.potluck.peer;

import java.util.List;

/// Is told what scans found, in batches, one at a time, on the scanner's thread: after the share's
/// database recorded it, so that {@link Share#files} already agrees.
@FunctionalInterface
public interface ShareListener {
  void changed(List<ShareEvent> events);
}
