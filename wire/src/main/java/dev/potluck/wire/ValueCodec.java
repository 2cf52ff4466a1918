package dev.potluck.wire;

import com.google.protobuf.ByteString;
import dev.potluck.content.ContentId;
import dev.potluck.content.Kind;
import dev.potluck.content.Name;
import dev.potluck.content.Root;
import dev.potluck.content.UsageException;
import dev.potluck.content.Version;
import dev.potluck.directory.Contact;
import dev.potluck.directory.Endpoint;
import dev.potluck.directory.Entry;
import dev.potluck.directory.Load;
import dev.potluck.directory.Reason;
import dev.potluck.wire.v1.ContactMessage;
import dev.potluck.wire.v1.ContentIdMessage;
import dev.potluck.wire.v1.EndpointMessage;
import dev.potluck.wire.v1.EntryMessage;
import dev.potluck.wire.v1.LoadMessage;
import dev.potluck.wire.v1.VersionMessage;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;

/// Values to protobuf and back. What comes in is checked: a message that is out of bounds throws
/// {@link UsageException} (or `IllegalArgumentException` from a value's own checks), and none of
/// its values exists.
@SuppressWarnings("EnumOrdinal") // the numbers are the protocol: constants are only appended
final class ValueCodec {
  private static final int LOAD_MAX = 1_000_000;

  private ValueCodec() {}

  static ContentIdMessage message(ContentId id) {
    return ContentIdMessage.newBuilder().setRoot(root(id)).setSize(id.size()).build();
  }

  static ContentId of(ContentIdMessage message) {
    return contentId(message.getRoot(), message.getSize());
  }

  private static ByteString root(ContentId id) {
    return id.root().equals(Root.ZERO) ? ByteString.EMPTY : ByteString.copyFrom(id.root().bytes());
  }

  private static ContentId contentId(ByteString root, long size) {
    return new ContentId(root.isEmpty() ? Root.ZERO : Root.of(root.toByteArray()), size);
  }

  @SuppressWarnings("JavaInstantGetSecondsGetNano") // the seconds are beside it
  static VersionMessage message(Version version) {
    return VersionMessage.newBuilder()
        .setNumber(version.number())
        .setKind(version.kind().ordinal())
        .setRoot(root(version.content()))
        .setSize(version.content().size())
        .setMtimeSeconds(version.mtime().getEpochSecond())
        .setMtimeNanos(version.mtime().getNano())
        .setMode(version.mode())
        .build();
  }

  static Version of(VersionMessage message) {
    Instant mtime;
    try {
      mtime = Instant.ofEpochSecond(message.getMtimeSeconds(), nanos(message.getMtimeNanos()));
    } catch (DateTimeException e) {
      throw new UsageException("a time out of range", e);
    }
    return new Version(
        message.getNumber(),
        constant(Kind.values(), message.getKind()),
        contentId(message.getRoot(), message.getSize()),
        mtime,
        message.getMode() & Version.MODE_MASK);
  }

  private static long nanos(int nanos) {
    if (nanos < 0 || nanos > 999_999_999) {
      throw new UsageException("nanoseconds out of range");
    }
    return nanos;
  }

  static EntryMessage message(Entry entry) {
    return EntryMessage.newBuilder()
        .setName(entry.name().value())
        .setVersion(message(entry.version()))
        .setDeleted(entry.deleted())
        .setRevision(entry.revision())
        .build();
  }

  static Entry of(EntryMessage message) {
    return new Entry(
        Name.of(message.getName()),
        of(message.getVersion()),
        message.getDeleted(),
        message.getRevision());
  }

  static EndpointMessage message(Endpoint endpoint) {
    return EndpointMessage.newBuilder().setHost(endpoint.host()).setPort(endpoint.port()).build();
  }

  static Endpoint of(EndpointMessage message) {
    return new Endpoint(message.getHost(), message.getPort());
  }

  static ContactMessage message(Contact contact) {
    return ContactMessage.newBuilder()
        .setIncarnation(contact.incarnation())
        .setRevision(contact.revision())
        .build();
  }

  static Contact of(ContactMessage message) {
    return new Contact(message.getIncarnation(), message.getRevision());
  }

  static LoadMessage message(Load load) {
    return LoadMessage.newBuilder()
        .setUploads(load.uploads())
        .setDownloads(load.downloads())
        .build();
  }

  static Load of(LoadMessage message) {
    return load(message.getUploads(), message.getDownloads());
  }

  /// How busy a peer is, is its own word: what no machine can do counts as the most, and sums with
  /// it stay in range.
  static Load load(int uploads, int downloads) {
    return new Load(Math.clamp(uploads, 0, LOAD_MAX), Math.clamp(downloads, 0, LOAD_MAX));
  }

  static Reason reason(int code) {
    return constant(Reason.values(), code);
  }

  /// The constant with that number. Numbers are protocol: constants are only ever appended.
  static <T> T constant(T[] constants, int code) {
    if (code < 0 || code >= constants.length) {
      throw new UsageException("an unknown code: " + code);
    }
    return constants[code];
  }

  /// Converts a list that may have so many elements.
  static <M, T> List<T> list(List<M> messages, int max, Function<M, T> of) {
    if (messages.size() > max) {
      throw new UsageException("a list of " + messages.size() + ", more than " + max);
    }
    return messages.stream().map(of).toList();
  }

  static String text(String text, int maxBytes) {
    WireLimits.checkText(text, maxBytes, "text");
    return text;
  }
}
