package dev.potluck.exchange;

import dev.potluck.directory.PeerId;

/// Ids for tests.
final class Peers {
  private Peers() {}

  static PeerId peer(int number) {
    return new PeerId("%032d".formatted(number).replaceAll("[01]", "a").replaceAll("[89]", "b"));
  }

  static final PeerId ANNA = PeerId.of("anna".repeat(8));
  static final PeerId BEN = PeerId.of("benb".repeat(8));
  static final PeerId CARA = PeerId.of("cara".repeat(8));
}
