package dev.potluck.wire;

import dev.potluck.directory.Announcement;
import dev.potluck.directory.Changes;
import dev.potluck.directory.FactDigest;
import dev.potluck.directory.Hello;
import dev.potluck.directory.Leases;
import dev.potluck.directory.Welcome;
import dev.potluck.wire.v1.AnnouncementMessage;
import dev.potluck.wire.v1.ChangesMessage;
import dev.potluck.wire.v1.HeartbeatMessage;
import dev.potluck.wire.v1.HelloMessage;
import dev.potluck.wire.v1.WelcomeMessage;
import java.time.Duration;

/// What is said in sessions and watches, to protobuf and back, with the checks of {@link
/// ValueCodec}.
final class SessionCodec {
  private static final long MILLIS_MAX = Duration.ofDays(1).toMillis();
  private static final long MEMORY_MILLIS_MAX = Leases.LONGEST_MEMORY.toMillis();

  private SessionCodec() {}

  static HelloMessage message(Hello hello) {
    return HelloMessage.newBuilder()
        .setName(hello.name())
        .setControl(ValueCodec.message(hello.control()))
        .setBulk(ValueCodec.message(hello.bulk()))
        .setContact(ValueCodec.message(hello.contact()))
        .build();
  }

  static Hello of(HelloMessage message) {
    return new Hello(
        ValueCodec.text(message.getName(), WireLimits.PEER_NAME_BYTES),
        ValueCodec.of(message.getControl()),
        ValueCodec.of(message.getBulk()),
        ValueCodec.of(message.getContact()));
  }

  static AnnouncementMessage message(Announcement announcement) {
    if (announcement.facts().size() > WireLimits.FACTS_PER_MESSAGE) {
      throw new IllegalArgumentException(announcement.facts().size() + " facts in one message");
    }
    return AnnouncementMessage.newBuilder()
        .setSequence(announcement.sequence())
        .setStarts(announcement.starts())
        .setEnds(announcement.ends())
        .addAllFacts(announcement.facts().stream().map(FactCodec::message).toList())
        .build();
  }

  static Announcement of(AnnouncementMessage message) {
    return new Announcement(
        message.getSequence(),
        message.getStarts(),
        message.getEnds(),
        ValueCodec.list(message.getFactsList(), WireLimits.FACTS_PER_MESSAGE, FactCodec::of));
  }

  static HeartbeatMessage message(Heartbeat heartbeat) {
    return HeartbeatMessage.newBuilder()
        .setUploads(heartbeat.load().uploads())
        .setDownloads(heartbeat.load().downloads())
        .setSum(heartbeat.held().sum())
        .setCount(heartbeat.held().count())
        .build();
  }

  static Heartbeat of(HeartbeatMessage message) {
    return new Heartbeat(
        ValueCodec.load(message.getUploads(), message.getDownloads()),
        new FactDigest(message.getSum(), message.getCount()));
  }

  static WelcomeMessage message(Welcome welcome) {
    return WelcomeMessage.newBuilder()
        .setName(welcome.name())
        .setIncarnation(welcome.incarnation())
        .setLeaseMillis(welcome.lease().toMillis())
        .setRefreshMillis(welcome.refresh().toMillis())
        .setMemoryMillis(welcome.memory().toMillis())
        .setLearning(welcome.learning())
        .setHeldSum(welcome.held().sum())
        .setHeldCount(welcome.held().count())
        .build();
  }

  static Welcome of(WelcomeMessage message) {
    return new Welcome(
        ValueCodec.text(message.getName(), WireLimits.PEER_NAME_BYTES),
        message.getIncarnation(),
        millis(message.getLeaseMillis()),
        millis(message.getRefreshMillis()),
        Duration.ofMillis(Math.clamp(message.getMemoryMillis(), 1, MEMORY_MILLIS_MAX)),
        message.getLearning(),
        new FactDigest(message.getHeldSum(), message.getHeldCount()));
  }

  private static Duration millis(long millis) {
    return Duration.ofMillis(Math.clamp(millis, 1, MILLIS_MAX));
  }

  static ChangesMessage message(Changes changes) {
    return ChangesMessage.newBuilder()
        .setRevision(changes.revision())
        .setSnapshot(changes.snapshot())
        .addAllEntries(changes.entries().stream().map(ValueCodec::message).toList())
        .setLast(changes.last())
        .build();
  }

  static Changes of(ChangesMessage message) {
    return new Changes(
        message.getRevision(),
        message.getSnapshot(),
        ValueCodec.list(message.getEntriesList(), WireLimits.FACTS_PER_MESSAGE, ValueCodec::of),
        message.getLast());
  }
}
