package dev.potluck.doors;

import java.util.LinkedHashMap;
import java.util.Map;

/// When something in a folder last changed, as far as it was seen: the folders that changed last
/// are remembered, all others have not changed since the mount began. Thread-safe.
final class FolderTimes {
  private static final int REMEMBERED_MAX = 10_000;

  private final long beganNs;
  private final Map<String, Long> changedNs = new LinkedHashMap<>();

  FolderTimes(long beganNs) {
    this.beganNs = beganNs;
  }

  synchronized void changed(String folder, long nowNs) {
    changedNs.remove(folder);
    changedNs.put(folder, nowNs);
    if (changedNs.size() > REMEMBERED_MAX) {
      var oldest = changedNs.keySet().iterator();
      oldest.next();
      oldest.remove();
    }
  }

  synchronized long of(String folder) {
    return changedNs.getOrDefault(folder, beganNs);
  }
}
