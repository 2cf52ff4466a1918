package dev.potluck.wire;

import com.google.protobuf.ByteString;
import dev.potluck.content.Name;
import dev.potluck.directory.Endpoint;
import dev.potluck.directory.Entry;
import dev.potluck.directory.Fact;
import dev.potluck.directory.Found;
import dev.potluck.directory.HeldLock;
import dev.potluck.directory.Hello;
import dev.potluck.directory.Listed;
import dev.potluck.directory.LockMode;
import dev.potluck.directory.PeerId;
import dev.potluck.wire.v1.CommitRequest;
import dev.potluck.wire.v1.CredentialReply;
import dev.potluck.wire.v1.DirectoryGrpc;
import dev.potluck.wire.v1.DirectoryGrpc.DirectoryBlockingStub;
import dev.potluck.wire.v1.EmptyMessage;
import dev.potluck.wire.v1.EnrolRequest;
import dev.potluck.wire.v1.EnrolmentGrpc;
import dev.potluck.wire.v1.FindReply;
import dev.potluck.wire.v1.InviteRequest;
import dev.potluck.wire.v1.ListReply;
import dev.potluck.wire.v1.ListRequest;
import dev.potluck.wire.v1.LockReply;
import dev.potluck.wire.v1.LockRequest;
import dev.potluck.wire.v1.MoveRequest;
import dev.potluck.wire.v1.NameRequest;
import dev.potluck.wire.v1.NamesRequest;
import dev.potluck.wire.v1.PeerRequest;
import dev.potluck.wire.v1.RenewRequest;
import dev.potluck.wire.v1.UnlockRequest;
import dev.potluck.wire.v1.WatchRequest;
import io.grpc.Channel;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/// The caller's side of the directory. Knocks at the addresses it knows, follows whoever says where
/// the directory is, and stays there until that fails. Any thread; calls block, with a deadline.
///
/// Calls throw a {@link dev.potluck.content.PotluckException}: `UnavailableException` if no
/// directory answers in time, else what the directory threw. What changes something may have
/// happened although it threw `UnavailableException`.
public final class DirectoryClient implements AutoCloseable {
  private final WireThreads threads;
  private final ControlChannels channels;
  private final DirectorySearch search;

  /// @param addresses control addresses of members, the best first
  public DirectoryClient(WireThreads threads, PartyTls tls, List<Endpoint> addresses) {
    this.threads = threads;
    this.channels = new ControlChannels(threads, tls.controlClient());
    this.search = new DirectorySearch(channels, addresses);
  }

  /// Asks to be let in, with a ticket: pinned to the ticket's authority. Installing the credential
  /// is the caller's.
  ///
  /// @throws dev.potluck.content.DeniedException if the ticket is refused, or who answers is not of
  ///   that party
  public static Credential enrol(
      WireThreads threads,
      Identity identity,
      Ticket ticket,
      InstantSource clock,
      Duration timeout) {
    Enrolment enrolment = ticket.enrolment(identity.request());
    EnrolRequest request =
        EnrolRequest.newBuilder()
            .setTicketId(enrolment.ticketId())
            .setExpiresSeconds(enrolment.expires().getEpochSecond())
            .setProof(enrolment.proof())
            .setRequest(ByteString.copyFrom(enrolment.request().bytes()))
            .build();
    var ssl = PartyTls.enrolling(ticket.authority(), clock);
    try (var channels = new ControlChannels(threads, ssl)) {
      return new DirectorySearch(channels, ticket.addresses())
          .call(
              timeout,
              (channel, left) ->
                  credential(
                      EnrolmentGrpc.newBlockingStub(channel)
                          .withDeadlineAfter(left.toNanos(), TimeUnit.NANOSECONDS)
                          .enrol(request)));
    }
  }

  private static Credential credential(CredentialReply reply) {
    return Credential.of(reply.getLeaf().toByteArray(), reply.getAuthority().toByteArray());
  }

  /// Replaces the addresses to try.
  public void addresses(List<Endpoint> addresses) {
    search.addresses(addresses);
  }

  /// The directory is said to be there now: it is asked there first.
  public void prefer(Endpoint address) {
    search.prefer(address);
  }

  /// Where the directory answered last.
  public Optional<Endpoint> current() {
    return search.current();
  }

  private <T> T call(Duration timeout, Function<DirectoryBlockingStub, T> call) {
    return search.call(timeout, (channel, left) -> call.apply(stub(channel, left)));
  }

  private <T> T change(Duration timeout, Function<DirectoryBlockingStub, T> call) {
    return search.change(timeout, (channel, left) -> call.apply(stub(channel, left)));
  }

  private static DirectoryBlockingStub stub(Channel channel, Duration left) {
    return DirectoryGrpc.newBlockingStub(channel)
        .withDeadlineAfter(left.toNanos(), TimeUnit.NANOSECONDS);
  }

  /// Opens this peer's session; returns when the directory has welcomed it.
  public Session session(Hello hello, SessionEvents events, Duration timeout) {
    return search.call(
        timeout,
        (channel, left) -> {
          SessionCalling session = new SessionCalling(events, threads.control());
          var _ = DirectoryGrpc.newStub(channel).session(session);
          session.open(hello, left);
          return session;
        });
  }

  /// Watches the namespace from a revision on; returns when the directory has begun.
  public Watch watch(long incarnation, long fromRevision, WatchEvents events, Duration timeout) {
    WatchRequest request =
        WatchRequest.newBuilder().setIncarnation(incarnation).setFromRevision(fromRevision).build();
    return search.call(
        timeout,
        (channel, left) -> {
          WatchCalling watch = new WatchCalling(events);
          DirectoryGrpc.newStub(channel).watch(request, watch);
          watch.await(left);
          return watch;
        });
  }

  public Found find(Name name, Duration timeout) {
    NameRequest request = NameRequest.newBuilder().setName(name.value()).build();
    FindReply reply = call(timeout, stub -> stub.find(request));
    return MemberCodec.of(reply);
  }

  /// Everything under a prefix, in the order of names, page by page.
  ///
  /// @param timeout of each page
  public void listAll(Optional<Name> prefix, Duration timeout, Consumer<Listed> each) {
    Optional<Name> after = Optional.empty();
    List<Listed> page;
    do {
      page = list(prefix, after, WireLimits.LIST_PAGE, timeout);
      page.forEach(each);
      after = page.isEmpty() ? after : Optional.of(page.getLast().entry().name());
    } while (page.size() == WireLimits.LIST_PAGE);
  }

  /// One page of names, in order; in several calls if it is too long for one.
  public List<Listed> list(
      Optional<Name> prefix, Optional<Name> after, int limit, Duration timeout) {
    List<Listed> page = new ArrayList<>();
    Optional<Name> from = after;
    boolean cut;
    do {
      ListRequest request =
          ListRequest.newBuilder()
              .setPrefix(prefix.map(Name::value).orElse(""))
              .setAfter(from.map(Name::value).orElse(""))
              .setLimit(limit - page.size())
              .build();
      ListReply reply = call(timeout, stub -> stub.list(request));
      List<Listed> part =
          ValueCodec.list(reply.getListedList(), limit - page.size(), MemberCodec::of);
      page.addAll(part);
      cut = reply.getCut() && !part.isEmpty() && page.size() < limit;
      from = part.isEmpty() ? from : Optional.of(part.getLast().entry().name());
    } while (cut);
    return page;
  }

  /// Who is in the party, and who keeps the directory.
  public Roster members(Duration timeout) {
    var reply = call(timeout, stub -> stub.members(EmptyMessage.getDefaultInstance()));
    return new Roster(
        ValueCodec.list(reply.getMembersList(), WireLimits.MEMBERS, MemberCodec::of),
        ValueCodec.list(reply.getSeatsList(), WireLimits.SEATS, PeerId::of));
  }

  /// @param edits at most {@link WireLimits#EDITS_PER_CALL}
  public CommitOutcome commit(List<Fact.Edited> edits, Duration timeout) {
    CommitRequest request =
        CommitRequest.newBuilder()
            .addAllEdits(edits.stream().map(FactCodec::message).toList())
            .build();
    return CommitCodec.of(call(timeout, stub -> stub.commit(request)));
  }

  /// @param names at most {@link WireLimits#EDITS_PER_CALL}
  public Deleted delete(List<Name> names, Duration timeout) {
    NamesRequest request =
        NamesRequest.newBuilder().addAllNames(names.stream().map(Name::value).toList()).build();
    var reply = call(timeout, stub -> stub.delete(request));
    List<Name> missing =
        ValueCodec.list(reply.getMissingList(), WireLimits.EDITS_PER_CALL, Name::of);
    return new Deleted(missing, reply.getRevision());
  }

  public Moved move(Name from, Name to, Duration timeout) {
    MoveRequest request = MoveRequest.newBuilder().setFrom(from.value()).setTo(to.value()).build();
    var reply = change(timeout, stub -> stub.move(request));
    return new Moved(ValueCodec.of(reply.getVersion()), reply.getRevision());
  }

  /// Takes the lock of a name for this peer, which need not exist; waits in line while another peer
  /// has it. Interrupting the thread ends that. After an `UnavailableException` this peer may have
  /// the lock or not: {@link #locks} tells.
  ///
  /// @param wait at most {@link WireLimits#LOCK_WAIT}
  /// @param timeout how long an answer may take beyond that
  /// @throws dev.potluck.content.ConflictException naming who has it, if it is not free in time
  public Granted lock(Name name, LockMode mode, Duration wait, Duration timeout) {
    LockRequest request =
        LockRequest.newBuilder()
            .setName(name.value())
            .setShared(mode == LockMode.SHARED)
            .setWaitMillis(wait.toMillis())
            .build();
    LockReply reply = call(wait.plus(timeout), stub -> stub.lock(request));
    return LockCodec.of(reply);
  }

  /// Gives a lock back.
  ///
  /// @param token of the lock that is meant, {@link dev.potluck.directory.NameLock#NO_TOKEN}:
  ///   whichever this peer has
  public void unlock(Name name, long token, Duration timeout) {
    UnlockRequest request =
        UnlockRequest.newBuilder().setName(name.value()).setToken(token).build();
    var _ = change(timeout, stub -> stub.unlock(request));
  }

  /// Makes an exclusive lock a shared one.
  ///
  /// @param token of the lock that is meant
  public void share(Name name, long token, Duration timeout) {
    UnlockRequest request =
        UnlockRequest.newBuilder()
            .setName(name.value())
            .setToken(token)
            .setKeepShared(true)
            .build();
    var _ = call(timeout, stub -> stub.unlock(request));
  }

  /// The locks there are on these names; of no names, all that this peer has.
  ///
  /// @param names at most {@link WireLimits#EDITS_PER_CALL}
  public List<HeldLock> locks(List<Name> names, Duration timeout) {
    NamesRequest request =
        NamesRequest.newBuilder().addAllNames(names.stream().map(Name::value).toList()).build();
    var reply = call(timeout, stub -> stub.locks(request));
    return ValueCodec.list(reply.getLocksList(), WireLimits.EDITS_PER_CALL, LockCodec::of);
  }

  /// What is known of a name, oldest first: the last versions and deletions, and what it is now.
  ///
  /// @throws dev.potluck.content.NoSuchNameException if there never was such a name
  public List<Entry> history(Name name, Duration timeout) {
    NameRequest request = NameRequest.newBuilder().setName(name.value()).build();
    var reply = call(timeout, stub -> stub.history(request));
    return ValueCodec.list(reply.getEntriesList(), WireLimits.HISTORY, ValueCodec::of);
  }

  public Ticket invite(Duration validity, Duration timeout) {
    InviteRequest request =
        InviteRequest.newBuilder().setValidityMillis(validity.toMillis()).build();
    return Ticket.parse(call(timeout, stub -> stub.invite(request)).getTicket());
  }

  public void expel(PeerId member, Duration timeout) {
    PeerRequest request = PeerRequest.newBuilder().setPeer(member.text()).build();
    var _ = call(timeout, stub -> stub.expel(request));
  }

  public void leave(Duration timeout) {
    var _ = call(timeout, stub -> stub.leave(EmptyMessage.getDefaultInstance()));
  }

  public Credential renew(CertificateRequest request, Duration timeout) {
    RenewRequest message =
        RenewRequest.newBuilder().setRequest(ByteString.copyFrom(request.bytes())).build();
    return credential(call(timeout, stub -> stub.renew(message)));
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
