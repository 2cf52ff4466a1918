package dev.potluck.consensus;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.util.FileUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Seats of one process, with logs on the disk; their messages go from one to the other directly.
/// Real processes and networks are the business of the peer's tests.
@Timeout(120)
class ReplicatedLogTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final UUID GROUP = UUID.fromString("3f0c8a52-6a1e-4a0a-9d6f-0d2f5a1f7c11");

  /// Kept, or its level would be forgotten.
  private static final Logger ENGINE = Logger.getLogger("org.apache.ratis");

  @TempDir private Path folder;
  private final Map<String, Seat> seats = new ConcurrentHashMap<>();
  private final Set<String> cut = ConcurrentHashMap.newKeySet();
  private long snapshotEvery = 1_000;
  private Duration silence = Duration.ofMillis(500);
  private volatile Way way = (_, _, _, message) -> message;

  private record Seat(ReplicatedLog log, Entries entries) {}

  @BeforeAll
  static void engineSpeaksOnlyOfWhatIsBroken() {
    ENGINE.setLevel(Level.SEVERE);
  }

  /// Where a log comes from.
  @FunctionalInterface
  private interface Opening {
    ReplicatedLog open(
        UUID group, LogSettings settings, LogTransport transport, ReplicatedState state)
        throws IOException;
  }

  private Seat open(String id, Opening opening) throws IOException {
    LogSettings settings = settings(id);
    Entries entries = new Entries();
    LogTransport transport = (seat, kind, message) -> deliver(id, seat, kind, message);
    Seat opened = new Seat(opening.open(GROUP, settings, transport, entries), entries);
    seats.put(id, opened);
    return opened;
  }

  private LogSettings settings(String id) {
    return new LogSettings(folder.resolve(id), id, silence, silence.multipliedBy(2), snapshotEvery);
  }

  /// What becomes of a message on its way.
  @FunctionalInterface
  private interface Way {
    /// What arrives.
    ///
    /// @throws IOException if nothing does
    byte[] take(String from, String to, LogMessage kind, byte[] message) throws IOException;
  }

  private byte[] deliver(String from, String to, LogMessage kind, byte[] message)
      throws IOException {
    Seat seat = seats.get(to);
    if (seat == null || cut.contains(from) || cut.contains(to)) {
      throw new IOException(to + " can't be reached");
    }
    return seat.log.handle(from, kind, way.take(from, to, kind, message));
  }

  private Seat seat(String id) {
    return Objects.requireNonNull(seats.get(id), id);
  }

  private void close(String id) throws IOException {
    Seat seat = seats.remove(id);
    if (seat != null) {
      seat.log.close();
    }
  }

  @AfterEach
  void closeAll() throws IOException {
    for (String id : Set.copyOf(seats.keySet())) {
      close(id);
    }
  }

  private Seat foundAlone() throws IOException {
    Seat first = open("anna", ReplicatedLog::found);
    await().until(first.entries::isLeading);
    return first;
  }

  private Seat three() throws IOException {
    Seat first = foundAlone();
    open("ben", ReplicatedLog::take);
    open("cleo", ReplicatedLog::take);
    first.log.seats(Set.of("anna"), Set.of("anna", "ben"), PATIENCE);
    first.log.seats(Set.of("anna", "ben"), Set.of("anna", "ben", "cleo"), PATIENCE);
    return first;
  }

  @Test
  void whoIsToLoseASeatHasItUntilThatIsAgreedOn() throws Exception {
    silence = Duration.ofSeconds(1);
    Seat first = foundAlone();
    open("ben", ReplicatedLog::take);
    first.log.seats(Set.of("anna"), Set.of("anna", "ben"), PATIENCE);
    cut.add("ben");

    CompletableFuture<Void> change =
        CompletableFuture.runAsync(
            () -> {
              try {
                first.log.seats(Set.of("anna", "ben"), Set.of("anna"), PATIENCE);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });

    // Ben must agree, and is not heard: by the engine's word anna has the only seat already.
    await()
        .during(Duration.ofMillis(300))
        .until(() -> first.log.seats().equals(Set.of("anna", "ben")));
    assertThat(change).isNotDone();
    cut.remove("ben");
    change.exceptionally(_ -> null).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    await().atMost(PATIENCE).until(() -> seat(leader()).log.seats().equals(Set.of("anna")));
  }

  @Test
  void whoLostItsSeatWithoutHearingOfItEndsAndCanBeGivenOneAgain() throws Exception {
    Seat first = three();
    cut.add("cleo");
    first.log.seats(Set.of("anna", "ben", "cleo"), Set.of("anna", "ben"), PATIENCE);
    assertThat(seat("cleo").log.isKept()).isTrue();
    cut.remove("cleo");

    await().atMost(PATIENCE).until(() -> !seat("cleo").log.isKept());
    close("cleo");
    FileUtils.deleteFully(folder.resolve("cleo"));
    Seat again = open("cleo", ReplicatedLog::take);
    first.log.seats(Set.of("anna", "ben"), Set.of("anna", "ben", "cleo"), PATIENCE);

    assertThat(again.log.isKept()).isTrue();
    await().atMost(PATIENCE).until(() -> again.log.seats().size() == 3);
  }

  private static Appended append(Seat seat, String entry) throws Exception {
    return seat.log.append(entry.getBytes(UTF_8)).get(10, TimeUnit.SECONDS);
  }

  private String leader() {
    return await()
        .atMost(PATIENCE)
        .until(
            () ->
                seats.entrySet().stream()
                    .filter(e -> !cut.contains(e.getKey()) && e.getValue().entries.isLeading())
                    .map(Map.Entry::getKey)
                    .findFirst()
                    .orElse(""),
            id -> !id.isEmpty());
  }

  @Test
  void oneSeatAgreesWithItselfAndRemembersAfterARestart() throws Exception {
    Seat first = foundAlone();

    assertThat(append(first, "one")).isEqualTo(Appended.APPLIED);
    assertThat(append(first, "two")).isEqualTo(Appended.APPLIED);
    close("anna");
    assertThat(ReplicatedLog.in(folder.resolve("anna"))).contains(GROUP);
    Seat again = open("anna", ReplicatedLog::reopen);

    await().until(again.entries::isLeading);
    assertThat(again.entries.all()).containsExactly("one", "two");
    assertThat(again.log.seats()).containsExactly("anna");
  }

  @Test
  void foundingAgainAfterACrashGoesOnWithTheSameLog() throws Exception {
    assertThat(append(foundAlone(), "one")).isEqualTo(Appended.APPLIED);
    close("anna");

    Seat again = foundAlone();

    assertThat(again.entries.all()).containsExactly("one");
  }

  @Test
  void threeSeatsHaveTheSameEntriesAndAnyOfThemMayDie() throws Exception {
    Seat first = three();
    assertThat(append(first, "one")).isEqualTo(Appended.APPLIED);
    await().until(() -> seat("cleo").entries.all().equals(List.of("one")));

    close("anna");
    Seat next = seat(leader());
    assertThat(append(next, "two")).isEqualTo(Appended.APPLIED);
    Seat back = open("anna", ReplicatedLog::reopen);

    await().until(() -> back.entries.all().equals(List.of("one", "two")));
    assertThat(back.log.seats()).containsExactly("anna", "ben", "cleo");
  }

  @Test
  void entriesOfOneThreadKeepTheirOrder() throws Exception {
    Seat first = three();
    List<String> expected = new ArrayList<>();
    List<CompletableFuture<Appended>> pending = new ArrayList<>();

    for (int i = 0; i < 500; i++) {
      expected.add("e" + i);
      pending.add(first.log.append(("e" + i).getBytes(UTF_8)));
    }
    for (var one : pending) {
      assertThat(one.get(10, TimeUnit.SECONDS)).isEqualTo(Appended.APPLIED);
    }

    assertThat(first.entries.all()).isEqualTo(expected);
  }

  @Test
  void whoFollowsAppendsNothing() throws Exception {
    three();

    assertThat(append(seat("ben"), "mine")).isEqualTo(Appended.REJECTED);

    assertThat(seat("anna").entries.all()).isEmpty();
  }

  @Test
  void aLeaderThatIsCutOffLeadsNoMoreAndTheOthersGoOn() throws Exception {
    Seat first = three();
    cut.add("anna");

    Seat next = seat(leader());
    assertThat(append(next, "theirs")).isEqualTo(Appended.APPLIED);
    await().atMost(PATIENCE).until(() -> !first.entries.isLeading());
    assertThat(append(first, "mine")).isNotEqualTo(Appended.APPLIED);
    cut.clear();

    await().atMost(PATIENCE).until(() -> first.entries.all().equals(List.of("theirs")));
  }

  @Test
  void whoIsAdmittedVotesThoughTheLeaderDiesInThatMoment() throws Exception {
    Seat first = foundAlone();
    open("ben", ReplicatedLog::take);
    open("cleo", ReplicatedLog::take);
    first.log.seats(Set.of("anna"), Set.of("anna", "ben"), PATIENCE);
    AtomicBoolean admitted = new AtomicBoolean();
    way =
        (from, to, kind, message) ->
            kind == LogMessage.APPEND && from.equals("anna") && to.equals("cleo")
                ? untilAdmitted(message, admitted)
                : message;

    first.log.seats(Set.of("anna", "ben"), Set.of("anna", "ben", "cleo"), PATIENCE);
    assertThat(admitted).isTrue();
    cut.add("anna");

    assertThat(append(seat(leader()), "theirs")).isEqualTo(Appended.APPLIED);
    await().atMost(PATIENCE).until(() -> seat("cleo").entries.all().equals(List.of("theirs")));
  }

  /// The entry that admits cleo is the last that she hears of the leader, who calls her new in it,
  /// as it may do until it has noticed that it has appended that entry.
  private static byte[] untilAdmitted(byte[] message, AtomicBoolean admitted) throws IOException {
    if (admitted.get()) {
      throw new IOException("the leader is not heard any more");
    }
    AppendEntriesRequestProto request = AppendEntriesRequestProto.parseFrom(message);
    admitted.set(
        request.getEntriesList().stream()
            .flatMap(entry -> entry.getConfigurationEntry().getPeersList().stream())
            .anyMatch(peer -> peer.getId().toStringUtf8().equals("cleo")));
    return request.toBuilder().setInitializing(true).build().toByteArray();
  }

  @Test
  void aNewSeatGetsTheStateWhenTheEntriesAreGone() throws Exception {
    snapshotEvery = 50;
    Seat first = foundAlone();
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      expected.add("e" + i);
      CompletableFuture<Appended> last = first.log.append(("e" + i).getBytes(UTF_8));
      if (i % 1_000 == 999) {
        assertThat(last.get(10, TimeUnit.SECONDS)).isEqualTo(Appended.APPLIED);
      }
    }
    assertThat(first.entries.all()).isEqualTo(expected);
    close("anna");
    Seat again = open("anna", ReplicatedLog::reopen);
    await().until(again.entries::isLeading);

    Seat second = open("ben", ReplicatedLog::take);
    again.log.seats(Set.of("anna"), Set.of("anna", "ben"), PATIENCE);

    await().atMost(PATIENCE).until(() -> second.entries.all().equals(expected));
    assertThat(second.entries.loads()).isPositive();
  }

  @Test
  void leadershipIsHandedOver() throws Exception {
    Seat first = three();

    first.log.handOver("cleo", PATIENCE);

    await().until(() -> seat("cleo").entries.isLeading());
    assertThat(append(seat("cleo"), "one")).isEqualTo(Appended.APPLIED);
  }

  @Test
  void whoKnowsThatTheLeaderIsGoneWaitsForNoSilence() throws Exception {
    silence = Duration.ofSeconds(5);
    Seat first = three();
    assertThat(append(first, "one")).isEqualTo(Appended.APPLIED);
    Seat ben = seat("ben");
    await().atMost(PATIENCE).until(() -> ben.entries.all().equals(List.of("one")));
    close("anna");

    assertThat(ben.log.succeed("cleo")).isFalse();
    assertThat(ben.log.succeed("anna")).isTrue();

    await().atMost(silence.dividedBy(2)).until(ben.entries::isLeading);
    assertThat(append(ben, "two")).isEqualTo(Appended.APPLIED);
    assertThat(ben.entries.all()).containsExactly("one", "two");
    assertThat(ben.log.succeed("cleo")).isFalse();
  }

  @Test
  void aSeatIsGivenUp() throws Exception {
    Seat first = three();

    first.log.seats(Set.of("anna", "ben", "cleo"), Set.of("anna", "ben"), PATIENCE);
    close("cleo");
    first.log.seats(Set.of("anna", "ben"), Set.of("anna"), PATIENCE);
    close("ben");

    assertThat(append(first, "one")).isEqualTo(Appended.APPLIED);
  }

  @Test
  void nobodySpeaksInAnothersName() throws Exception {
    Seat first = foundAlone();
    byte[] vote =
        RequestVoteRequestProto.newBuilder()
            .setServerRequest(
                RaftRpcRequestProto.newBuilder().setRequestorId(ByteString.copyFromUtf8("ben")))
            .build()
            .toByteArray();

    assertThatThrownBy(() -> first.log.handle("mallory", LogMessage.VOTE, vote))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("mallory speaks in the name of ben");
  }

  @Test
  void logCanBeginWithAState() throws Exception {
    ReplicatedLog.seed(GROUP, settings("anna"), out -> out.write("one\ntwo\n".getBytes(UTF_8)));

    Seat anna = open("anna", ReplicatedLog::reopen);

    await().until(anna.entries::isLeading);
    assertThat(append(anna, "three")).isEqualTo(Appended.APPLIED);
    assertThat(anna.entries.all()).containsExactly("one", "two", "three");
    open("ben", ReplicatedLog::take);
    anna.log.seats(Set.of("anna"), Set.of("anna", "ben"), PATIENCE);
    await().untilAsserted(() -> assertThat(seat("ben").entries.all()).endsWith("two", "three"));
  }
}
