package dev.potluck.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.potluck.directory.PeerId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/// Which tickets were used and by whom: a file of lines `id peer expiry`, appended durably before a
/// certificate is issued. Expired ones are forgotten when it is opened. Thread-safe.
final class TicketLedger {
  private static final int USED_MAX = 100_000;

  private record Use(PeerId by, long expiresSeconds) {}

  private final Path file;
  private final Map<String, Use> used = new HashMap<>();

  TicketLedger(Path file, Instant now) throws IOException {
    this.file = file;
    if (!Files.exists(file)) {
      return;
    }
    for (String line : Files.readAllLines(file, US_ASCII)) {
      String[] fields = line.split(" ", -1);
      // A line cut off by a crash was never answered: its ticket is still unused.
      if (fields.length == 3 && fields[2].matches("\\d{1,15};")) {
        long expires = Long.parseLong(fields[2], 0, fields[2].length() - 1, 10);
        if (expires >= now.getEpochSecond()) {
          used.put(fields[0], new Use(new PeerId(fields[1]), expires));
        }
      }
    }
    StringBuilder lines = new StringBuilder();
    used.forEach((id, use) -> lines.append(line(id, use)));
    KeyFiles.write(file, lines.toString());
  }

  /// Takes a ticket for a peer; durable on return.
  ///
  /// @return false if another peer has used it
  synchronized boolean claim(String id, PeerId by, Instant expires) throws IOException {
    Use before = used.get(id);
    if (before != null) {
      return before.by.equals(by);
    }
    if (used.size() >= USED_MAX) {
      throw new IOException("too many used tickets are not yet expired");
    }
    Use use = new Use(by, expires.getEpochSecond());
    var options =
        Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    try (FileChannel channel = FileChannel.open(file, options)) {
      ByteBuffer bytes = US_ASCII.encode(line(id, use));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    used.put(id, use);
    return true;
  }

  private static String line(String id, Use use) {
    return id + " " + use.by + " " + use.expiresSeconds + ";\n";
  }
}
