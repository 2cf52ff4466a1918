package dev.potluck.content;

import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The hashes of a content's pieces (BEP 52 "piece layers"), which together prove the root: whoever
/// has them can verify each piece by itself, from whomever it comes. Immutable.
public final class PieceLayer {
  /// Longest layer accepted from anyone: 1 TiB in pieces of 2 MiB.
  public static final int MAX_BYTES = 16 << 20;

  /// Most pieces of a content that anyone is asked for, or asks for.
  public static final int MAX_PIECES = MAX_BYTES / Root.BYTES;

  private final ContentId content;
  private final byte[] hashes;

  private PieceLayer(ContentId content, byte[] hashes) {
    this.content = content;
    this.hashes = hashes;
  }

  /// The layer, if the hashes lead to the content's root; nothing is believed otherwise.
  ///
  /// @param hashes 32 bytes a piece, in order; none when the content has at most one piece
  public static Optional<PieceLayer> verified(ContentId content, byte[] hashes) {
    Pieces pieces = content.pieces();
    if (pieces.count() <= 1) {
      return hashes.length == 0
          ? Optional.of(new PieceLayer(content, content.root().bytes()))
          : Optional.empty();
    }
    if (hashes.length != (long) pieces.count() * Root.BYTES
        || !rootOf(pieces, hashes).equals(content.root())) {
      return Optional.empty();
    }
    return Optional.of(new PieceLayer(content, hashes.clone()));
  }

  /// Builds content id and layer from the hashes of all pieces, hashed here.
  ///
  /// @param hashes 32 bytes a piece, in order; belongs to the layer from here on
  public static PieceLayer of(Pieces pieces, byte[] hashes) {
    Root root =
        switch (pieces.count()) {
          case 0 -> Root.ZERO;
          case 1 -> Root.of(hashes);
          default -> rootOf(pieces, hashes);
        };
    return new PieceLayer(new ContentId(root, pieces.size()), hashes);
  }

  private static Root rootOf(Pieces pieces, byte[] hashes) {
    int height = pieces.pieceHeight();
    int top = height + Integer.SIZE - Integer.numberOfLeadingZeros(pieces.count() - 1);
    byte[] scratch = Arrays.copyOf(hashes, hashes.length + Root.BYTES);
    return new MerkleTree().reduce(scratch, pieces.count(), height, top);
  }

  public ContentId content() {
    return content;
  }

  /// What {@link PieceHasher} must find for a piece.
  public Root hash(int piece) {
    Objects.checkIndex(piece, content.pieces().count());
    return Root.at(hashes, piece * Root.BYTES);
  }

  /// The hashes as they travel and as {@link #verified} takes them.
  public byte[] bytes() {
    return content.pieces().count() <= 1 ? new byte[0] : hashes.clone();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PieceLayer that
        && content.equals(that.content)
        && Arrays.equals(hashes, that.hashes);
  }

  @Override
  public int hashCode() {
    return content.hashCode();
  }

  @Override
  public String toString() {
    return "pieces of " + content;
  }
}
