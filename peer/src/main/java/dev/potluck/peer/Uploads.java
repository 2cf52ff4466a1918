package dev.potluck.peer;

import dev.potluck.content.ContentId;
import dev.potluck.directory.PeerId;
import java.util.LinkedHashMap;
import java.util.Map;

/// Who is fetching what from here: one upload for each peer and content, however many requests it
/// is made of. Between two requests an upload goes on for a moment. Thread-safe.
final class Uploads {
  private static final long LINGER_NANOS = 500_000_000L;

  private final Map<Upload, Requests> running = new LinkedHashMap<>();

  private record Upload(PeerId client, ContentId content) {}

  private static final class Requests {
    int open;
    long endedNanos;
  }

  synchronized void begin(PeerId client, ContentId content) {
    running.computeIfAbsent(new Upload(client, content), _ -> new Requests()).open++;
  }

  synchronized void end(PeerId client, ContentId content, long nowNanos) {
    Requests requests = running.get(new Upload(client, content));
    if (requests != null) {
      requests.open--;
      requests.endedNanos = nowNanos;
    }
    forgetEnded(nowNanos);
  }

  synchronized int count(long nowNanos) {
    forgetEnded(nowNanos);
    return running.size();
  }

  private void forgetEnded(long nowNanos) {
    running.values().removeIf(r -> r.open == 0 && nowNanos - r.endedNanos > LINGER_NANOS);
  }
}
