package dev.potluck.consensus;

import java.io.IOException;
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
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
import org.apache.ratis.protocol.TransferLeadershipRequest;
import org.apache.ratis.server.RaftServer;
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

  private final RaftServer server;
  private final RaftGroupId group;
  private final RaftPeerId self;
  private final ClientId client = ClientId.randomId();
  private final AtomicLong calls = new AtomicLong();

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

  /// Who has a seat, as far as this seat knows; empty for one that is not admitted yet.
  public Set<String> seats() {
    try {
      return server.getDivision(group).getRaftConf().getCurrentPeers().stream()
          .map(peer -> peer.getId().toString())
          .collect(Collectors.toCollection(TreeSet::new));
    } catch (IOException e) {
      return Set.of();
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
