package dev.potluck.wire;

import dev.potluck.content.Name;
import dev.potluck.directory.HeldLock;
import dev.potluck.directory.LockMode;
import dev.potluck.directory.NameLock;
import dev.potluck.directory.PeerId;
import dev.potluck.wire.v1.HeldLockMessage;
import dev.potluck.wire.v1.LockReply;
import dev.potluck.wire.v1.NameLockMessage;

/// Locks to protobuf and back.
final class LockCodec {
  private LockCodec() {}

  static NameLockMessage message(NameLock lock) {
    return NameLockMessage.newBuilder()
        .setName(lock.name().value())
        .setOwner(lock.owner().text())
        .setShared(lock.mode() == LockMode.SHARED)
        .setToken(lock.token())
        .build();
  }

  static LockMode mode(boolean shared) {
    return shared ? LockMode.SHARED : LockMode.EXCLUSIVE;
  }

  static NameLock of(NameLockMessage message) {
    return new NameLock(
        Name.of(message.getName()),
        PeerId.of(message.getOwner()),
        mode(message.getShared()),
        message.getToken());
  }

  static HeldLockMessage message(HeldLock held) {
    return HeldLockMessage.newBuilder()
        .setLock(message(held.lock()))
        .setHolder(held.holder())
        .build();
  }

  static HeldLock of(HeldLockMessage message) {
    return new HeldLock(
        of(message.getLock()), ValueCodec.text(message.getHolder(), WireLimits.PEER_NAME_BYTES));
  }

  static LockReply message(Granted granted) {
    return LockReply.newBuilder()
        .setHeld(message(granted.held()))
        .setIncarnation(granted.incarnation())
        .setRevision(granted.revision())
        .build();
  }

  static Granted of(LockReply reply) {
    return new Granted(of(reply.getHeld()), reply.getIncarnation(), reply.getRevision());
  }
}
