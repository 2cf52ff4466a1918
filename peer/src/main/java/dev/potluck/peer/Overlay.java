package dev.potluck.peer;

import dev.potluck.content.ContentId;
import dev.potluck.content.Root;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/// What was written over a file of the share that still is as it was: both together are the edit,
/// until that is a file of its own.
///
/// @param base the content of the file beneath; all of it shows where nothing was written
/// @param mtimeNs when the edit was made
/// @param log where the bytes lie that were written, relative to the share
record Overlay(ContentId base, long mtimeNs, String log, Extents extents) {
  /// Where the logs lie.
  static final String FOLDER = ".potluck/overlays";

  Overlay withMtime(long value) {
    return new Overlay(base, value, log, extents);
  }

  byte[] encoded() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(200 + 24 * extents.count());
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.write(base.root().bytes());
      out.writeLong(base.size());
      out.writeLong(mtimeNs);
      out.writeUTF(log);
      out.writeInt(extents.count());
      for (Extents.Extent extent : extents.inOrder()) {
        out.writeLong(extent.from());
        out.writeLong(extent.to());
        out.writeLong(extent.at());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e); // Memory does not fail.
    }
    return bytes.toByteArray();
  }

  static Overlay decoded(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      ContentId base = new ContentId(Root.of(in.readNBytes(Root.BYTES)), in.readLong());
      long mtimeNs = in.readLong();
      String log = in.readUTF();
      List<Extents.Extent> extents = new ArrayList<>();
      for (int left = in.readInt(); left > 0; left--) {
        extents.add(new Extents.Extent(in.readLong(), in.readLong(), in.readLong()));
      }
      return new Overlay(base, mtimeNs, log, new Extents(extents));
    } catch (IOException e) {
      throw new UncheckedIOException("what was written over a file is not known any more", e);
    }
  }
}
