package dev.potluck.wire;

import dev.potluck.content.ContentId;
import dev.potluck.content.Name;
import dev.potluck.content.PotluckException;
import dev.potluck.content.UnavailableException;
import dev.potluck.directory.Endpoint;
import dev.potluck.directory.Load;
import dev.potluck.directory.PeerId;
import dev.potluck.wire.v1.EmptyMessage;
import dev.potluck.wire.v1.LoadMessage;
import dev.potluck.wire.v1.LocateRequest;
import dev.potluck.wire.v1.NamesRequest;
import dev.potluck.wire.v1.PeerGrpc;
import dev.potluck.wire.v1.PeerGrpc.PeerBlockingStub;
import dev.potluck.wire.v1.PeerRequest;
import dev.potluck.wire.v1.SeatsGrpc;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/// The caller's side of {@link PeerService} and {@link SeatService}: one kept connection a peer,
/// closed when idle. Any thread; calls block, with a deadline, and throw a {@link
/// dev.potluck.content.PotluckException}.
public final class PeerClient implements AutoCloseable {
  private final ControlChannels channels;

  public PeerClient(WireThreads threads, PartyTls tls) {
    this.channels = new ControlChannels(threads, tls.controlClient());
  }

  private <T> T call(
      Endpoint control,
      Optional<PeerId> expected,
      Duration timeout,
      Function<PeerBlockingStub, T> call) {
    return called(
        control,
        expected,
        () ->
            call.apply(
                PeerGrpc.newBlockingStub(channels.to(control, expected))
                    .withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS)));
  }

  private <T> T called(Endpoint control, Optional<PeerId> expected, Supplier<T> call) {
    try {
      return call.get();
    } catch (StatusRuntimeException e) {
      if (WireStatus.isBroken(e)) {
        channels.drop(control, expected);
      }
      throw WireStatus.exception(e, control.toString());
    }
  }

  public Load load(Endpoint control, PeerId expected, Duration timeout) {
    return load(control, Optional.of(expected), timeout);
  }

  /// Asks whoever of the party is at that address.
  public Load load(Endpoint control, Duration timeout) {
    return load(control, Optional.empty(), timeout);
  }

  private Load load(Endpoint control, Optional<PeerId> expected, Duration timeout) {
    LoadMessage load =
        call(control, expected, timeout, stub -> stub.load(EmptyMessage.getDefaultInstance()));
    return ValueCodec.of(load);
  }

  /// Who is at that address: the id its connection proved.
  ///
  /// @throws UnavailableException if nobody answers
  public PeerId probe(Endpoint control, Duration timeout) {
    Optional<PeerId> anyone = Optional.empty();
    var _ = call(control, anyone, timeout, stub -> stub.probe(EmptyMessage.getDefaultInstance()));
    return channels
        .seen(control, anyone)
        .orElseThrow(() -> new UnavailableException(control + " proved no id"));
  }

  /// Which of the contents that peer has whole.
  ///
  /// @param contents at most {@link WireLimits#LOCATE_IDS}
  /// @return the indexes of those it has
  public BitSet locate(
      Endpoint control, PeerId expected, List<ContentId> contents, Duration timeout) {
    LocateRequest request =
        LocateRequest.newBuilder()
            .addAllContents(contents.stream().map(ValueCodec::message).toList())
            .build();
    var reply = call(control, Optional.of(expected), timeout, stub -> stub.locate(request));
    byte[] here = reply.getHere().toByteArray();
    BitSet set = here.length > contents.size() / 8 + 1 ? new BitSet() : BitSet.valueOf(here);
    return set.get(0, contents.size());
  }

  /// Tells whoever of the party is at that address where this machine and others are.
  ///
  /// @return the same of who answers
  public Greeting greet(Endpoint control, Greeting told, Duration timeout) {
    Optional<PeerId> anyone = Optional.empty();
    return PeerCalls.of(
        call(control, anyone, timeout, stub -> stub.greet(PeerCalls.message(told))));
  }

  /// Has a member keep files that this machine has alone.
  ///
  /// @param names at most {@link WireLimits#EDITS_PER_CALL}
  /// @return whether it has all; false: ask again
  public boolean adopt(Endpoint control, PeerId heir, List<Name> names, Duration timeout) {
    NamesRequest request =
        NamesRequest.newBuilder().addAllNames(names.stream().map(Name::value).toList()).build();
    return call(control, Optional.of(heir), timeout, stub -> stub.adopt(request)).getDone();
  }

  /// Whether a member answers at that address.
  public boolean answers(Endpoint control, PeerId member, Duration timeout) {
    try {
      var _ = load(control, member, timeout);
      return true;
    } catch (PotluckException e) {
      return false;
    }
  }

  /// Asks a member whether it can reach another one.
  public boolean reaches(Endpoint control, PeerId asked, PeerId other, Duration timeout) {
    PeerRequest request = PeerRequest.newBuilder().setPeer(other.text()).build();
    return call(control, Optional.of(asked), timeout, stub -> stub.reach(request)).getReached();
  }

  /// Hands a message of the log's engine to another seat.
  ///
  /// @return its answer
  public byte[] say(Endpoint control, PeerId seat, int kind, byte[] body, Duration timeout) {
    return SeatCalls.body(
        atSeat(control, seat, timeout, stub -> stub.say(SeatCalls.message(kind, body))));
  }

  /// Offers a peer a seat at the directory; returns when it has taken it.
  public void offer(Endpoint control, PeerId peer, SeatOffer offer, Duration timeout) {
    var _ = atSeat(control, peer, timeout, stub -> stub.take(SeatCalls.message(offer)));
  }

  /// Has a peer keep a copy of the party's authority.
  public void entrust(Endpoint control, PeerId peer, AuthorityCopy authority, Duration timeout) {
    var _ = atSeat(control, peer, timeout, stub -> stub.keep(SeatCalls.message(authority)));
  }

  private <T> T atSeat(
      Endpoint control,
      PeerId peer,
      Duration timeout,
      Function<SeatsGrpc.SeatsBlockingStub, T> question) {
    return called(
        control,
        Optional.of(peer),
        () ->
            question.apply(
                SeatsGrpc.newBlockingStub(channels.to(control, Optional.of(peer)))
                    .withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS)));
  }

  /// Closes all connections to a peer.
  public void disconnect(PeerId peer) {
    channels.disconnect(peer);
  }

  @Override
  public void close() {
    channels.close();
  }
}
