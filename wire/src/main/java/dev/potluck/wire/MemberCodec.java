package dev.potluck.wire;

import dev.potluck.directory.Endpoint;
import dev.potluck.directory.Found;
import dev.potluck.directory.Holder;
import dev.potluck.directory.Listed;
import dev.potluck.directory.Member;
import dev.potluck.directory.MemberState;
import dev.potluck.directory.PeerId;
import dev.potluck.wire.v1.EndpointMessage;
import dev.potluck.wire.v1.FindReply;
import dev.potluck.wire.v1.HolderMessage;
import dev.potluck.wire.v1.ListedMessage;
import dev.potluck.wire.v1.MemberMessage;
import java.util.List;
import java.util.Optional;

/// Members, holders and what lists them to protobuf and back, with the checks of {@link
/// ValueCodec}; also as bytes, for those who keep them.
@SuppressWarnings("EnumOrdinal") // the numbers are the protocol: constants are only appended
public final class MemberCodec {
  private static final int HOLDERS_MAX = 100_000;

  private MemberCodec() {}

  public static byte[] encode(Member member) {
    return message(member).toByteArray();
  }

  /// @throws dev.potluck.content.UsageException if the bytes are no member
  public static Member decode(byte[] bytes) {
    return of(Parsing.of(MemberMessage.parser(), bytes));
  }

  static MemberMessage message(Member member) {
    MemberMessage.Builder message =
        MemberMessage.newBuilder()
            .setPeer(member.id().text())
            .setName(member.name())
            .setState(member.state().ordinal())
            .setFiles(member.files())
            .setBytes(member.bytes())
            .setLoad(ValueCodec.message(member.load()));
    member.control().map(ValueCodec::message).ifPresent(message::setControl);
    member.bulk().map(ValueCodec::message).ifPresent(message::setBulk);
    return message.build();
  }

  static Member of(MemberMessage message) {
    return new Member(
        PeerId.of(message.getPeer()),
        ValueCodec.text(message.getName(), WireLimits.PEER_NAME_BYTES),
        ValueCodec.constant(MemberState.values(), message.getState()),
        optional(message.hasControl(), message.getControl()),
        optional(message.hasBulk(), message.getBulk()),
        message.getFiles(),
        message.getBytes(),
        ValueCodec.of(message.getLoad()));
  }

  private static Optional<Endpoint> optional(boolean present, EndpointMessage message) {
    return present ? Optional.of(ValueCodec.of(message)) : Optional.empty();
  }

  static HolderMessage message(Holder holder) {
    return HolderMessage.newBuilder()
        .setPeer(holder.peer().text())
        .setName(holder.name())
        .setControl(ValueCodec.message(holder.control()))
        .setBulk(ValueCodec.message(holder.bulk()))
        .setReason(holder.reason().ordinal())
        .setWhole(holder.whole())
        .setLoad(ValueCodec.message(holder.load()))
        .build();
  }

  static Holder of(HolderMessage message) {
    return new Holder(
        PeerId.of(message.getPeer()),
        ValueCodec.text(message.getName(), WireLimits.PEER_NAME_BYTES),
        ValueCodec.of(message.getControl()),
        ValueCodec.of(message.getBulk()),
        ValueCodec.reason(message.getReason()),
        message.getWhole(),
        ValueCodec.of(message.getLoad()));
  }

  static FindReply message(Found found) {
    return FindReply.newBuilder()
        .setEntry(ValueCodec.message(found.entry()))
        .addAllHolders(found.holders().stream().map(MemberCodec::message).toList())
        .setLearning(found.learning())
        .build();
  }

  static Found of(FindReply message) {
    List<Holder> holders = ValueCodec.list(message.getHoldersList(), HOLDERS_MAX, MemberCodec::of);
    return new Found(ValueCodec.of(message.getEntry()), holders, message.getLearning());
  }

  static ListedMessage message(Listed listed) {
    return ListedMessage.newBuilder()
        .setEntry(ValueCodec.message(listed.entry()))
        .addAllHolders(listed.holderNames())
        .build();
  }

  static Listed of(ListedMessage message) {
    List<String> holders =
        ValueCodec.list(
            message.getHoldersList(),
            HOLDERS_MAX,
            name -> ValueCodec.text(name, WireLimits.PEER_NAME_BYTES));
    return new Listed(ValueCodec.of(message.getEntry()), holders);
  }
}
