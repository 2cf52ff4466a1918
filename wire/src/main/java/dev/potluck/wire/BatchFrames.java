package dev.potluck.wire;

import dev.potluck.content.ContentId;
import dev.potluck.content.Root;
import dev.potluck.content.UsageException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/// How batches look on the wire. Asked: 40 bytes a content, its root and its size (big-endian).
/// Answered, in the same order: one byte of status, four of length, and so many bytes of content.
final class BatchFrames {
  static final int ID_BYTES = Root.BYTES + Long.BYTES;
  static final int HEADER_BYTES = 1 + Integer.BYTES;
  static final byte HERE = 0;
  static final byte ABSENT = 1;

  private BatchFrames() {}

  static byte[] encoded(List<ContentId> ids) {
    ByteBuffer out = ByteBuffer.allocate(ids.size() * ID_BYTES);
    for (ContentId id : ids) {
      out.put(id.root().bytes()).putLong(id.size());
    }
    return out.array();
  }

  static ContentId id(byte[] body, int at) {
    Root root = Root.of(Arrays.copyOfRange(body, at, at + Root.BYTES));
    long size = ByteBuffer.wrap(body).getLong(at + Root.BYTES);
    try {
      return new ContentId(root, size);
    } catch (IllegalArgumentException e) {
      throw new UsageException("not a content id in the batch", e);
    }
  }
}
