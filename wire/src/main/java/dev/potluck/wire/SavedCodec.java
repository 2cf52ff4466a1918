package dev.potluck.wire;

import dev.potluck.content.UsageException;
import dev.potluck.directory.Contact;
import dev.potluck.directory.Entry;
import dev.potluck.directory.NameLock;
import dev.potluck.directory.PeerId;
import dev.potluck.directory.Policy;
import dev.potluck.directory.Saved;
import dev.potluck.wire.v1.ForgottenMessage;
import dev.potluck.wire.v1.JoinedMessage;
import dev.potluck.wire.v1.NamedMessage;
import dev.potluck.wire.v1.PartyMessage;
import dev.potluck.wire.v1.RedeemMessage;
import dev.potluck.wire.v1.SavedMessage;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/// The items of a directory's snapshot as bytes.
@SuppressWarnings("EnumOrdinal") // the numbers are the protocol: constants are only appended
public final class SavedCodec {
  private SavedCodec() {}

  /// Writes all items, each behind its length of four bytes.
  public static void write(Iterator<Saved> items, OutputStream out) throws IOException {
    DataOutputStream data = new DataOutputStream(out);
    while (items.hasNext()) {
      byte[] item = encode(items.next());
      data.writeInt(item.length);
      data.write(item);
    }
    data.flush();
  }

  /// Reads what {@link #write} wrote, item by item.
  ///
  /// @return throws {@link UncheckedIOException} when the file can't be read, or is cut off
  public static Iterator<Saved> read(InputStream in) {
    DataInputStream data = new DataInputStream(in);
    return new Iterator<>() {
      private byte @Nullable [] next = readOne(data);

      @Override
      public boolean hasNext() {
        return next != null;
      }

      @Override
      public Saved next() {
        byte[] item = next;
        if (item == null) {
          throw new NoSuchElementException();
        }
        next = readOne(data);
        return decode(item);
      }
    };
  }

  private static byte @Nullable [] readOne(DataInputStream data) {
    try {
      int first = data.read();
      if (first < 0) {
        return null;
      }
      int length =
          first << 24
              | data.readUnsignedByte() << 16
              | data.readUnsignedByte() << 8
              | data.readUnsignedByte();
      if (length < 0 || length > WireLimits.MESSAGE_BYTES) {
        throw new IOException("an item of " + length + " bytes");
      }
      byte[] item = new byte[length];
      data.readFully(item);
      return item;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static byte[] encode(Saved saved) {
    SavedMessage.Builder message = SavedMessage.newBuilder();
    switch (saved) {
      case Saved.Party(long incarnation, long revision) ->
          message.setParty(
              PartyMessage.newBuilder().setIncarnation(incarnation).setRevision(revision));
      case Saved.Ancestor(long incarnation, long revision) ->
          message.setAncestor(ValueCodec.message(new Contact(incarnation, revision)));
      case Saved.Forgotten forgotten -> message.setForgotten(message(forgotten));
      case Saved.Joined(PeerId peer, String wished, String granted, Saved.Standing standing) ->
          message.setJoined(
              JoinedMessage.newBuilder()
                  .setPeer(peer.text())
                  .setWishedName(wished)
                  .setGrantedName(granted)
                  .setStanding(standing.ordinal()));
      case Saved.Denied(PeerId peer) -> message.setDenied(peer.text());
      case Saved.Used(String ticketId, Instant expires, PeerId peer) ->
          message.setUsed(CommandCodec.redeem(ticketId, expires, peer));
      case Saved.Tokens(long last) -> message.setLastToken(last);
      case Saved.Locked(NameLock lock) -> message.setLocked(LockCodec.message(lock));
      case Saved.Past(Entry entry) -> message.setPast(ValueCodec.message(entry));
      case Saved.Named(Entry entry, Policy policy) ->
          message.setNamed(
              NamedMessage.newBuilder()
                  .setEntry(ValueCodec.message(entry))
                  .setPolicy(policy.equals(Policy.NONE) ? "" : policy.toString()));
    }
    return message.build().toByteArray();
  }

  @SuppressWarnings("JavaInstantGetSecondsGetNano") // the seconds are beside it
  private static ForgottenMessage message(Saved.Forgotten forgotten) {
    return ForgottenMessage.newBuilder()
        .setUntilSeconds(forgotten.until().getEpochSecond())
        .setUntilNanos(forgotten.until().getNano())
        .setRevision(forgotten.revision())
        .setNumber(forgotten.number())
        .build();
  }

  private static Saved.Forgotten of(ForgottenMessage message) {
    Instant until = Instant.ofEpochSecond(message.getUntilSeconds(), message.getUntilNanos());
    return new Saved.Forgotten(until, message.getRevision(), message.getNumber());
  }

  /// @throws UsageException if the bytes are no item of a snapshot
  public static Saved decode(byte[] bytes) {
    SavedMessage message = Parsing.of(SavedMessage.parser(), bytes);
    return switch (message.getSavedCase()) {
      case PARTY ->
          new Saved.Party(message.getParty().getIncarnation(), message.getParty().getRevision());
      case ANCESTOR ->
          new Saved.Ancestor(
              message.getAncestor().getIncarnation(), message.getAncestor().getRevision());
      case FORGOTTEN -> of(message.getForgotten());
      case JOINED -> {
        JoinedMessage joined = message.getJoined();
        yield new Saved.Joined(
            PeerId.of(joined.getPeer()),
            joined.getWishedName(),
            joined.getGrantedName(),
            ValueCodec.constant(Saved.Standing.values(), joined.getStanding()));
      }
      case DENIED -> new Saved.Denied(PeerId.of(message.getDenied()));
      case USED -> {
        RedeemMessage used = message.getUsed();
        yield new Saved.Used(
            used.getTicketId(),
            Instant.ofEpochSecond(used.getExpiresSeconds()),
            PeerId.of(used.getPeer()));
      }
      case LAST_TOKEN -> new Saved.Tokens(message.getLastToken());
      case LOCKED -> new Saved.Locked(LockCodec.of(message.getLocked()));
      case PAST -> new Saved.Past(ValueCodec.of(message.getPast()));
      case NAMED -> {
        String policy = message.getNamed().getPolicy();
        yield new Saved.Named(
            ValueCodec.of(message.getNamed().getEntry()),
            policy.isEmpty() ? Policy.NONE : Policy.parse(policy));
      }
      case SAVED_NOT_SET -> throw new UsageException("an unknown item");
    };
  }
}
