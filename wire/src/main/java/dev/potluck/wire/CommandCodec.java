package dev.potluck.wire;

import dev.potluck.content.Name;
import dev.potluck.content.UsageException;
import dev.potluck.directory.Command;
import dev.potluck.directory.Contact;
import dev.potluck.directory.Fact;
import dev.potluck.directory.LockMode;
import dev.potluck.directory.PeerId;
import dev.potluck.directory.Policy;
import dev.potluck.wire.v1.CommandMessage;
import dev.potluck.wire.v1.CommitMessage;
import dev.potluck.wire.v1.DeleteMessage;
import dev.potluck.wire.v1.EnlistMessage;
import dev.potluck.wire.v1.ExpireMessage;
import dev.potluck.wire.v1.ForgetMessage;
import dev.potluck.wire.v1.LearnMessage;
import dev.potluck.wire.v1.LogEntryMessage;
import dev.potluck.wire.v1.MoveMessage;
import dev.potluck.wire.v1.RedeemMessage;
import dev.potluck.wire.v1.SetPolicyMessage;
import dev.potluck.wire.v1.TakeLockMessage;
import dev.potluck.wire.v1.UnlockMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// Commands as bytes: the entries of a directory's log.
public final class CommandCodec {
  private CommandCodec() {}

  public static byte[] encode(LogEntry entry) {
    return LogEntryMessage.newBuilder()
        .setProposer(entry.proposer())
        .setFirst(entry.first())
        .setAtMillis(entry.at().toEpochMilli())
        .addAllCommands(entry.commands().stream().map(CommandCodec::message).toList())
        .build()
        .toByteArray();
  }

  /// @throws UsageException if the bytes are no entry
  public static LogEntry decodeEntry(byte[] bytes) {
    LogEntryMessage message = Parsing.of(LogEntryMessage.parser(), bytes);
    return new LogEntry(
        message.getProposer(),
        message.getFirst(),
        Instant.ofEpochMilli(message.getAtMillis()),
        message.getCommandsList().stream().map(CommandCodec::of).toList());
  }

  /// How long a command is in an entry, about.
  public static int sizeBytes(Command command) {
    return message(command).getSerializedSize();
  }

  public static byte[] encode(Command command) {
    return message(command).toByteArray();
  }

  private static CommandMessage message(Command command) {
    CommandMessage.Builder message = CommandMessage.newBuilder();
    switch (command) {
      case Command.Enlist(PeerId peer, String wished) ->
          message.setEnlist(EnlistMessage.newBuilder().setPeer(peer.text()).setWishedName(wished));
      case Command.Learn(PeerId by, List<Fact> facts, Contact contact) ->
          message.setLearn(
              LearnMessage.newBuilder()
                  .setBy(by.text())
                  .addAllFacts(facts.stream().map(FactCodec::message).toList())
                  .setContact(ValueCodec.message(contact)));
      case Command.Commit(PeerId by, List<Fact.Edited> edits) ->
          message.setCommit(
              CommitMessage.newBuilder()
                  .setBy(by.text())
                  .addAllEdits(edits.stream().map(FactCodec::message).toList()));
      case Command.Delete(PeerId by, List<Name> names) ->
          message.setDelete(
              DeleteMessage.newBuilder()
                  .setBy(by.text())
                  .addAllNames(names.stream().map(Name::value).toList()));
      case Command.Move(PeerId by, Name from, Name to) ->
          message.setMove(
              MoveMessage.newBuilder().setBy(by.text()).setFrom(from.value()).setTo(to.value()));
      case Command.Lock(PeerId by, Name name, LockMode mode) ->
          message.setLock(
              TakeLockMessage.newBuilder()
                  .setBy(by.text())
                  .setName(name.value())
                  .setShared(mode == LockMode.SHARED));
      case Command.Unlock(PeerId by, Name name, long token) ->
          message.setUnlock(
              UnlockMessage.newBuilder().setBy(by.text()).setName(name.value()).setToken(token));
      case Command.Share(PeerId by, Name name, long token) ->
          message.setShare(
              UnlockMessage.newBuilder().setBy(by.text()).setName(name.value()).setToken(token));
      case Command.Expire(List<Long> tokens) ->
          message.setExpire(ExpireMessage.newBuilder().addAllTokens(tokens));
      case Command.Forget(Duration after) ->
          message.setForget(ForgetMessage.newBuilder().setAfterMillis(after.toMillis()));
      case Command.SetPolicy(PeerId by, Name name, Policy policy) ->
          message.setSetPolicy(
              SetPolicyMessage.newBuilder()
                  .setBy(by.text())
                  .setName(name.value())
                  .setPolicy(policy.toString()));
      case Command.Redeem(String ticketId, Instant expires, PeerId peer) ->
          message.setRedeem(redeem(ticketId, expires, peer));
      case Command.Expel(PeerId peer) -> message.setExpel(peer.text());
      case Command.DeclareDead(PeerId peer) -> message.setDeclareDead(peer.text());
    }
    return message.build();
  }

  static RedeemMessage redeem(String ticketId, Instant expires, PeerId peer) {
    return RedeemMessage.newBuilder()
        .setTicketId(ticketId)
        .setExpiresSeconds(expires.getEpochSecond())
        .setPeer(peer.text())
        .build();
  }

  /// @throws UsageException if the bytes are no command
  public static Command decode(byte[] bytes) {
    return of(Parsing.of(CommandMessage.parser(), bytes));
  }

  private static Command of(CommandMessage message) {
    return switch (message.getCommandCase()) {
      case ENLIST ->
          new Command.Enlist(
              PeerId.of(message.getEnlist().getPeer()), message.getEnlist().getWishedName());
      case LEARN ->
          new Command.Learn(
              PeerId.of(message.getLearn().getBy()),
              message.getLearn().getFactsList().stream().map(FactCodec::of).toList(),
              ValueCodec.of(message.getLearn().getContact()));
      case COMMIT ->
          new Command.Commit(
              PeerId.of(message.getCommit().getBy()),
              message.getCommit().getEditsList().stream().map(FactCodec::of).toList());
      case DELETE ->
          new Command.Delete(
              PeerId.of(message.getDelete().getBy()),
              message.getDelete().getNamesList().stream().map(Name::of).toList());
      case MOVE ->
          new Command.Move(
              PeerId.of(message.getMove().getBy()),
              Name.of(message.getMove().getFrom()),
              Name.of(message.getMove().getTo()));
      case LOCK ->
          new Command.Lock(
              PeerId.of(message.getLock().getBy()),
              Name.of(message.getLock().getName()),
              LockCodec.mode(message.getLock().getShared()));
      case UNLOCK ->
          new Command.Unlock(
              PeerId.of(message.getUnlock().getBy()),
              Name.of(message.getUnlock().getName()),
              message.getUnlock().getToken());
      case SHARE ->
          new Command.Share(
              PeerId.of(message.getShare().getBy()),
              Name.of(message.getShare().getName()),
              message.getShare().getToken());
      case EXPIRE -> new Command.Expire(message.getExpire().getTokensList());
      case FORGET -> new Command.Forget(Duration.ofMillis(message.getForget().getAfterMillis()));
      case SET_POLICY ->
          new Command.SetPolicy(
              PeerId.of(message.getSetPolicy().getBy()),
              Name.of(message.getSetPolicy().getName()),
              Policy.parse(message.getSetPolicy().getPolicy()));
      case REDEEM ->
          new Command.Redeem(
              message.getRedeem().getTicketId(),
              Instant.ofEpochSecond(message.getRedeem().getExpiresSeconds()),
              PeerId.of(message.getRedeem().getPeer()));
      case EXPEL -> new Command.Expel(PeerId.of(message.getExpel()));
      case DECLARE_DEAD -> new Command.DeclareDead(PeerId.of(message.getDeclareDead()));
      case COMMAND_NOT_SET -> throw new UsageException("an unknown command");
    };
  }
}
