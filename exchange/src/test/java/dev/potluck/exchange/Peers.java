package dev.potluck.exchange;

import dev.potluck.directory.PeerId;

/// Ids for tests.
final class Peers {
  private Peers() {}

  static PeerId peer(int number) {
    StringBuilder text = new StringBuilder("%032d".formatted(number));
    for (int i = 0; i < text.length(); i++) {
      text.setCharAt(i, (char) (text.charAt(i) - '0' + 'a'));
    }
    return PeerId.of(text.toString());
  }

  static final PeerId ANNA = PeerId.of("anna".repeat(8));
  static final PeerId BEN = PeerId.of("benb".repeat(8));
  static final PeerId CARA = PeerId.of("cara".repeat(8));
}
