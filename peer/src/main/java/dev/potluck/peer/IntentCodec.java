package dev.potluck.peer;

import dev.potluck.content.ContentId;
import dev.potluck.content.Name;
import dev.potluck.content.Root;
import dev.potluck.content.Version;
import dev.potluck.directory.Reason;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Intents as one blob: ten thousand of them cost the database one row.
final class IntentCodec {
  private static final int RACY = 1;
  private static final int OVERLAID = 2;
  private static final int ATTRIBUTES_EDITED = 4;

  private IntentCodec() {}

  static byte[] encoded(List<Intent> intents) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(intents.size() * 200);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(intents.size());
      for (Intent intent : intents) {
        write(out, intent.record());
        out.writeUTF(intent.from());
        out.writeUTF(intent.trashId());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e); // Memory does not fail.
    }
    return bytes.toByteArray();
  }

  static List<Intent> decoded(byte[] batch) throws IOException {
    List<Intent> intents = new ArrayList<>();
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(batch))) {
      for (int left = in.readInt(); left > 0; left--) {
        intents.add(new Intent(read(in), in.readUTF(), in.readUTF()));
      }
    }
    return intents;
  }

  private static void write(DataOutputStream out, FileRecord record) throws IOException {
    out.writeUTF(record.path());
    out.writeUTF(record.name().value());
    out.writeLong(record.identity().inode());
    out.writeLong(record.identity().size());
    out.writeLong(record.identity().mtimeNs());
    out.writeLong(record.identity().ctimeNs());
    write(out, record.content());
    out.writeLong(record.base());
    ContentId base = record.baseContent();
    out.writeBoolean(base != null);
    if (base != null) {
      write(out, base);
    }
    out.writeUTF(record.reason().name());
    out.writeInt(FileStat.modeOf(record.kind(), record.mode()));
    Overlay overlay = record.overlay();
    out.writeByte(
        (record.racy() ? RACY : 0)
            | (overlay == null ? 0 : OVERLAID)
            | (record.attributesEdited() ? ATTRIBUTES_EDITED : 0));
    if (overlay != null) {
      byte[] encoded = overlay.encoded();
      out.writeInt(encoded.length);
      out.write(encoded);
    }
  }

  private static FileRecord read(DataInputStream in) throws IOException {
    String path = in.readUTF();
    Name name = Name.of(in.readUTF());
    FileIdentity identity =
        new FileIdentity(in.readLong(), in.readLong(), in.readLong(), in.readLong());
    ContentId content = readContent(in);
    long base = in.readLong();
    ContentId baseContent = readBase(in);
    Reason reason = Reason.valueOf(in.readUTF());
    int statMode = in.readInt();
    int flags = in.readByte();
    Overlay overlay = (flags & OVERLAID) == 0 ? null : Overlay.decoded(in.readNBytes(in.readInt()));
    return new FileRecord(
        path,
        name,
        new FileRecord.OnDisk(identity, statMode & Version.MODE_MASK, (flags & RACY) != 0, overlay),
        new FileRecord.Standing(
            FileStat.kindOf(statMode),
            content,
            base,
            baseContent,
            reason,
            (flags & ATTRIBUTES_EDITED) != 0));
  }

  private static @Nullable ContentId readBase(DataInputStream in) throws IOException {
    return in.readBoolean() ? readContent(in) : null;
  }

  private static void write(DataOutputStream out, ContentId content) throws IOException {
    out.write(content.root().bytes());
    out.writeLong(content.size());
  }

  private static ContentId readContent(DataInputStream in) throws IOException {
    byte[] root = in.readNBytes(Root.BYTES);
    return new ContentId(Root.of(root), in.readLong());
  }
}
