package dev.potluck.cli;

/// What a {@link LyingPort} makes of what it is asked for.
enum Lie {
  /// Nothing: what is served is what is there.
  NONE(""),
  /// Bytes that were changed on their way.
  BYTES("match"),
  /// Piece hashes that prove nothing.
  LAYER("its piece hashes do not lead to the root"),
  /// Fewer piece hashes than the content has pieces.
  LAYER_LENGTH("another length"),
  /// Fewer bytes than were asked for.
  LENGTH("another length"),
  /// A batch whose frames are longer than the contents asked for.
  FRAME_LENGTH("another length"),
  /// A batch with a frame that is neither a content nor its absence.
  FRAME_STATUS("another length"),
  /// A batch of what was asked for, and one content more.
  FRAME_COUNT("more contents than were asked for"),
  /// A batch that ends early.
  FRAMES_MISSING("too short");

  /// What the peer that was lied to says of it.
  final String found;

  Lie(String found) {
    this.found = found;
  }
}
