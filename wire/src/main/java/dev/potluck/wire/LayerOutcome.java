package dev.potluck.wire;

/// What came of asking for a content's piece hashes.
public sealed interface LayerOutcome {
  /// The bytes as they came, unverified: for `PieceLayer.verified`. Not copied.
  record Layer(@SuppressWarnings("ArrayRecordComponent") byte[] hashes) implements LayerOutcome {}

  /// No layer; the outcome is not `Complete`.
  record NoLayer(TransferOutcome outcome) implements LayerOutcome {}
}
