package dev.potluck.consensus;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.RaftConfigKeys;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/// What the engine is told: bounds for memory and disk, and times for machines that are busy.
final class EngineProperties {
  /// Longest entry, and what goes to a follower in one message: with what is around it, it has to
  /// fit into a message of the transport.
  private static final SizeInBytes MESSAGE = SizeInBytes.valueOf("5MB");

  private static final SizeInBytes WRITE_BUFFER = SizeInBytes.valueOf("5300KB");
  private static final SizeInBytes SEGMENT = SizeInBytes.valueOf("16MB");
  private static final SizeInBytes SNAPSHOT_CHUNK = SizeInBytes.valueOf("1MB");
  private static final SizeInBytes PENDING = SizeInBytes.valueOf("32MB");

  /// A laptop that was closed for a night still has its seat.
  private static final Duration PAUSE_MAX = Duration.ofDays(365);

  /// Entries that a follower may lack without being sent the whole state.
  private static final long KEPT_ENTRIES = 10_000;

  private static final int SNAPSHOTS_KEPT = 2;

  private EngineProperties() {}

  static RaftProperties of(LogSettings settings) {
    RaftProperties properties = new RaftProperties();
    properties.set(RaftConfigKeys.Rpc.TYPE_KEY, SeatRpc.Type.class.getName());
    RaftServerConfigKeys.setStorageDir(properties, List.of(settings.folder().toFile()));
    RaftServerConfigKeys.setRemovedGroupsDir(
        properties, settings.folder().resolve("removed").toFile());
    RaftServerConfigKeys.setCloseThreshold(properties, time(PAUSE_MAX));
    RaftServerConfigKeys.setStagingTimeout(
        properties, time(settings.electionMax().multipliedBy(5)));
    times(properties, settings);
    log(properties);
    RaftServerConfigKeys.Snapshot.setAutoTriggerEnabled(properties, true);
    RaftServerConfigKeys.Snapshot.setAutoTriggerThreshold(properties, settings.snapshotEvery());
    RaftServerConfigKeys.Snapshot.setCreationGap(properties, 1);
    RaftServerConfigKeys.Snapshot.setRetentionFileNum(properties, SNAPSHOTS_KEPT);
    return properties;
  }

  private static void times(RaftProperties properties, LogSettings settings) {
    TimeDuration min = time(settings.electionMin());
    TimeDuration max = time(settings.electionMax());
    RaftServerConfigKeys.Rpc.setTimeoutMin(properties, min);
    RaftServerConfigKeys.Rpc.setTimeoutMax(properties, max);
    // Who was alone, or starts with the others, need not be waited for as long.
    RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMin(properties, time(Duration.ofMillis(20)));
    RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMax(properties, time(Duration.ofMillis(150)));
    RaftServerConfigKeys.Rpc.setRequestTimeout(properties, max);
    // Between two attempts to reach a seat that is dead.
    RaftServerConfigKeys.Rpc.setSleepTime(properties, time(Duration.ofMillis(100)));
    RaftServerConfigKeys.LeaderElection.setLeaderStepDownWaitTime(properties, max.multiply(2));
    RaftServerConfigKeys.Read.setOption(properties, RaftServerConfigKeys.Read.Option.LINEARIZABLE);
    RaftServerConfigKeys.RetryCache.setExpiryTime(properties, time(Duration.ofSeconds(10)));
  }

  private static void log(RaftProperties properties) {
    RaftServerConfigKeys.Log.Appender.setBufferByteLimit(properties, MESSAGE);
    RaftServerConfigKeys.Log.Appender.setSnapshotChunkSizeMax(properties, SNAPSHOT_CHUNK);
    RaftServerConfigKeys.Log.Appender.setWaitTimeMin(properties, TimeDuration.ZERO);
    RaftServerConfigKeys.Log.setWriteBufferSize(properties, WRITE_BUFFER);
    // Each grows the file, which costs the next sync a second write.
    RaftServerConfigKeys.Log.setPreallocatedSize(properties, SizeInBytes.valueOf("1MB"));
    // How far entries were committed: a second sync for every entry, and the next leader finds out
    // without it.
    RaftServerConfigKeys.Log.setLogMetadataEnabled(properties, false);
    RaftServerConfigKeys.Log.setSegmentSizeMax(properties, SEGMENT);
    RaftServerConfigKeys.Log.setSegmentCacheNumMax(properties, 2);
    RaftServerConfigKeys.Log.setSegmentCacheSizeMax(properties, PENDING);
    RaftServerConfigKeys.Log.setQueueByteLimit(properties, PENDING);
    RaftServerConfigKeys.Write.setByteLimit(properties, PENDING);
    RaftServerConfigKeys.Log.setPurgeUptoSnapshotIndex(properties, true);
    RaftServerConfigKeys.Log.setPurgePreservationLogNum(properties, KEPT_ENTRIES);
  }

  private static TimeDuration time(Duration duration) {
    return TimeDuration.valueOf(duration.toMillis(), TimeUnit.MILLISECONDS);
  }
}
