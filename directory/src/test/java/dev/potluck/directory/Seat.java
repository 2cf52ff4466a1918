package dev.potluck.directory;

import dev.potluck.content.ContentId;
import dev.potluck.content.Kind;
import dev.potluck.content.Name;
import dev.potluck.content.Root;
import dev.potluck.content.Version;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A tracker with its host, whose log is a list and whose clock is a field; and the words of tests.
final class Seat {
  static final Instant START = Instant.parse("2026-11-21T03:04:05Z");
  static final PeerId ANNA = PeerId.of("a".repeat(32));
  static final PeerId BEN = PeerId.of("b".repeat(32));
  static final PeerId CARL = PeerId.of("c".repeat(32));

  final Tracker tracker;
  final List<Command> log = new ArrayList<>();
  Instant now = START;

  private final Map<PeerId, Integer> sessions = new HashMap<>();
  private long sequence;

  private Seat(Directory directory, boolean returning) {
    tracker = new Tracker(directory, Leases.DEFAULT, START, returning);
  }

  static Seat fresh() {
    return new Seat(new Directory(1), false);
  }

  /// A tracker that was there before and has lost all but itself.
  static Seat amnesiac() {
    return amnesiac(2);
  }

  static Seat amnesiac(long incarnation) {
    return new Seat(new Directory(incarnation), true);
  }

  /// A tracker that was restarted with its hard state.
  Seat restarted() {
    Seat seat = new Seat(Directory.restored(tracker.directory().saved()), true);
    seat.now = now;
    return seat;
  }

  Started hello(PeerId peer) {
    return hello(peer, nameOf(peer));
  }

  Started hello(PeerId peer, String wish) {
    return hello(peer, wish, Contact.NONE);
  }

  Started hello(PeerId peer, String wish, Contact contact) {
    Hello newcomer =
        new Hello(wish, new Endpoint("10.0.0.1", 7420), new Endpoint("10.0.0.1", 7421));
    Hello hello = newcomer.after(contact);
    tracker.enlisting(peer, hello).ifPresent(this::commit);
    Started started = tracker.begin(peer, hello, now);
    sessions.put(peer, started.session());
    return started;
  }

  /// A peer says hello and all that it holds.
  List<Verdict> join(PeerId peer, Fact... facts) {
    hello(peer);
    return announceInFull(peer, facts);
  }

  /// The same of a peer that was away since then.
  List<Verdict> rejoin(PeerId peer, Contact contact, Fact... facts) {
    hello(peer, nameOf(peer), contact);
    return announceInFull(peer, facts);
  }

  /// What a peer that agrees with the directory now was in touch with.
  Contact contact() {
    return new Contact(tracker.directory().incarnation(), tracker.directory().revision());
  }

  List<Verdict> announceInFull(PeerId peer, Fact... facts) {
    return announce(peer, Announcement.full(++sequence, List.of(facts)));
  }

  List<Verdict> announce(PeerId peer, Fact... facts) {
    return announce(peer, Announcement.delta(++sequence, List.of(facts)));
  }

  List<Verdict> announce(PeerId peer, Announcement announcement) {
    Announced announced = tracker.announce(session(peer), announcement, now);
    List<Verdict> verdicts = new ArrayList<>(announced.verdicts());
    announced.proposal().ifPresent(proposal -> verdicts.addAll(committed(proposal)));
    return verdicts;
  }

  Result commit(Command command) {
    return commit(Proposal.of(command));
  }

  Result commit(Proposal proposal) {
    log.add(proposal.command());
    Result result = tracker.directory().apply(proposal.command(), now);
    tracker.committed(proposal, result, now);
    return result;
  }

  List<Verdict> committed(Proposal proposal) {
    log.add(proposal.command());
    Result result = tracker.directory().apply(proposal.command(), now);
    return tracker.committed(proposal, result, now);
  }

  Pulse heartbeat(PeerId peer, FactDigest digest) {
    return tracker.heartbeat(session(peer), Load.NONE, digest, now);
  }

  Ticked passes(Duration time) {
    now = now.plus(time);
    return tick();
  }

  Ticked tick() {
    Ticked ticked = tracker.tick(now);
    ticked.proposal().ifPresent(this::commit);
    return ticked;
  }

  int session(PeerId peer) {
    return sessions.getOrDefault(peer, Proposal.NO_SESSION);
  }

  Entry entry(String name) {
    return tracker.directory().entry(Name.of(name)).orElseThrow();
  }

  List<String> holders(String name) {
    return tracker.find(Name.of(name), now).holders().stream().map(Holder::name).toList();
  }

  List<String> names() {
    return tracker.list(null, null, null, 1_000, now).stream()
        .map(listed -> listed.entry().name().value())
        .toList();
  }

  static String nameOf(PeerId peer) {
    return switch (peer.text().charAt(0)) {
      case 'a' -> "anna";
      case 'b' -> "ben";
      case 'c' -> "carl";
      default -> peer.text().substring(0, 4);
    };
  }

  static ContentId content(long seed) {
    return new ContentId(new Root(seed, ~seed, seed * 31, 7), 100 + Math.abs(seed % 1_000));
  }

  static Version version(long number, long contentSeed) {
    return Version.file(number, content(contentSeed), START.minusSeconds(1_000), 0644);
  }

  static Version folder() {
    return new Version(1, Kind.FOLDER, ContentId.EMPTY, START, 0755);
  }

  static Fact.Holds holds(String name, long number, long contentSeed) {
    return new Fact.Holds(Name.of(name), version(number, contentSeed), Reason.KEPT, true);
  }

  static Fact.Holds fetched(String name, long number, long contentSeed) {
    return new Fact.Holds(Name.of(name), version(number, contentSeed), Reason.FETCHED, true);
  }

  static Fact.Edited edited(String name, long base, long contentSeed) {
    return new Fact.Edited(Name.of(name), base, version(0, contentSeed), Reason.KEPT);
  }

  static Fact.GaveUp deletedByUser(String name, long number) {
    return new Fact.GaveUp(Name.of(name), number, true);
  }

  static Fact.GaveUp gaveUp(String name, long number) {
    return new Fact.GaveUp(Name.of(name), number, false);
  }

  static Fact.Known knownDeleted(String name, long number) {
    return new Fact.Known(new Entry(Name.of(name), version(number, 0), true, 0));
  }

  static Fact.Known known(String name, long number, long contentSeed) {
    return new Fact.Known(new Entry(Name.of(name), version(number, contentSeed), false, 0));
  }

  static FactDigest digest(Fact.Holds... facts) {
    return Arrays.stream(facts)
        .reduce(FactDigest.EMPTY, FactDigest::with, (a, b) -> new FactDigest(a.sum() + b.sum(), 0));
  }
}
