package dev.potluck.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.potluck.content.ContentId;
import dev.potluck.content.Pieces;
import dev.potluck.content.Root;
import dev.potluck.wire.v1.EditedMessage;
import dev.potluck.wire.v1.EntryMessage;
import dev.potluck.wire.v1.FactMessage;
import dev.potluck.wire.v1.HeartbeatMessage;
import dev.potluck.wire.v1.SessionReply.ReplyCase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// A member that lies: it is found out and named, nothing wrong is stored, and the party goes on.
/// Anna and Ben are real processes; Mallory is a member of the same closed party.
final class LyingMemberTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final int PIECE = 256 << 10;

  @TempDir private static Path folder;
  private static Party party;
  private static LyingMember mallory;

  @BeforeAll
  static void gather() throws Exception {
    party = Party.in(folder);
    // Mallory's heart need not beat within this.
    party.tracker("--refresh", "500ms", "--lease", "10m");
    for (var name : List.of("anna", "ben")) {
      Files.createDirectories(party.share(name));
      party.up(name, "--join", ticket(), "--settle", "100ms", "-v");
    }
    mallory = new LyingMember("mallory", folder.resolve("mallory"), ticket());
  }

  @AfterAll
  static void partWays() {
    mallory.close();
    party.close();
  }

  private static String ticket() {
    return party.ask(Party.TRACKER, "invite", Map.of()).path("ticket").asString("");
  }

  @ParameterizedTest
  @EnumSource(names = {"BYTES", "LENGTH", "LAYER", "LAYER_LENGTH"})
  void aLiarIsNamedAndAnHonestHolderHelpsOut(Lie lie) throws Exception {
    var name = "film-" + lie;
    var bytes = random(name.hashCode(), 12 * PIECE - 7);
    var before = caught("ben");

    mallory.offers(name, bytes, lie);
    var get = begin("ben", "get", name, "--wait", "60s");
    soon(() -> assertThat(caught("ben")).isGreaterThan(before));

    assertThat(party.share("ben").resolve(name)).doesNotExist();
    soon(() -> assertThat(log("ben")).contains("mallory sent wrong bytes").contains(lie.found));
    Files.write(party.share("anna").resolve(name), bytes);
    assertThat(get.get(60, TimeUnit.SECONDS)).isZero();
    assertThat(party.share("ben").resolve(name)).hasBinaryContent(bytes);
  }

  @ParameterizedTest
  @EnumSource(names = {"BYTES", "FRAME_LENGTH", "FRAME_STATUS", "FRAMES_MISSING"})
  void aFalseBatchIsFoundOut(Lie lie) throws Exception {
    var tree = "tree-" + lie;
    var before = caught("ben");

    offersTree(tree, lie);
    var get = begin("ben", "get", "-r", tree, "--wait", "60s");
    soon(() -> assertThat(caught("ben")).isGreaterThan(before));

    assertThat(party.share("ben").resolve(tree + "/0")).doesNotExist();
    soon(() -> assertThat(log("ben")).contains(lie.found));
    Files.createDirectories(party.share("anna").resolve(tree));
    for (var i = 0; i < 3; i++) {
      Files.write(
          party.share("anna").resolve(tree + "/" + i), random(tree.hashCode() + i, 1_000 + i));
    }
    assertThat(get.get(60, TimeUnit.SECONDS)).isZero();
    assertTreeIsAt("ben", tree);
  }

  @Test
  void ofABatchThatGoesOnTooLongWhatIsRightIsKeptAndTheLiarNamed() throws Exception {
    var before = caught("ben");
    offersTree("tree-longer", Lie.FRAME_COUNT);

    assertThat(begin("ben", "get", "-r", "tree-longer").get(60, TimeUnit.SECONDS)).isZero();

    assertThat(caught("ben")).isGreaterThan(before);
    assertThat(log("ben")).contains(Lie.FRAME_COUNT.found);
    assertTreeIsAt("ben", "tree-longer");
  }

  private static void offersTree(String tree, Lie lie) throws Exception {
    for (var i = 0; i < 3; i++) {
      mallory.offers(tree + "/" + i, random(tree.hashCode() + i, 1_000 + i), lie);
    }
    soon(() -> assertThat(names("ben")).contains(tree + "/2"));
  }

  private static void assertTreeIsAt(String who, String tree) {
    for (var i = 0; i < 3; i++) {
      assertThat(party.share(who).resolve(tree + "/" + i))
          .hasBinaryContent(random(tree.hashCode() + i, 1_000 + i));
    }
  }

  /// A content nobody can have, and what getting it comes to.
  record Invented(String name, long size, boolean rootOfOther, int status) {}

  static Stream<Invented> invented() {
    return Stream.of(
        new Invented("invented/larger", 12 * PIECE + 1, true, 7),
        new Invented("invented/small-larger", 2_000, true, 7),
        new Invented("invented/root", 6 * PIECE, false, 7),
        new Invented("invented/small-root", 500, false, 7),
        new Invented("invented/monster", 1L << 45, false, 1),
        new Invented("invented/whale", Pieces.COUNTABLE_SIZE, false, 1));
  }

  @ParameterizedTest
  @MethodSource("invented")
  void aFalseSizeOrRootIsNeverStored(Invented one) throws Exception {
    var bytes = random(1, (int) Math.min(one.size, 12 * PIECE + 1));
    mallory.offersFalsely(one.name, bytes, one.rootOfOther, one.size);
    soon(() -> assertThat(names("ben")).contains(one.name));

    assertThat(begin("ben", "get", one.name).get(60, TimeUnit.SECONDS)).isEqualTo(one.status);

    assertThat(party.share("ben").resolve(one.name)).doesNotExist();
    if (one.status == 7) {
      assertThat(caught("ben")).isPositive();
    }
    assertThat(begin("ben", "find", one.name).get(60, TimeUnit.SECONDS)).isZero();
  }

  @Test
  void anEditThatNobodyCanFetchReplacesNothing() throws Exception {
    var before = caught("anna");
    var file = party.share("anna").resolve("diary");
    Files.writeString(file, "what really happened");
    soon(() -> assertThat(names("ben")).contains("diary"));

    var bytes = random(3, 700);
    var content = mallory.offersFalsely("unused", bytes, false, 700);
    mallory.announces(
        FactMessage.newBuilder()
            .setEdited(
                EditedMessage.newBuilder()
                    .setName("diary")
                    .setBase(1)
                    .setVersion(LyingMember.version(0, content)))
            .build());
    soon(() -> assertThat(caught("anna")).isGreaterThan(before));

    assertThat(file).hasContent("what really happened");
    assertThat(party.ask("anna", "find", Map.of("name", "diary")).path("version").asLong())
        .isEqualTo(2);
  }

  @Test
  void absurdVersionsAreRefusedAndTheirAuthorNamed() throws Exception {
    var file = party.share("anna").resolve("steady");
    Files.writeString(file, "steady");
    soon(() -> assertThat(names("ben")).contains("steady"));
    var content = new ContentId(Root.of(random(5, 32)), 10);
    var version = LyingMember.version(Long.MAX_VALUE, content);
    var before = caught(Party.TRACKER);

    mallory.announces(
        LyingMember.holds("steady", Long.MAX_VALUE, content),
        LyingMember.holds("new-and-absurd", Long.MAX_VALUE - 1, content),
        FactMessage.newBuilder()
            .setEdited(
                EditedMessage.newBuilder()
                    .setName("steady")
                    .setBase(Long.MAX_VALUE)
                    .setVersion(version))
            .build(),
        FactMessage.newBuilder()
            .setKnown(
                EntryMessage.newBuilder().setName("steady").setVersion(version).setDeleted(true))
            .build());

    // What somebody says to know is not answered, only passed over.
    soon(() -> assertThat(caught(Party.TRACKER)).isEqualTo(before + 3));
    assertThat(party.ask("ben", "find", Map.of("name", "steady")).path("version").asLong())
        .isEqualTo(1);
    assertThat(names("ben")).doesNotContain("new-and-absurd");
    assertThat(file).hasContent("steady");
    assertThat(run("ben", "get", "steady")).isZero();
  }

  static Stream<String> nonNames() {
    return Stream.of(
        "..",
        "../outside",
        "a/../../outside",
        "/etc/potluck",
        ".potluck/share.db",
        "deep/.potluck/x",
        "nul\0byte",
        "",
        "a//b",
        "x".repeat(256),
        "y/".repeat(1_900) + "z");
  }

  @ParameterizedTest
  @MethodSource("nonNames")
  void whatIsNoNameEndsTheSessionAndHarmsNobody(String name) throws Exception {
    var before = caught(Party.TRACKER, "eve");
    var known = names("ben");
    try (var other = new LyingMember("eve", folder.resolve("eve"), ticket())) {

      other.announces(LyingMember.holds(name, 1, new ContentId(Root.of(random(6, 32)), 10)));

      assertThat(other.await(ReplyCase.ENDED).getEnded()).contains("INVALID_ARGUMENT");
    }
    soon(() -> assertThat(caught(Party.TRACKER, "eve")).isGreaterThan(before));
    assertThat(names("ben")).isEqualTo(known);
    assertThat(party.process(Party.TRACKER).isAlive()).isTrue();
  }

  @Test
  void nobodyIsMisledByAnAbsurdLoad() throws Exception {
    mallory.offers("busy", random(9, 100), Lie.BYTES);
    mallory.beats(HeartbeatMessage.newBuilder().setUploads(-1).setDownloads(-1).build());
    mallory.beats(
        HeartbeatMessage.newBuilder()
            .setUploads(Integer.MAX_VALUE)
            .setDownloads(Integer.MAX_VALUE)
            .build());

    soon(
        () ->
            assertThat(
                    party
                        .ask("ben", "find", Map.of("name", "busy"))
                        .at("/holders/0/load")
                        .asLong(-1))
                .isPositive());
    assertThat(party.ask("ben", "load", Map.of("peer", "mallory")).path("load").asLong(-1))
        .isPositive();
  }

  /// How often that machine caught a liar, as its status says.
  private static long caught(String who) {
    return caught(who, "mallory");
  }

  private static long caught(String who, String liar) {
    return party
        .ask(who, "status", Map.of())
        .path("distrusted")
        .valueStream()
        .filter(peer -> peer.path("peer").asString("").equals(liar))
        .mapToLong(peer -> peer.path("pieces").asLong())
        .sum();
  }

  private static List<String> names(String who) {
    return party
        .ask(who, "ls", Map.of())
        .valueStream()
        .map((JsonNode name) -> name.path("name").asString(""))
        .toList();
  }

  private static String log(String who) {
    return party.process(who).log();
  }

  private static int run(String who, String... words) {
    var stage = new Stage(folder, Map.of(ShareLocator.VARIABLE, party.share(who).toString()), "");
    var status = stage.run(words);
    assertThat(stage.err()).doesNotContain("\tat ", "Exception");
    return status;
  }

  private static CompletableFuture<Integer> begin(String who, String... words) {
    var ended = new CompletableFuture<Integer>();
    Thread.ofVirtual()
        .name("command-of-" + who)
        .start(() -> ended.completeAsync(() -> run(who, words), Runnable::run));
    return ended;
  }

  private static void soon(org.awaitility.core.ThrowingRunnable assertion) {
    Awaitility.await()
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(50))
        .pollDelay(Duration.ZERO)
        .ignoreExceptions()
        .untilAsserted(assertion);
  }

  private static byte[] random(long seed, int length) {
    var bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }
}
