package dev.potluck.wire;

import dev.potluck.content.Name;
import dev.potluck.content.UsageException;
import dev.potluck.directory.Fact;
import dev.potluck.directory.Verdict;
import dev.potluck.wire.v1.EditedMessage;
import dev.potluck.wire.v1.FactMessage;
import dev.potluck.wire.v1.GaveUpMessage;
import dev.potluck.wire.v1.HoldsMessage;
import dev.potluck.wire.v1.VerdictMessage;

/// Facts and verdicts to protobuf and back, with the checks of {@link ValueCodec}.
@SuppressWarnings("EnumOrdinal") // the numbers are the protocol: constants are only appended
final class FactCodec {
  private static final int CURRENT = 0;
  private static final int STALE = 1;
  private static final int BURIED = 2;
  private static final int CONFLICT = 3;
  private static final int REJECTED = 4;
  private static final int FORGOTTEN = 5;

  private FactCodec() {}

  static FactMessage message(Fact fact) {
    FactMessage.Builder message = FactMessage.newBuilder();
    switch (fact) {
      case Fact.Holds holds ->
          message.setHolds(
              HoldsMessage.newBuilder()
                  .setName(holds.name().value())
                  .setVersion(ValueCodec.message(holds.version()))
                  .setReason(holds.reason().ordinal())
                  .setWhole(holds.whole()));
      case Fact.Edited edited -> message.setEdited(message(edited));
      case Fact.GaveUp gaveUp ->
          message.setGaveUp(
              GaveUpMessage.newBuilder()
                  .setName(gaveUp.name().value())
                  .setVersion(gaveUp.version())
                  .setByUser(gaveUp.byUser()));
      case Fact.Known known -> message.setKnown(ValueCodec.message(known.entry()));
    }
    return message.build();
  }

  static EditedMessage message(Fact.Edited edited) {
    return EditedMessage.newBuilder()
        .setName(edited.name().value())
        .setBase(edited.base())
        .setVersion(ValueCodec.message(edited.version()))
        .setReason(edited.reason().ordinal())
        .setToken(edited.token())
        .setAgain(edited.again())
        .build();
  }

  static Fact of(FactMessage message) {
    return switch (message.getFactCase()) {
      case HOLDS -> {
        HoldsMessage holds = message.getHolds();
        yield new Fact.Holds(
            Name.of(holds.getName()),
            ValueCodec.of(holds.getVersion()),
            ValueCodec.reason(holds.getReason()),
            holds.getWhole());
      }
      case EDITED -> of(message.getEdited());
      case GAVE_UP ->
          new Fact.GaveUp(
              Name.of(message.getGaveUp().getName()),
              message.getGaveUp().getVersion(),
              message.getGaveUp().getByUser());
      case KNOWN -> new Fact.Known(ValueCodec.of(message.getKnown()));
      case FACT_NOT_SET -> throw new UsageException("an unknown fact");
    };
  }

  static Fact.Edited of(EditedMessage message) {
    return new Fact.Edited(
        Name.of(message.getName()),
        message.getBase(),
        ValueCodec.of(message.getVersion()),
        ValueCodec.reason(message.getReason()),
        message.getToken(),
        message.getAgain());
  }

  static VerdictMessage message(Verdict verdict) {
    VerdictMessage.Builder message = VerdictMessage.newBuilder().setName(verdict.name().value());
    return switch (verdict) {
      case Verdict.Current current ->
          message.setKind(CURRENT).setVersion(ValueCodec.message(current.version())).build();
      case Verdict.Stale stale ->
          message.setKind(STALE).setEntry(ValueCodec.message(stale.current())).build();
      case Verdict.Buried buried ->
          message.setKind(BURIED).setEntry(ValueCodec.message(buried.tombstone())).build();
      case Verdict.Conflict conflict ->
          message
              .setKind(CONFLICT)
              .setEntry(ValueCodec.message(conflict.current()))
              .setKeepAs(conflict.keepAs().value())
              .build();
      case Verdict.Forgotten _ -> message.setKind(FORGOTTEN).build();
      case Verdict.Rejected rejected -> message.setKind(REJECTED).setWhy(rejected.why()).build();
    };
  }

  static Verdict of(VerdictMessage message) {
    Name name = Name.of(message.getName());
    return switch (message.getKind()) {
      case CURRENT -> new Verdict.Current(name, ValueCodec.of(message.getVersion()));
      case STALE -> new Verdict.Stale(name, ValueCodec.of(message.getEntry()));
      case BURIED -> new Verdict.Buried(name, ValueCodec.of(message.getEntry()));
      case CONFLICT ->
          new Verdict.Conflict(
              name, ValueCodec.of(message.getEntry()), Name.of(message.getKeepAs()));
      case FORGOTTEN -> new Verdict.Forgotten(name);
      case REJECTED ->
          new Verdict.Rejected(name, ValueCodec.text(message.getWhy(), WireLimits.WHY_BYTES));
      default -> throw new UsageException("an unknown verdict");
    };
  }
}
