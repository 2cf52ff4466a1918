package dev.potluck.wire;

import dev.potluck.content.ContentId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Takes the frames of a batch apart. A content that arrived in one piece is handed on where it
/// lies; one that did not is put together first. Bounded by the sizes that were asked for.
final class BatchBody implements BulkCall.Body {
  private static final int ROOM_BYTES = 64 << 10;

  private final List<ContentId> contents;
  private final BatchSink sink;
  private final ByteBuffer header = ByteBuffer.allocate(BatchFrames.HEADER_BYTES);

  /// Where contents are put together: outside the heap, since they go to files from there.
  private ByteBuffer room = ByteBuffer.allocate(0);

  private @Nullable ByteBuffer parts;
  private int index;
  private boolean inContent;

  BatchBody(List<ContentId> contents, BatchSink sink) {
    this.contents = contents;
    this.sink = sink;
  }

  @Override
  public void accept(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining() || inContent) {
      if (inContent) {
        if (!content(bytes)) {
          return;
        }
      } else if (!header(bytes)) {
        return;
      }
    }
  }

  private boolean header(ByteBuffer bytes) throws IOException {
    while (header.hasRemaining() && bytes.hasRemaining()) {
      header.put(bytes.get());
    }
    if (header.hasRemaining()) {
      return false;
    }
    header.flip();
    byte status = header.get();
    int length = header.getInt();
    header.clear();
    if (index == contents.size()) {
      throw new BulkCall.BadAnswer("more contents than were asked for");
    }
    if (status == BatchFrames.HERE && length == contents.get(index).size()) {
      inContent = true;
    } else if (status == BatchFrames.ABSENT && length == 0) {
      sink.absent(index++);
    } else {
      throw new BulkCall.BadAnswer("a content of another length");
    }
    return true;
  }

  private boolean content(ByteBuffer bytes) throws IOException {
    int length = (int) contents.get(index).size();
    ByteBuffer begun = parts;
    if (begun == null && bytes.remaining() >= length) {
      sink.content(index++, bytes.slice(bytes.position(), length));
      bytes.position(bytes.position() + length);
      inContent = false;
      return true;
    }
    if (begun == null) {
      if (room.capacity() < length) {
        room = ByteBuffer.allocateDirect(Math.max(length, ROOM_BYTES));
      }
      begun = room.clear().limit(length);
      parts = begun;
    }
    int taken = Math.min(begun.remaining(), bytes.remaining());
    begun.put(bytes.slice(bytes.position(), taken));
    bytes.position(bytes.position() + taken);
    if (begun.hasRemaining()) {
      return false;
    }
    parts = null;
    inContent = false;
    sink.content(index++, begun.flip());
    return true;
  }

  @Override
  public boolean mayBlock() {
    return true;
  }

  @Override
  public boolean isComplete() {
    return index == contents.size() && !inContent;
  }
}
