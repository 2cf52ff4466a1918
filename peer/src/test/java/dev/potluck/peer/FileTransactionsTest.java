package dev.potluck.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.potluck.content.ConflictException;
import dev.potluck.content.Name;
import dev.potluck.content.UnavailableException;
import dev.potluck.content.Version;
import dev.potluck.directory.Changes;
import dev.potluck.directory.Fact;
import dev.potluck.directory.Refusal;
import dev.potluck.wire.CommitOutcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class FileTransactionsTest {
  @TempDir private Path temp;
  private ShareFixture share;
  private Namespace namespace;
  private Announcer announcer;
  private Database database;
  private FileTransactions it;
  private final List<List<Fact.Edited>> asked = new ArrayList<>();

  /// What the directory answers: each time the next, and that it is away when there is no more.
  private final List<CommitOutcome> answers = new ArrayList<>();

  @BeforeEach
  void open() throws IOException {
    share = new ShareFixture(temp.resolve("share"));
    namespace = Namespace.open(temp.resolve("namespace.db"));
    namespace.apply(1, Changes.none(9));
    announcer = new Announcer(share.share, namespace);
    database = Database.open(temp.resolve("peer.db"), PreparedFiles.SCHEMA);
    it = transactions();
  }

  private FileTransactions transactions() {
    return new FileTransactions(
        share.share, namespace, announcer, this::answer, new PreparedFiles(database));
  }

  private synchronized CommitOutcome answer(List<Fact.Edited> edits, Duration timeout) {
    asked.add(edits);
    if (answers.isEmpty()) {
      throw new UnavailableException("it is away");
    }
    return answers.removeFirst();
  }

  @AfterEach
  void close() throws IOException {
    announcer.close();
    share.close();
    namespace.close();
    database.close();
  }

  @Test
  void whatIsCommittedIsInPlace() throws Exception {
    share.install("b", "old", 3);
    answers.add(committed("new a", 1, "new b", 4));

    List<Version> versions =
        it.commit(List.of(prepared("a", "new a", 0), prepared("b", "new b", 3)));

    assertThat(versions.stream().map(Version::number)).containsExactly(1L, 4L);
    assertThat(share.text("a")).isEqualTo("new a");
    assertThat(share.text("b")).isEqualTo("new b");
    assertThat(share.find("b").orElseThrow().base()).isEqualTo(4);
    assertThat(share.find("b").orElseThrow().edited()).isFalse();
    assertNothingIsLeft();
  }

  @Test
  void whatIsRefusedChangesNothing() throws Exception {
    share.install("b", "old", 3);
    answers.add(new CommitOutcome.Refused(Refusal.LOCKED, "b is locked by ben", List.of()));

    assertThatThrownBy(() -> it.commit(List.of(prepared("a", "a", 0), prepared("b", "b", 3))))
        .isInstanceOf(ConflictException.class)
        .hasMessage("b is locked by ben; nothing was changed");

    assertThat(share.exists("a")).isFalse();
    assertThat(share.text("b")).isEqualTo("old");
    assertNothingIsLeft();
  }

  @Test
  void whatWasNotAnsweredIsAskedAgainAndFinishedAfterACrash() throws Exception {
    var files = List.of(prepared("a", "new a", 0), prepared("b", "new b", 0));
    assertThatThrownBy(() -> it.commit(files)).isInstanceOf(UnavailableException.class);
    share.reopen();
    assertThat(share.exists("a")).isFalse();

    answers.add(committed("new a", 1, "new b", 1));
    it = transactions();
    it.tidy();
    it.settleOld();

    awaitNothingLeft();
    assertThat(share.text("a")).isEqualTo("new a");
    assertThat(share.text("b")).isEqualTo("new b");
    assertThat(asked.get(1))
        .as("the same, and said to be asked again")
        .isEqualTo(asked.get(0).stream().map(edit -> edit.said(true)).toList());
  }

  @Test
  void whatIsRefusedWhenAskedAgainIsGivenUp() throws Exception {
    var files = List.of(prepared("a", "new a", 0));
    assertThatThrownBy(() -> it.commit(files)).isInstanceOf(UnavailableException.class);

    answers.add(new CommitOutcome.Refused(Refusal.CONFLICT, "a has changed meanwhile", List.of()));
    it.settleOld();

    awaitNothingLeft();
    assertThat(share.exists("a")).isFalse();
  }

  @Test
  void whatBelongsToNoTransactionIsDeletedAtTheStart() throws Exception {
    var _ = prepared("a", "a", 0);

    it.tidy();

    assertNothingIsLeft();
  }

  private PreparedFiles.Prepared prepared(String name, String text, long base) throws IOException {
    Path source = Files.writeString(temp.resolve("source"), text);
    ReadyContent copy = share.share.importFile(source);
    Version version = Version.file(0, copy.content(), Instant.EPOCH, 0644);
    return new PreparedFiles.Prepared(share.share.prepare(copy), Name.of(name), base, 7, version);
  }

  private static CommitOutcome committed(String a, long numberOfA, String b, long numberOfB) {
    return new CommitOutcome.Committed(
        List.of(ShareFixture.version(a, numberOfA), ShareFixture.version(b, numberOfB)), 1);
  }

  private void awaitNothingLeft() throws IOException {
    Awaitility.await().until(() -> new PreparedFiles(database).all().isEmpty());
    assertNothingIsLeft();
  }

  private void assertNothingIsLeft() throws IOException {
    assertThat(new PreparedFiles(database).all()).isEmpty();
    try (Stream<Path> left = Files.list(share.folder.resolve(Share.PREPARED))) {
      assertThat(left).isEmpty();
    }
  }
}
