package dev.potluck.wire;

import dev.potluck.directory.Entry;
import dev.potluck.wire.v1.EntryMessage;

/// Entries as bytes, for those who keep them: the durable watch copy.
public final class EntryCodec {
  private EntryCodec() {}

  public static byte[] encode(Entry entry) {
    return ValueCodec.message(entry).toByteArray();
  }

  /// @throws dev.potluck.content.UsageException if the bytes are no entry
  public static Entry decode(byte[] bytes) {
    return ValueCodec.of(Parsing.of(EntryMessage.parser(), bytes));
  }
}
