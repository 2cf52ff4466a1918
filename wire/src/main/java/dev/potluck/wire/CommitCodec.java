package dev.potluck.wire;

import dev.potluck.content.Version;
import dev.potluck.directory.Refusal;
import dev.potluck.directory.Verdict;
import dev.potluck.wire.v1.CommitReply;
import java.util.List;

/// What came of a commit, to protobuf and back.
@SuppressWarnings("EnumOrdinal") // the numbers are the protocol: constants are only appended
final class CommitCodec {
  private CommitCodec() {}

  static CommitReply message(CommitOutcome outcome) {
    return switch (outcome) {
      case CommitOutcome.Committed(List<Version> versions, long revision) ->
          CommitReply.newBuilder()
              .addAllVersions(versions.stream().map(ValueCodec::message).toList())
              .setRevision(revision)
              .build();
      case CommitOutcome.Refused(Refusal refusal, String why, List<Verdict> conflicts) ->
          CommitReply.newBuilder()
              .setRefusal(1 + refusal.ordinal())
              .setWhy(why)
              .addAllConflicts(conflicts.stream().map(FactCodec::message).toList())
              .build();
    };
  }

  static CommitOutcome of(CommitReply reply) {
    int max = WireLimits.EDITS_PER_CALL;
    if (reply.getRefusal() == 0) {
      List<Version> versions = ValueCodec.list(reply.getVersionsList(), max, ValueCodec::of);
      return new CommitOutcome.Committed(versions, reply.getRevision());
    }
    return new CommitOutcome.Refused(
        ValueCodec.constant(Refusal.values(), reply.getRefusal() - 1),
        ValueCodec.text(reply.getWhy(), WireLimits.WHY_BYTES),
        ValueCodec.list(reply.getConflictsList(), max, FactCodec::of));
  }
}
