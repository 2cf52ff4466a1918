package dev.potluck.wire;

import dev.potluck.content.ContentId;
import dev.potluck.directory.PeerId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Where the body of one answer comes from, a buffer at a time. Used by one virtual thread at a
/// time.
sealed interface BulkBody extends AutoCloseable {
  /// Puts bytes into the buffer, until it is full or the body ends.
  ///
  /// @return whether more follows
  /// @throws IOException if the rest can't be had: the connection is then cut
  boolean fill(ByteBuffer target) throws IOException;

  @Override
  void close();

  /// A range of one content.
  final class Range implements BulkBody {
    private final Served served;
    private final long end;
    private long position;

    Range(Served served, ByteRange range) {
      this.served = served;
      this.position = range.offset();
      this.end = range.offset() + range.lengthBytes();
    }

    @Override
    public boolean fill(ByteBuffer target) throws IOException {
      target.limit((int) Math.min(target.limit(), target.position() + end - position));
      readFully(served, position, target);
      position += target.position();
      return position < end;
    }

    @Override
    public void close() {
      served.close();
    }
  }

  /// Bytes that are in memory.
  final class Bytes implements BulkBody {
    private final ByteBuffer bytes;

    Bytes(byte[] bytes) {
      this.bytes = ByteBuffer.wrap(bytes);
    }

    @Override
    public boolean fill(ByteBuffer target) {
      int length = Math.min(target.remaining(), bytes.remaining());
      target.put(bytes.slice(bytes.position(), length));
      bytes.position(bytes.position() + length);
      return bytes.hasRemaining();
    }

    @Override
    public void close() {}
  }

  /// Several small contents, framed, packed one after the other.
  final class Batch implements BulkBody {
    private final BulkSource source;
    private final PeerId client;
    private final List<ContentId> ids;
    private int next;
    private @Nullable Range current;

    Batch(BulkSource source, PeerId client, List<ContentId> ids) {
      this.source = source;
      this.client = client;
      this.ids = ids;
    }

    @Override
    public boolean fill(ByteBuffer target) throws IOException {
      while (true) {
        Range open = current;
        if (open != null) {
          ByteBuffer part = target.slice();
          boolean more = open.fill(part);
          target.position(target.position() + part.position());
          if (more) {
            return true;
          }
          close();
        }
        if (next == ids.size()) {
          return false;
        }
        if (target.remaining() < BatchFrames.HEADER_BYTES) {
          return true;
        }
        begin(ids.get(next++), target);
      }
    }

    private void begin(ContentId id, ByteBuffer target) {
      Optional<Served> served = source.open(client, id);
      if (served.isPresent() && served.get().has(0, id.size())) {
        target.put(BatchFrames.HERE).putInt((int) id.size());
        current = new Range(served.get(), new ByteRange(0, id.size(), false));
      } else {
        served.ifPresent(Served::close);
        target.put(BatchFrames.ABSENT).putInt(0);
      }
    }

    @Override
    public void close() {
      if (current != null) {
        current.close();
        current = null;
      }
    }
  }

  private static void readFully(Served served, long from, ByteBuffer target) throws IOException {
    int start = target.position();
    while (target.hasRemaining()) {
      int read = served.read(from + target.position() - start, target);
      if (read <= 0) {
        throw new IOException("the content is shorter than its id says");
      }
    }
  }
}
