package dev.potluck.consensus;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.ratis.proto.RaftProtos.RaftGroupIdProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.proto.RaftProtos.TermIndexProto;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.GroupManagementRequest;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.protocol.SnapshotManagementRequest;
import org.apache.ratis.protocol.TransferLeadershipRequest;
import org.apache.ratis.server.RaftConfiguration;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.RaftStorage.StartupOption;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;

/// One seat of a log that several machines keep together. Entries are applied by every seat in the
/// same order; an entry that is {@link Appended#APPLIED} is on the disks of most seats.
///
/// A log begins with one seat ({@link #found}) and grows: the new machine takes a seat ({@link
/// #take}), then the leader admits it ({@link #seats(Set, Set, Duration)}), one at a time. Two
/// seats are a state to pass through: with two, the death of one stops both.
///
/// Any thread.
public final class ReplicatedLog implements AutoCloseable {
  private static final Duration STEP = Duration.ofSeconds(10);

  /// A million names take some seconds.
  private static final Duration SAVING = Duration.ofMinutes(2);

  private final RaftServer server;
  private final RaftGroupId group;
  private final RaftPeerId self;
  private final ClientId client = ClientId.randomId();
  private final AtomicLong calls = new AtomicLong();

  /// Who had a seat when none was being given or taken.
  private volatile Set<String> agreed = Set.of();

  private ReplicatedLog(RaftServer server, UUID group, String self) {
    this.server = server;
    this.group = RaftGroupId.valueOf(group);
    this.self = RaftPeerId.valueOf(self);
  }

  /// Which log lies in a folder, if one does.
  public static Optional<UUID> in(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return Optional.empty();
    }
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(Path::getFileName)
          .map(Path::toString)
          .filter(name -> name.matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"))
          .map(UUID::fromString)
          .findFirst();
    }
  }

  /// Begins a log with this seat alone. Doing it again, after a crash, is the same as once.
  public static ReplicatedLog found(
      UUID group, LogSettings settings, LogTransport transport, ReplicatedState state)
      throws IOException {
    RaftGroup alone = RaftGroup.valueOf(RaftGroupId.valueOf(group), List.of(seat(settings.self())));
    return start(group, Optional.of(alone), settings, transport, state);
  }

  /// What a log can begin with.
  @FunctionalInterface
  public interface Seed {
    /// Writes the whole state, as {@link ReplicatedState#save} does.
    void save(OutputStream out) throws IOException;
  }

  /// Writes a log of this seat alone that begins with a state which is there already. It is closed
  /// on return, to be opened by {@link #reopen}; if this fails or crashes, what lies in the folder
  /// is no log to be used.
  public static void seed(UUID group, LogSettings settings, Seed first) throws IOException {
    LogTransport nobody =
        (seat, _, _) -> {
          throw new IOException("a log that is being begun has no other seat than " + seat);
        };
    Beginning beginning = new Beginning(first);
    try (ReplicatedLog log = found(group, settings, nobody, beginning)) {
      beginning.awaitLead();
      log.save();
    }
  }

  private void save() throws IOException {
    long least = 1;
    var request =
        SnapshotManagementRequest.newCreate(
            client, self, group, calls.incrementAndGet(), SAVING.toMillis(), least);
    RaftClientReply reply = await(server.snapshotManagementAsync(request), SAVING);
    if (!reply.isSuccess()) {
      throw new IOException("the state was not saved: " + reply.getException());
    }
  }

  /// Goes on with the log that lies in the folder.
  public static ReplicatedLog reopen(
      UUID group, LogSettings settings, LogTransport transport, ReplicatedState state)
      throws IOException {
    return start(group, Optional.empty(), settings, transport, state);
  }

  /// Takes a seat at a log that others keep: an empty one, until its leader fills it. Until then it
  /// stands for no election.
  public static ReplicatedLog take(
      UUID group, LogSettings settings, LogTransport transport, ReplicatedState state)
      throws IOException {
    ReplicatedLog log = start(group, Optional.empty(), settings, transport, state);
    boolean taken = false;
    try {
      RaftGroup empty = RaftGroup.valueOf(log.group);
      var request =
          GroupManagementRequest.newAdd(log.client, log.self, log.calls.incrementAndGet(), empty);
      RaftClientReply reply = await(log.server.groupManagementAsync(request), STEP);
      if (!reply.isSuccess()) {
        throw new IOException("no seat could be taken: " + reply.getException());
      }
      taken = true;
      return log;
    } finally {
      if (!taken) {
        log.close();
      }
    }
  }

  private static ReplicatedLog start(
      UUID group,
      Optional<RaftGroup> members,
      LogSettings settings,
      LogTransport transport,
      ReplicatedState state)
      throws IOException {
    RaftServer.Builder builder =
        RaftServer.newBuilder()
            .setServerId(RaftPeerId.valueOf(settings.self()))
            .setOption(StartupOption.RECOVER)
            .setStateMachineRegistry(_ -> new EngineState(state))
            .setProperties(EngineProperties.of(settings))
            .setParameters(SeatRpc.parameters(transport));
    members.ifPresent(builder::setGroup);
    RaftServer server = builder.build();
    boolean started = false;
    try {
      server.start();
      started = true;
      return new ReplicatedLog(server, group, settings.self());
    } catch (CompletionException e) {
      throw new IOException("the log in " + settings.folder() + ": " + e.getCause(), e);
    } finally {
      if (!started) {
        server.close();
      }
    }
  }

  private static RaftPeer seat(String id) {
    return RaftPeer.newBuilder().setId(id).setAddress(id + ":1").build();
  }

  private static List<RaftPeer> peers(Collection<String> ids) {
    return ids.stream().sorted().map(ReplicatedLog::seat).toList();
  }

  /// Which log this is.
  public UUID group() {
    return group.getUuid();
  }

  /// Answers what another seat said.
  ///
  /// @param from the seat that the connection proved
  public byte[] handle(String from, LogMessage kind, byte[] message) throws IOException {
    return SeatRpc.handle(server, from, kind, message);
  }

  /// Appends an entry, if this seat leads. Entries of one thread keep their order.
  public CompletableFuture<Appended> append(byte[] entry) {
    if (!isLeading()) {
      return CompletableFuture.completedFuture(Appended.REJECTED);
    }
    RaftClientRequest request =
        RaftClientRequest.newBuilder()
            .setClientId(client)
            .setServerId(self)
            .setGroupId(group)
            .setCallId(calls.incrementAndGet())
            .setMessage(Message.valueOf(UnsafeByteOperations.unsafeWrap(entry)))
            .setType(RaftClientRequest.writeRequestType())
            .build();
    try {
      return server.submitClientRequestAsync(request).handle(ReplicatedLog::outcome);
    } catch (IOException e) {
      return CompletableFuture.completedFuture(Appended.UNCERTAIN);
    }
  }

  /// Also a leader that had to step down says that it does not lead, of entries that may be in the
  /// logs of others.
  private static Appended outcome(RaftClientReply reply, Throwable failure) {
    return failure == null && reply.isSuccess() ? Appended.APPLIED : Appended.UNCERTAIN;
  }

  /// Who has a seat, as far as this seat knows; empty for one that is not admitted yet. Who is
  /// about to lose one has it until all have agreed on that, which they may not be able to without
  /// it.
  public Set<String> seats() {
    try {
      RaftServer.Division division = server.getDivision(group);
      RaftConfiguration latest = division.getRaftConf();
      Set<String> seats = new TreeSet<>();
      latest.getAllPeers().forEach(peer -> seats.add(peer.getId().toString()));
      if (latest.getLogEntryIndex() > division.getRaftLog().getLastCommittedIndex()) {
        seats.addAll(agreed);
      } else if (latest.getPreviousPeers().isEmpty()) {
        agreed = Set.copyOf(seats);
      }
      return seats;
    } catch (IOException e) {
      return Set.of();
    }
  }

  /// Whether this seat's log is kept. The engine ends a seat that stands for election and is told
  /// that it has been taken from it.
  public boolean isKept() {
    try {
      return server.getDivision(group).getInfo().isAlive();
    } catch (IOException e) {
      return false;
    }
  }

  /// Whether this seat leads and has applied all that was agreed on before it did.
  public boolean isLeading() {
    try {
      return server.getDivision(group).getInfo().isLeaderReady();
    } catch (IOException e) {
      return false;
    }
  }

  /// Changes who has a seat. The new ones must have taken theirs.
  ///
  /// @param before who has one now; nothing is changed if that is not so
  /// @param after differs from it by one seat, or by one that takes another's place
  /// @throws IOException if it did not happen in time
  public void seats(Set<String> before, Set<String> after, Duration patience) throws IOException {
    var arguments =
        SetConfigurationRequest.Arguments.newBuilder()
            .setServersInCurrentConf(peers(before))
            .setServersInNewConf(peers(after))
            .setMode(SetConfigurationRequest.Mode.COMPARE_AND_SET)
            .build();
    var request =
        new SetConfigurationRequest(client, self, group, calls.incrementAndGet(), arguments);
    RaftClientReply reply = await(server.setConfigurationAsync(request), patience);
    if (!reply.isSuccess()) {
      throw new IOException("seats stay as they are: " + reply.getException());
    }
  }

  /// Lets another seat lead, as before this one goes.
  public void handOver(String successor, Duration patience) throws IOException {
    var request =
        new TransferLeadershipRequest(
            client,
            self,
            group,
            calls.incrementAndGet(),
            RaftPeerId.valueOf(successor),
            patience.toMillis());
    RaftClientReply reply = await(server.transferLeadershipAsync(request), patience);
    if (!reply.isSuccess()) {
      throw new IOException(successor + " does not lead: " + reply.getException());
    }
  }

  /// Stands for election at once, as if the leader had handed over to this seat, because it is
  /// known to be gone; else the seats wait until they have heard nothing of it for long enough.
  ///
  /// @param gone who led
  /// @return false if this seat does not follow that leader, and nothing was done
  public boolean succeed(String gone) throws IOException {
    RaftServer.Division division = server.getDivision(group);
    TermIndex last = division.getRaftLog().getLastEntryTermIndex();
    if (last == null) {
      return false;
    }
    var head =
        RaftRpcRequestProto.newBuilder()
            .setRequestorId(RaftPeerId.valueOf(gone).toByteString())
            .setReplyId(self.toByteString())
            .setRaftGroupId(RaftGroupIdProto.newBuilder().setId(group.toByteString()))
            .setCallId(calls.incrementAndGet());
    var request =
        StartLeaderElectionRequestProto.newBuilder()
            .setServerRequest(head)
            .setLeaderLastEntry(
                TermIndexProto.newBuilder()
                    .setTerm(division.getInfo().getCurrentTerm())
                    .setIndex(last.getIndex()));
    return server.startLeaderElection(request.build()).getServerReply().getSuccess();
  }

  private static RaftClientReply await(CompletableFuture<RaftClientReply> reply, Duration patience)
      throws IOException {
    try {
      return reply.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new IOException(String.valueOf(e.getCause()), e.getCause());
    } catch (TimeoutException e) {
      throw new IOException("no answer within " + patience.toSeconds() + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
