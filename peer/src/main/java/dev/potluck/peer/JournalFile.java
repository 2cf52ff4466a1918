package dev.potluck.peer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.CRC32C;

/// One of the files an {@link EditJournal} writes in turn: a block that says with which number it
/// begins, then entries with numbers that follow each other. What an earlier round left behind the
/// last one has other numbers. It is written over and over in place, and so synced by one write of
/// the disk; it grows only until it is full for the first time.
///
/// Appending is for one thread at a time; syncing is thread-safe.
final class JournalFile implements AutoCloseable {
  static final int FILE_BYTES = 16 << 20;

  private static final int BLOCK_BYTES = 4_096;
  private static final int GROWTH_BYTES = 1 << 20;
  private static final long MAGIC = 0x706f746c75636b31L;
  private static final int ENTRY_HEADER_BYTES = 16;

  private final FileHandle file;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BLOCK_BYTES);
  private long position = BLOCK_BYTES;
  private long filled;

  /// Held by who writes to the disk for all who wait.
  private final ReentrantLock syncing = new ReentrantLock();

  private volatile long appended;
  private long synced;

  /// @param boot during which run of the machine it was written
  record Left(long boot, long first, List<byte[]> entries) {}

  JournalFile(FileHandle file) throws IOException {
    this.file = file;
    this.filled = file.stat().identity().size();
  }

  /// What lies in it; nothing if it was never begun.
  Left left() throws IOException {
    List<byte[]> entries = new ArrayList<>();
    ByteBuffer header = read(0, 28);
    if (header.remaining() < 28
        || header.getLong(0) != MAGIC
        || checksum(header.slice(0, 24)) != header.getInt(24)) {
      return new Left(0, 0, entries);
    }
    long first = header.getLong(8);
    long number = first;
    long at = BLOCK_BYTES;
    while (true) {
      ByteBuffer entry = read(at, ENTRY_HEADER_BYTES);
      if (entry.remaining() < ENTRY_HEADER_BYTES || entry.getLong(4) != number) {
        break;
      }
      int length = entry.getInt(0);
      ByteBuffer payload = length < 0 ? read(at, 0) : read(at + ENTRY_HEADER_BYTES, length);
      if (length < 0
          || payload.remaining() < length
          || checksum(number, payload.duplicate()) != entry.getInt(12)) {
        break;
      }
      byte[] bytes = new byte[length];
      payload.get(bytes);
      entries.add(bytes);
      at += ENTRY_HEADER_BYTES + length;
      number++;
    }
    return new Left(header.getLong(16), first, entries);
  }

  private ByteBuffer read(long at, int length) throws IOException {
    if (length > filled - at) {
      return ByteBuffer.allocate(0);
    }
    ByteBuffer bytes = ByteBuffer.allocateDirect(length);
    var _ = LocalOpenFile.readFully(file, at, bytes);
    return bytes.flip();
  }

  private static int checksum(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }

  private static int checksum(long number, ByteBuffer payload) {
    CRC32C crc = new CRC32C();
    crc.update(ByteBuffer.allocate(Long.BYTES).putLong(0, number));
    crc.update(payload);
    return (int) crc.getValue();
  }

  /// Begins anew: what was in it is not any more, on the disk too when this returns.
  void begin(long first, long boot) throws IOException {
    ByteBuffer header = ByteBuffer.allocateDirect(28);
    header.putLong(MAGIC).putLong(first).putLong(boot);
    header.putInt(checksum(header.duplicate().flip())).flip();
    makeRoom(BLOCK_BYTES);
    file.write(0, header);
    file.syncData();
    position = BLOCK_BYTES;
  }

  /// @return false if there is no room for it
  boolean append(long number, byte[] payload) throws IOException {
    int length = ENTRY_HEADER_BYTES + payload.length;
    if (position + length > FILE_BYTES) {
      return false;
    }
    makeRoom(position + length);
    ByteBuffer entry = length <= buffer.capacity() ? buffer : ByteBuffer.allocateDirect(length);
    entry.clear();
    entry.putInt(payload.length).putLong(number);
    entry.putInt(checksum(number, ByteBuffer.wrap(payload))).put(payload).flip();
    file.write(position, entry);
    position += length;
    appended = number;
    return true;
  }

  /// In long strides, since a file that grows has its size to be synced, too.
  private void makeRoom(long upTo) throws IOException {
    while (filled < upTo) {
      file.write(filled, ByteBuffer.allocateDirect(GROWTH_BYTES));
      filled += GROWTH_BYTES;
    }
  }

  /// Returns when an entry is on the disk; whoever comes first takes along what others wait for.
  void sync(long number) throws IOException {
    syncing.lock();
    try {
      if (synced < number) {
        long upTo = appended;
        file.syncData();
        synced = upTo;
      }
    } finally {
      syncing.unlock();
    }
  }

  @Override
  public void close() {
    file.close();
  }
}
