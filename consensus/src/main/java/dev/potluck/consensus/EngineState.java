package dev.potluck.consensus;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.ratis.io.MD5Hash;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.StateMachineStorage;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.statemachine.impl.SimpleStateMachineStorage;
import org.apache.ratis.statemachine.impl.SingleFileSnapshotInfo;
import org.apache.ratis.util.LifeCycle;
import org.apache.ratis.util.MD5FileUtil;
import org.jspecify.annotations.Nullable;

/// A {@link ReplicatedState} as the engine wants it. Snapshots are single files with a checksum.
final class EngineState extends BaseStateMachine {
  private static final System.Logger LOGGER = System.getLogger(EngineState.class.getName());
  private static final String MD5 = ".md5";

  private final ReplicatedState state;
  private final Snapshots storage = new Snapshots();

  EngineState(ReplicatedState state) {
    this.state = state;
  }

  /// Remembers, too, that there is none: the engine asks for the latest at each entry, and its own
  /// storage would look through the folder until there is one.
  private static final class Snapshots extends SimpleStateMachineStorage {
    private volatile boolean none;
    private volatile @Nullable Path folder;

    @Override
    public void init(RaftStorage where) throws IOException {
      none = false;
      folder = where.getStorageDir().getStateMachineDir().toPath();
      super.init(where);
    }

    @Override
    public @Nullable SingleFileSnapshotInfo getLatestSnapshot() {
      return none ? null : super.getLatestSnapshot();
    }

    @Override
    public @Nullable SingleFileSnapshotInfo loadLatestSnapshot() {
      SingleFileSnapshotInfo loaded = super.loadLatestSnapshot();
      none = loaded == null && isFolderEmpty();
      return loaded;
    }

    /// None loaded may also mean that the folder could not be read.
    private boolean isFolderEmpty() {
      Path there = folder;
      if (there == null) {
        return false;
      }
      try (Stream<Path> files = Files.list(there)) {
        return files.findAny().isEmpty();
      } catch (IOException e) {
        LOGGER.log(System.Logger.Level.DEBUG, "cannot look for snapshots: {0}", e.getMessage());
        return false;
      }
    }

    @Override
    public @Nullable SingleFileSnapshotInfo updateLatestSnapshot(SingleFileSnapshotInfo info) {
      none = false;
      return super.updateLatestSnapshot(info);
    }
  }

  @Override
  public void initialize(RaftServer server, RaftGroupId group, RaftStorage raftStorage)
      throws IOException {
    super.initialize(server, group, raftStorage);
    deleteHalfSnapshots(raftStorage.getStorageDir().getStateMachineDir().toPath());
    storage.init(raftStorage);
    getLifeCycle().startAndTransition(this::load, IOException.class);
  }

  /// A crash may have left one without its checksum; the log still has all that is in it.
  private static void deleteHalfSnapshots(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        boolean half =
            !file.toString().endsWith(MD5)
                && !Files.exists(Path.of(file + MD5))
                && Files.isRegularFile(file);
        if (half) {
          Files.delete(file);
        }
      }
    }
  }

  /// While a snapshot of the leader comes in.
  @Override
  public void pause() {
    getLifeCycle().transition(LifeCycle.State.PAUSING);
    getLifeCycle().transition(LifeCycle.State.PAUSED);
  }

  @Override
  public void reinitialize() throws IOException {
    storage.loadLatestSnapshot();
    getLifeCycle().transition(LifeCycle.State.STARTING);
    load();
    getLifeCycle().transition(LifeCycle.State.RUNNING);
  }

  private void load() throws IOException {
    @Nullable SingleFileSnapshotInfo latest = storage.getLatestSnapshot();
    if (latest == null) {
      state.clear();
      setLastAppliedTermIndex(TermIndex.INITIAL_VALUE);
      return;
    }
    Path file = latest.getFile().getPath();
    MD5FileUtil.verifySavedMD5(file.toFile(), MD5FileUtil.computeMd5ForFile(file.toFile()));
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      state.load(in);
    }
    setLastAppliedTermIndex(latest.getTermIndex());
  }

  @Override
  public long takeSnapshot() throws IOException {
    TermIndex last = getLastAppliedTermIndex();
    File file = storage.getSnapshotFile(last.getTerm(), last.getIndex());
    Path temporary = Path.of(file + ".part");
    try (FileOutputStream raw = new FileOutputStream(temporary.toFile());
        OutputStream out = new BufferedOutputStream(raw)) {
      state.save(out);
      out.flush();
      raw.getFD().sync();
    }
    Files.move(temporary, file.toPath(), StandardCopyOption.ATOMIC_MOVE);
    MD5Hash checksum = MD5FileUtil.computeAndSaveMd5ForFile(file);
    storage.updateLatestSnapshot(
        new SingleFileSnapshotInfo(new FileInfo(file.toPath(), checksum), last));
    return last.getIndex();
  }

  @Override
  public StateMachineStorage getStateMachineStorage() {
    return storage;
  }

  @Override
  public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
    LogEntryProto entry = Objects.requireNonNull(transaction.getLogEntry());
    try {
      state.apply(entry.getStateMachineLogEntry().getLogData().toByteArray());
    } catch (RuntimeException e) {
      // The engine ends with it; whoever owns this seat has to know.
      state.failed("an entry of the log cannot be applied: " + e);
      throw e;
    }
    updateLastAppliedTermIndex(entry.getTerm(), entry.getIndex());
    return CompletableFuture.completedFuture(Message.EMPTY);
  }

  @Override
  public void notifyLeaderReady() {
    state.leads();
  }

  @Override
  public void notifyNotLeader(Collection<TransactionContext> pending) {
    state.follows(Optional.empty());
  }

  @Override
  public void notifyLeaderChanged(RaftGroupMemberId self, @Nullable RaftPeerId leader) {
    if (!self.getPeerId().equals(leader)) {
      state.follows(Optional.ofNullable(leader).map(RaftPeerId::toString));
    }
  }

  @Override
  public void notifyLogFailed(Throwable cause, @Nullable LogEntryProto entry) {
    state.failed(String.valueOf(cause.getMessage()));
  }
}
