package dev.potluck.wire;

import dev.potluck.content.Name;
import dev.potluck.directory.HeldLock;
import dev.potluck.directory.PeerId;
import dev.potluck.directory.WriteLock;
import dev.potluck.wire.v1.HeldLockMessage;
import dev.potluck.wire.v1.WriteLockMessage;

/// Locks to protobuf and back.
final class LockCodec {
  private LockCodec() {}

  static WriteLockMessage message(WriteLock lock) {
    return WriteLockMessage.newBuilder()
        .setName(lock.name().value())
        .setOwner(lock.owner().text())
        .setToken(lock.token())
        .build();
  }

  static WriteLock of(WriteLockMessage message) {
    return new WriteLock(
        Name.of(message.getName()), PeerId.of(message.getOwner()), message.getToken());
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
}
