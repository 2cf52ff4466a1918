package dev.potluck.wire;

import dev.potluck.content.ContentHasher;
import dev.potluck.content.ContentId;
import dev.potluck.content.PieceSet;
import dev.potluck.directory.PeerId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// Contents in memory, whole or in part.
final class MemorySource implements BulkSource {
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Held(byte[] bytes, PieceSet pieces, byte[] layer) {}

  final Map<ContentId, Held> held = new ConcurrentHashMap<>();
  final AtomicInteger open = new AtomicInteger();
  volatile Runnable beforeRead = () -> {};

  ContentId add(byte[] bytes) throws IOException {
    var hashed =
        new ContentHasher(Runnable::run, 1)
            .hash((position, target) -> copy(bytes, position, target), bytes.length);
    ContentId id = hashed.content();
    held.put(id, new Held(bytes, PieceSet.all(id.pieces().count()), hashed.layer().bytes()));
    return id;
  }

  private static int copy(byte[] bytes, long position, ByteBuffer target) {
    int length = Math.min(target.remaining(), bytes.length - (int) position);
    if (length <= 0) {
      return -1;
    }
    target.put(bytes, (int) position, length);
    return length;
  }

  @Override
  public Optional<Served> open(PeerId client, ContentId content) {
    Held found = held.get(content);
    if (found == null) {
      return Optional.empty();
    }
    open.incrementAndGet();
    return Optional.of(new InMemory(content, found));
  }

  private final class InMemory implements Served {
    private final ContentId id;
    private final Held content;

    InMemory(ContentId id, Held content) {
      this.id = id;
      this.content = content;
    }

    @Override
    public boolean has(long offset, long lengthBytes) {
      if (lengthBytes == 0) {
        return true;
      }
      int last = id.pieces().pieceAt(offset + lengthBytes - 1);
      for (int piece = id.pieces().pieceAt(offset); piece <= last; piece++) {
        if (!content.pieces.contains(piece)) {
          return false;
        }
      }
      return true;
    }

    @Override
    public int read(long position, ByteBuffer target) {
      beforeRead.run();
      return copy(content.bytes, position, target);
    }

    @Override
    public byte[] layer() {
      return content.layer;
    }

    @Override
    public void close() {
      open.decrementAndGet();
    }
  }
}
