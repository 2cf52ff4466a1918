package dev.potluck.bench;

import java.io.IOException;

/// What has passed a network device, with all headers.
record Traffic(long receivedBytes, long sentBytes) {
  private static final int RECEIVED = 0;
  private static final int SENT = 8;

  /// Reads the form of `/proc/net/dev`.
  ///
  /// @throws IOException if there is no such device
  static Traffic parse(String table, String device) throws IOException {
    for (String line : table.lines().toList()) {
      String[] words = line.strip().split("[:\\s]+", -1);
      if (words.length > SENT + 1 && words[0].equals(device)) {
        return new Traffic(Long.parseLong(words[RECEIVED + 1]), Long.parseLong(words[SENT + 1]));
      }
    }
    throw new IOException("no device " + device);
  }

  Traffic since(Traffic before) {
    return new Traffic(receivedBytes - before.receivedBytes, sentBytes - before.sentBytes);
  }
}
