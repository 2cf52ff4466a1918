package dev.potluck.wire;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import dev.potluck.content.UsageException;

/// Reads one protobuf message from bytes.
final class Parsing {
  private Parsing() {}

  static <M> M of(Parser<M> parser, byte[] bytes) {
    try {
      return parser.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new UsageException("the bytes are damaged", e);
    }
  }
}
