package dev.potluck.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.potluck.content.DeniedException;
import dev.potluck.content.Name;
import dev.potluck.content.UnavailableException;
import dev.potluck.directory.Changes;
import dev.potluck.directory.Entry;
import dev.potluck.directory.Reason;
import dev.potluck.wire.Watch;
import dev.potluck.wire.WatchEvents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the directory's watch does to a real share and a real copy of the namespace.
final class FollowerTest {
  static final long INCARNATION = 11;

  @TempDir Path temp;
  ShareFixture share;
  Namespace namespace;
  Announcer announcer;
  Follower it;
  final BlockingQueue<FakeWatch> watches = new LinkedBlockingQueue<>();
  final List<Entry> updates = new CopyOnWriteArrayList<>();
  final AtomicInteger membersAsked = new AtomicInteger();
  final AtomicInteger refused = new AtomicInteger();
  volatile @Nullable RuntimeException refusal;
  FakeWatch watch;

  @BeforeEach
  void open() throws Exception {
    share = new ShareFixture(temp.resolve("share"));
    namespace = Namespace.open(temp.resolve("namespace.db"));
    announcer = new Announcer(share.share, namespace);
    EventLog events = new EventLog(Clock.fixed(FakeDirectory.NOW, ZoneOffset.UTC));
    it =
        new Follower(
            this::watch,
            namespace,
            announcer,
            new PartyChanges(share.share, announcer, updates::add, events),
            membersAsked::incrementAndGet);
    watch = next();
    watch.events.began(INCARNATION);
  }

  @AfterEach
  void close() throws IOException {
    it.close();
    announcer.close();
    share.close();
    namespace.close();
  }

  /// One watch that the follower began.
  record FakeWatch(long incarnation, long fromRevision, WatchEvents events) implements Watch {
    void says(Changes changes) {
      events.changes(changes);
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {
      events.lost("closed");
    }
  }

  private Watch watch(long incarnation, long from, WatchEvents events, Duration timeout) {
    RuntimeException why = refusal;
    if (why != null) {
      refused.incrementAndGet();
      throw why;
    }
    FakeWatch begun = new FakeWatch(incarnation, from, events);
    watches.add(begun);
    return begun;
  }

  private FakeWatch next() throws InterruptedException {
    FakeWatch begun = watches.poll(10, TimeUnit.SECONDS);
    assertThat(begun).as("another watch").isNotNull();
    return begun;
  }

  @Test
  void itBeginsWhereItsCopyEnds() throws Exception {
    assertThat(watch.incarnation()).isZero();
    watch.says(Entries.snapshot(7, Entries.living("a", "one", 1)));

    watch.events().lost("the directory ended");

    FakeWatch again = next();
    assertThat(again.incarnation()).isEqualTo(INCARNATION);
    assertThat(again.fromRevision()).isEqualTo(7);
  }

  @Test
  void anEventInPartsIsAppliedWhenItsLastHasCome() {
    watch.says(Entries.part(9, true, Entries.living("a", "one", 1)));
    watch.says(Entries.part(9, true, Entries.living("b", "two", 1)));
    assertThat(namespace.list("")).isEmpty();
    assertThat(namespace.revision()).isZero();

    watch.says(Entries.snapshot(9, Entries.living("c", "three", 1)));

    assertThat(Entries.names(namespace.list(""))).containsExactly("a", "b", "c");
    assertThat(namespace.revision()).isEqualTo(9);
  }

  @Test
  void anEventThatBreaksOffIsAskedForAgain() throws Exception {
    watch.says(Entries.part(9, true, Entries.living("a", "one", 1)));

    watch.events().lost("the network broke");

    FakeWatch again = next();
    assertThat(again.incarnation()).isZero();
    assertThat(again.fromRevision()).isZero();
    again.events().began(INCARNATION);
    again.says(Entries.snapshot(9, Entries.living("b", "two", 1)));
    assertThat(Entries.names(namespace.list(""))).containsExactly("b");
  }

  @Test
  void ofANameThatComesTwiceTheLaterCounts() {
    watch.says(Entries.part(9, true, Entries.living("a", "one", 1)));
    watch.says(Entries.snapshot(10, Entries.living("a", "two", 2)));

    assertThat(namespace.living(Name.of("a"))).contains(Entries.living("a", "two", 2));
  }

  @Test
  void anEventWithoutNamesIsAboutTheMembersAndNoRevision() throws Exception {
    watch.says(Changes.none(500));

    assertThat(membersAsked).hasValue(1);
    assertThat(namespace.revision()).isZero();
    assertThatThrownBy(() -> it.awaitFirst(Duration.ofMillis(50)))
        .isInstanceOf(UnavailableException.class);
  }

  @Test
  void aSnapshotWithoutNamesIsTheFirstEventOfAnEmptyParty() throws Exception {
    watch.says(Entries.snapshot(0));

    it.awaitFirst(Duration.ofSeconds(10));

    assertThat(namespace.incarnation()).isEqualTo(INCARNATION);
  }

  @Test
  void whoeverWaitsForTheFirstEventHearsWhyItDoesNotCome() throws Exception {
    refusal = new DeniedException("this machine was expelled");
    watch.events().lost("cut");

    Awaitility.await()
        .untilAsserted(
            () ->
                assertThatThrownBy(() -> it.awaitFirst(Duration.ZERO))
                    .isInstanceOf(DeniedException.class)
                    .hasMessage("this machine was expelled"));
  }

  @Test
  void anInternalErrorDoesNotEndTheFollowing() throws Exception {
    refusal = new IllegalStateException("a fault of ours");
    watch.events().lost("cut");
    Awaitility.await().until(() -> refused.get() > 1);

    refusal = null;

    next().events().began(INCARNATION);
  }

  @Test
  void whatCannotBeStoredIsAskedForAgainAndNothingBehindItIsKept() throws Exception {
    watch.says(Entries.snapshot(1, Entries.living("a", "one", 1)));
    namespace.close();

    watch.says(Entries.event(2, Entries.living("a", "two", 2)));
    watch.says(Entries.event(3, Entries.living("b", "three", 1)));

    assertThat(next().fromRevision()).isEqualTo(1);
    assertThat(Entries.names(namespace.list(""))).containsExactly("a");
  }

  @Test
  void aRenameMovesTheFileInsteadOfFetchingIt() throws IOException {
    share.install("old/doc", "one", 1);
    long inode = inode("old/doc");

    watch.says(
        Entries.event(
            2, Entries.deleted("old/doc", "one", 2), Entries.living("new/doc", "one", 1)));

    assertThat(share.text("new/doc")).isEqualTo("one");
    assertThat(inode("new/doc")).isEqualTo(inode);
    assertThat(share.exists("old")).isFalse();
    assertThat(share.find("new/doc").orElseThrow().reason()).isEqualTo(Reason.FETCHED);
    assertThat(share.find("new/doc").orElseThrow().edited()).isFalse();
    assertThat(updates).isEmpty();
  }

  @Test
  void aRenamedFolderKeepsAllItsFilesAlsoThoseOfEqualContent() throws IOException {
    share.install("old/a/empty", "", 1);
    share.install("old/b/empty", "", 1);
    share.install("old/c", "text", 1);

    watch.says(
        Entries.event(
            2,
            Entries.deleted("old/a/empty", "", 2),
            Entries.living("new/a/empty", "", 1),
            Entries.deleted("old/b/empty", "", 2),
            Entries.living("new/b/empty", "", 1),
            Entries.deleted("old/c", "text", 2),
            Entries.living("new/c", "text", 1)));

    assertThat(share.exists("old")).isFalse();
    assertThat(share.share.files())
        .extracting(LocalFile::path)
        .containsExactlyInAnyOrder("new/a/empty", "new/b/empty", "new/c");
  }

  @Test
  void aRenameOntoAFileThatNobodyKnowsLeavesThatFileAlone() throws IOException {
    share.install("old", "one", 1);
    share.install("other", "x", 1);
    share.write("new", "not scanned yet");

    watch.says(
        Entries.event(
            2,
            Entries.deleted("old", "one", 2),
            Entries.living("new", "one", 1),
            Entries.deleted("other", "x", 2)));

    assertThat(share.text("new")).isEqualTo("not scanned yet");
    assertThat(share.exists("other")).as("the rest is followed").isFalse();
  }

  @Test
  void aDeletedFileGoesToTheTrash() throws IOException {
    share.install("doc", "one", 1);

    watch.says(Entries.event(2, Entries.deleted("doc", "one", 2)));

    assertThat(share.exists("doc")).isFalse();
    assertThat(share.find("doc")).isEmpty();
    share.share.restore(Name.of("doc"), 2);
    assertThat(share.text("doc")).isEqualTo("one");
  }

  @Test
  void aDeletionDoesNotTouchAnEditOfTheFile() throws IOException {
    share.install("doc", "one", 1);
    ReadyContent edit = share.ready(ShareFixture.bytes("my edit"));
    share.share.installEdit(edit, Name.of("doc"), 1, ShareFixture.LONG_AGO, 0644);

    watch.says(Entries.event(2, Entries.deleted("doc", "one", 2)));

    assertThat(share.text("doc")).isEqualTo("my edit");
  }

  @Test
  void anOldDeletionDoesNotTouchAFileThatCameAfterIt() throws IOException {
    share.install("doc", "one", 5);

    watch.says(Entries.snapshot(9, Entries.deleted("doc", "one", 4)));

    assertThat(share.text("doc")).isEqualTo("one");
  }

  @Test
  void aNewerVersionOfWhatIsHereIsFetched() throws IOException {
    share.install("doc", "one", 1);

    watch.says(Entries.event(2, Entries.living("doc", "two", 2), Entries.living("other", "x", 1)));

    assertThat(Entries.names(updates)).containsExactly("doc");
  }

  @Test
  void onesOwnEditIsNotFetchedAgain() throws IOException {
    ReadyContent edit = share.ready(ShareFixture.bytes("my edit"));
    share.share.installEdit(edit, Name.of("doc"), 0, ShareFixture.LONG_AGO, 0644);
    watch.says(Entries.event(2, Entries.living("doc", "my edit", 1)));
    assertThat(updates).as("before its verdict").isEmpty();

    share.share.recordVersion(Name.of("doc"), Entries.version("my edit", 1));
    watch.says(Entries.event(3, Entries.living("doc", "my edit", 1)));

    assertThat(updates).as("after its verdict").isEmpty();
    assertThat(share.text("doc")).isEqualTo("my edit");
  }

  @Test
  void theSameContentAtAnotherVersionIsOnlyRecorded() throws IOException {
    share.install("doc", "one", 1);

    watch.says(Entries.event(2, Entries.living("doc", "one", 2)));

    assertThat(share.find("doc").orElseThrow().base()).isEqualTo(2);
    assertThat(updates).isEmpty();
  }

  @Test
  void aDirectoryThatForgotIsNotFollowedBack() throws Exception {
    share.install("doc", "new", 5);
    share.install("same", "s", 5);
    watch.says(
        Entries.snapshot(9, Entries.living("doc", "new", 5), Entries.living("same", "s", 5)));
    watch.events().lost("it died");
    watch = next();
    watch.events().began(22);

    watch.says(
        Entries.snapshot(1, Entries.living("doc", "old", 3), Entries.living("same", "s", 3)));

    assertThat(share.text("doc")).isEqualTo("new");
    assertThat(share.find("same").orElseThrow().base()).isEqualTo(5);
    assertThat(updates).isEmpty();
  }

  private long inode(String path) throws IOException {
    return (long) Files.getAttribute(share.folder.resolve(path), "unix:ino");
  }
}
