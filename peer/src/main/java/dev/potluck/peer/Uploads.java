package dev.potluck.peer;

import dev.potluck.content.ContentId;
import dev.potluck.content.SmallContents;
import dev.potluck.directory.PeerId;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Who is fetching what from here: one upload for each peer and content, however many requests it
/// is made of; one for all the small contents of a peer, which it fetches by the thousand. Between
/// two requests an upload goes on for a moment. Thread-safe.
final class Uploads {
  private static final long LINGER_NANOS = 500_000_000L;

  /// Uploads with requests being answered, and how many.
  private final Map<Upload, Integer> open = new HashMap<>();

  /// Uploads without, and since when, the longest first.
  private final Map<Upload, Long> ended = new LinkedHashMap<>();

  /// @param content null: small ones
  private record Upload(PeerId client, @Nullable ContentId content) {
    static Upload of(PeerId client, ContentId content) {
      return new Upload(client, content.size() <= SmallContents.BYTES_MAX ? null : content);
    }
  }

  synchronized void begin(PeerId client, ContentId content) {
    Upload upload = Upload.of(client, content);
    ended.remove(upload);
    open.merge(upload, 1, Integer::sum);
  }

  synchronized void end(PeerId client, ContentId content, long nowNanos) {
    Upload upload = Upload.of(client, content);
    if (open.merge(upload, -1, Integer::sum) == 0) {
      open.remove(upload);
      ended.put(upload, nowNanos);
    }
    forgetEnded(nowNanos);
  }

  synchronized int count(long nowNanos) {
    forgetEnded(nowNanos);
    return open.size() + ended.size();
  }

  private void forgetEnded(long nowNanos) {
    Iterator<Long> since = ended.values().iterator();
    while (since.hasNext() && nowNanos - since.next() > LINGER_NANOS) {
      since.remove();
    }
  }
}
