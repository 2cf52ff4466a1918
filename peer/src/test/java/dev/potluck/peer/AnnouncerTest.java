package dev.potluck.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.potluck.content.Name;
import dev.potluck.content.UnavailableException;
import dev.potluck.content.Version;
import dev.potluck.directory.Announcement;
import dev.potluck.directory.Command;
import dev.potluck.directory.Contact;
import dev.potluck.directory.Entry;
import dev.potluck.directory.Fact;
import dev.potluck.directory.LockMode;
import dev.potluck.directory.Pulse;
import dev.potluck.directory.Reason;
import dev.potluck.directory.Verdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The announcer on a real share and a real tracker; only the network between them is not real.
final class AnnouncerTest {
  @TempDir Path temp;
  ShareFixture share;
  Namespace namespace;
  Announcer it;
  FakeDirectory directory;
  final List<Entry> stale = new CopyOnWriteArrayList<>();
  final List<Entry> buried = new CopyOnWriteArrayList<>();

  @BeforeEach
  void open() throws IOException {
    share = new ShareFixture(temp.resolve("share"));
    namespace = Namespace.open(temp.resolve("namespace.db"));
    it = new Announcer(share.share, namespace);
    directory = FakeDirectory.fresh(it);
    it.start(new Obedient());
  }

  @AfterEach
  void close() throws IOException {
    it.close();
    directory.close();
    share.close();
    namespace.close();
  }

  /// Does with files what the daemon does.
  private final class Obedient implements Announcer.Verdicts {
    @Override
    public void stale(Entry current) {
      stale.add(current);
    }

    @Override
    public void buried(Entry tombstone) {
      buried.add(tombstone);
      var _ = share.share.remove(tombstone.name(), tombstone.version().number());
      it.changed(tombstone.name());
    }

    @Override
    public void forgotten(Name name) {
      var _ = share.share.setAside(name);
      it.changed(name);
    }

    @Override
    public void conflict(Name name, Entry current, Name keepAs) {
      var _ = share.share.keepAs(name, keepAs);
      it.changed(List.of(name, keepAs));
    }
  }

  @Test
  void atTheOpeningAllThatIsHereIsSaid() throws Exception {
    share.install("held", "one", 3);
    share.write("mine", "two");
    share.share.rescan();

    directory.connect();
    settle();

    assertThat(directory.messages().getFirst().starts()).isTrue();
    assertThat(directory.messages().getFirst().ends()).isTrue();
    List<Fact> said = directory.messages().getFirst().facts();
    assertThat(said).hasSize(2);
    assertThat(said).filteredOn(Fact.Edited.class::isInstance).hasSize(1);
    assertThat(directory.holders("held")).containsExactly("anna");
    assertThat(directory.holders("mine")).containsExactly("anna");
    assertThat(directory.entry("held").orElseThrow().version().number()).isEqualTo(3);
    assertThat(share.find("mine").orElseThrow().base()).isEqualTo(1);
    assertThat(share.find("mine").orElseThrow().edited()).isFalse();
  }

  @Test
  void anEmptyShareSaysSoThatNothingIsHere() throws Exception {
    directory.connect();
    settle();

    assertThat(directory.messages()).containsExactly(new Announcement(1, true, true, List.of()));
  }

  @Test
  void aChangeIsOneDeltaAndNotTheFullList() throws Exception {
    share.install("a", "one", 1);
    share.install("b", "two", 1);
    directory.connect();
    settle();
    directory.takeHeard();

    share.install("c", "three", 1);
    it.changed(Name.of("c"));
    settle();

    assertThat(directory.messages()).hasSize(1);
    assertThat(directory.messages().getFirst().starts()).isFalse();
    assertThat(directory.takeHeard()).containsExactly(holds("c", "three", 1));
  }

  @Test
  void whatIsNoNewsIsNotSaid() throws Exception {
    share.install("a", "one", 1);
    directory.connect();
    settle();
    directory.takeHeard();

    it.changed(List.of(Name.of("a"), Name.of("never-there")));
    settle();

    assertThat(directory.messages()).isEmpty();
  }

  @Test
  void aSessionThatReturnsToTheSameRecordsSaysNothingAgain() throws Exception {
    share.install("a", "one", 1);
    directory.connect();
    settle();
    it.lost();
    directory.takeHeard();

    directory.connect();
    settle();

    assertThat(directory.messages()).isEmpty();
    assertThat(directory.holders("a")).containsExactly("anna");
  }

  @Test
  void whatChangedWithoutASessionIsSaidInTheNext() throws Exception {
    share.install("a", "one", 1);
    directory.connect();
    settle();
    it.lost();
    directory.takeHeard();

    share.install("b", "two", 1);
    it.changed(Name.of("b"));
    directory.connect();
    settle();

    assertThat(directory.takeHeard()).containsExactly(holds("b", "two", 1));
  }

  @Test
  void anEditWhoseVerdictWasLostWithItsSessionIsSaidAgain() throws Exception {
    share.install("kept", "zero", 1);
    editUnanswered();
    it.lost();

    FakeDirectory.FakeSession session = directory.connect();
    directory.answer();
    settle();

    assertThat(share.find("mine").orElseThrow().edited()).isFalse();
    assertThat(directory.entry("mine").orElseThrow().version().number()).isEqualTo(1);
    assertThat(session.compare()).isEqualTo(Pulse.FINE);
  }

  @Test
  void anEditWithoutAVerdictIsSaidToBeSaidAgain() throws Exception {
    editUnanswered();
    assertThat(directory.takeHeard()).isNotEmpty().noneMatch(AnnouncerTest::isSaidAgain);
    it.lost();

    directory.connect();
    directory.answer();
    settle();

    assertThat(directory.takeHeard()).anyMatch(AnnouncerTest::isSaidAgain);
  }

  @Test
  void anEditOfAnEarlierRunIsSaidToBeSaidAgain() throws Exception {
    edit("mine", "one");
    share.reopen();
    restart();

    directory.connect();
    settle();

    assertThat(directory.takeHeard()).anyMatch(AnnouncerTest::isSaidAgain);
  }

  private static boolean isSaidAgain(Fact fact) {
    return fact instanceof Fact.Edited edited && edited.again();
  }

  @Test
  void anAnnouncementThatBreaksOffIsMadeUpForInTheNextSession() throws Exception {
    share.install("a", "one", 1);
    directory.connect();
    settle();
    directory.breakAfter(0);
    edit("mine", "two");
    share.share.remove(Name.of("a"));
    it.changed(Name.of("a"));
    directory.awaitBreak();
    it.lost();
    directory.mend();

    FakeDirectory.FakeSession session = directory.connect();
    settle();

    assertThat(directory.holders("mine")).containsExactly("anna");
    assertThat(directory.holders("a")).isEmpty();
    assertThat(session.compare()).isEqualTo(Pulse.FINE);
  }

  @Test
  void whileAnEditWaitsForItsVerdictTheNextOneDoesToo() throws Exception {
    directory.connect();
    settle();
    directory.holdBackAnswers();
    edit("doc", "one");
    awaitHeard("doc");
    edit("doc", "two");
    directory.digest();
    assertThat(directory.takeHeard()).hasSize(1);

    directory.answer();
    settle();

    assertThat(directory.entry("doc").orElseThrow().version().content())
        .isEqualTo(ShareFixture.id("two"));
    assertThat(directory.entry("doc").orElseThrow().version().number()).isEqualTo(2);
    assertThat(share.share.files()).hasSize(1);
  }

  @Test
  void theVerdictOnAnOlderContentIsNotTheOneThatIsAwaited() throws Exception {
    directory.connect();
    settle();
    directory.holdBackAnswers();
    edit("doc", "one");
    awaitHeard("doc");
    CompletableFuture<Verdict> verdict = it.verdict(Name.of("doc"));
    edit("doc", "two");

    directory.answer();

    assertThat(verdict.get(30, TimeUnit.SECONDS))
        .isEqualTo(
            new Verdict.Current(Name.of("doc"), directory.entry("doc").orElseThrow().version()));
    assertThat(directory.entry("doc").orElseThrow().version().number()).isEqualTo(2);
  }

  @Test
  void aVerdictOnWhatIsHeldIsNotTheOneThatIsAwaited() throws Exception {
    share.install("doc", "old", 1);
    directory.ben(holds("doc", "new", 2));
    CompletableFuture<Verdict> verdict = it.verdict(Name.of("doc"));

    directory.connect();
    settle();

    assertThat(stale).hasSize(1);
    assertThat(verdict).isNotDone();
  }

  @Test
  void whoWaitsWhenThePeerEndsIsToldSo() {
    CompletableFuture<Verdict> before = it.verdict(Name.of("doc"));

    it.close();

    CompletableFuture<Verdict> after = it.verdict(Name.of("doc"));
    for (CompletableFuture<Verdict> one : List.of(before, after)) {
      assertThatThrownBy(() -> one.get(5, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(UnavailableException.class);
    }
  }

  @Test
  void aConflictIsKeptBesideAndAnnouncedUnderItsNewName() throws Exception {
    directory.ben(holds("doc", "theirs", 1));
    edit("doc", "mine");
    CompletableFuture<Verdict> verdict = it.verdict(Name.of("doc"));

    FakeDirectory.FakeSession session = directory.connect();
    settle();

    Verdict.Conflict conflict = (Verdict.Conflict) verdict.get(5, TimeUnit.SECONDS);
    assertThat(conflict.keepAs().value()).startsWith("doc.conflict-anna-20261121-");
    assertThat(share.text(conflict.keepAs().value())).isEqualTo("mine");
    assertThat(share.exists("doc")).isFalse();
    assertThat(directory.holders(conflict.keepAs().value())).containsExactly("anna");
    assertThat(directory.holders("doc")).containsExactly("ben");
    assertThat(session.compare()).isEqualTo(Pulse.FINE);
  }

  @Test
  void oneFileThatCannotObeyDoesNotKeepTheOthersFromObeying() throws Exception {
    directory.ben(holds("a", "theirs", 1), holds("b", "theirs", 1));
    edit("a", "mine");
    edit("b", "mine too");
    String taken = "a.conflict-anna-20261121-101500";
    Files.createDirectory(share.folder.resolve(taken));
    Files.writeString(share.folder.resolve(taken).resolve("x"), "in the way");

    directory.connect();
    settle();

    assertThat(share.text("a")).isEqualTo("mine");
    assertThat(share.text("b.conflict-anna-20261121-101500")).isEqualTo("mine too");
    assertThat(directory.holders("b.conflict-anna-20261121-101500")).containsExactly("anna");
  }

  @Test
  void aFileTheUserDeletedIsGivenUpByTheUserAndItsNameGoes() throws Exception {
    edit("doc", "one");
    FakeDirectory.FakeSession session = directory.connect();
    settle();
    session.compare();
    directory.takeHeard();

    deleteByHand("doc");
    settle();

    assertThat(directory.takeHeard()).containsExactly(new Fact.GaveUp(Name.of("doc"), 1, true));
    assertThat(directory.entry("doc").orElseThrow().deleted()).isTrue();
  }

  @Test
  void aFileThatWasEvictedIsGivenUpAndItsNameStays() throws Exception {
    edit("doc", "one");
    FakeDirectory.FakeSession session = directory.connect();
    settle();
    session.compare();
    directory.takeHeard();

    share.share.remove(Name.of("doc"));
    it.changed(Name.of("doc"));
    settle();

    assertThat(directory.takeHeard()).containsExactly(new Fact.GaveUp(Name.of("doc"), 1, false));
    assertThat(directory.entry("doc").orElseThrow().deleted()).isFalse();
  }

  @Test
  void aFileTheUserDeletedWhileThePeerWasDownTakesItsNameAlong() throws Exception {
    edit("doc", "one");
    share.share.recordVersion(Name.of("doc"), ShareFixture.version("one", 4));
    LocalFile before = share.find("doc").orElseThrow();
    directory.ben(new Fact.Known(Entries.living("doc", "one", 4)));
    Files.delete(share.folder.resolve("doc"));
    share.reopen();
    share.share.rescan();
    restart();

    FakeDirectory.FakeSession session = directory.connect();
    settle();
    session.compare();
    it.removed(List.of(before));
    settle();
    directory.tick();

    assertThat(directory.entry("doc").orElseThrow().deleted()).isTrue();
  }

  @Test
  void aFetchedFileTheUserDeletedDoesNotTakeItsNameAlong() throws Exception {
    share.install("doc", "one", 4);
    LocalFile fetched = share.find("doc").orElseThrow();
    directory.ben(new Fact.Known(Entries.living("doc", "one", 4)));
    share.share.remove(Name.of("doc"));

    FakeDirectory.FakeSession session = directory.connect();
    settle();
    session.compare();
    it.removed(List.of(fetched));
    settle();
    directory.tick();

    assertThat(directory.entry("doc").orElseThrow().deleted()).isFalse();
  }

  @Test
  void whatIsEditedWhileEditsWaitMakesOneMessage() throws Exception {
    directory.connect();
    settle();
    directory.holdBackAnswers();
    edit("first", "one");
    awaitHeard("first");
    int before = directory.messages().size();

    for (int i = 0; i < 20; i++) {
      edit("next" + i, "two");
    }
    directory.answer();
    settle();

    assertThat(directory.messages()).hasSize(before + 1);
    assertThat(directory.messages().getLast().facts()).hasSize(20);
    assertThat(directory.entry("next19").orElseThrow().version().number()).isEqualTo(1);
  }

  @Test
  void whoWaitsForEditsWaitsUntilTheyAreHeardOfAndNotForADirectoryThatIsAway() throws Exception {
    CompletableFuture<Verdict> offline = it.verdict(Name.of("doc"));
    it.awaitEdits(Duration.ofHours(1));
    assertThat(offline).isNotDone();
    directory.connect();
    settle();
    directory.holdBackAnswers();
    edit("doc", "one");
    awaitHeard("doc");

    CompletableFuture<Void> waiter =
        CompletableFuture.runAsync(
            () -> {
              try {
                it.awaitEdits(Duration.ofHours(1));
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    assertThatThrownBy(() -> waiter.get(300, TimeUnit.MILLISECONDS))
        .isInstanceOf(TimeoutException.class);
    directory.answer();

    waiter.get(20, TimeUnit.SECONDS);
    assertThat(offline).isCompletedWithValueMatching(Verdict.Current.class::isInstance);
  }

  @Test
  void nobodyWaitsForAnEditThatWentBeforeItWasSaid() throws Exception {
    edit("doc", "one");
    CompletableFuture<Verdict> verdict = it.verdict(Name.of("doc"));

    deleteByHand("doc");

    assertThat(verdict.get(20, TimeUnit.SECONDS)).isInstanceOf(Verdict.Forgotten.class);
    Awaitility.await().until(() -> it.waiting() == 0);
  }

  @Test
  void whoIsInterruptedSaysWhatHeHasToSay() throws Exception {
    directory.connect();
    settle();
    Thread.currentThread().interrupt();
    edit("doc", "one");

    assertThat(Thread.interrupted()).isTrue();
    settle();
    assertThat(directory.entry("doc")).isPresent();
  }

  @Test
  void aFileDeletedWhileItsEditWaitsIsGivenUpAfterTheVerdict() throws Exception {
    directory.ben();
    FakeDirectory.FakeSession session = directory.connect();
    settle();
    directory.holdBackAnswers();
    edit("doc", "one");
    awaitHeard("doc");
    session.compare();

    deleteByHand("doc");
    directory.answer();
    settle();
    session.compare();
    directory.tick();

    assertThat(session.compare()).isEqualTo(Pulse.FINE);
    assertThat(directory.entry("doc").orElseThrow().deleted()).isTrue();
  }

  @Test
  void aForgetfulDirectoryIsTaughtTombstonesBeforeAnybodysCopies() throws Exception {
    share.install("old", "v1", 1);
    share.install("same", "s", 1);
    namespace.apply(
        1,
        Entries.snapshot(
            9,
            Entries.living("old", "v2", 2),
            Entries.living("same", "s", 1),
            Entries.living("elsewhere", "e", 1),
            Entries.deleted("dead", "d", 2)));

    directory.close();
    directory = FakeDirectory.forgetful(it);
    directory.connect();
    settle();

    List<Fact> said = directory.takeHeard();
    assertThat(said.subList(0, 2))
        .containsExactlyInAnyOrder(
            new Fact.Known(Entries.living("old", "v2", 2)),
            new Fact.Known(Entries.deleted("dead", "d", 2)));
    assertThat(said.subList(2, said.size()))
        .containsExactlyInAnyOrder(holds("old", "v1", 1), holds("same", "s", 1));
    assertThat(directory.entry("dead").orElseThrow().deleted()).isTrue();
    assertThat(stale).extracting(entry -> entry.version().number()).containsExactly(2L);
  }

  @Test
  void aForgetfulDirectoryWhoseLessonBrokeOffIsTaughtAgain() throws Exception {
    namespace.apply(1, Entries.snapshot(9, Entries.deleted("dead", "d", 2)));
    directory.close();
    directory = FakeDirectory.forgetful(it);
    directory.breakAfter(0);
    directory.connect();
    directory.awaitBreak();
    it.lost();
    directory.mend();

    directory.connect();
    settle();

    assertThat(directory.entry("dead").orElseThrow().deleted()).isTrue();
  }

  @Test
  void whatIsToBeTaughtWaitsForASession() throws Exception {
    it.teach(List.of(Entries.living("a", "new", 5)));
    directory.connect();
    settle();

    assertThat(directory.entry("a").orElseThrow().version().number()).isEqualTo(5);
  }

  @Test
  void thePartyIsInTouchOnceItHasJudgedAllThatIsHere() throws Exception {
    share.install("doc", "one", 3);
    var session = directory.connect();
    settle();
    namespace.apply(1, Entries.snapshot(1, Entries.living("doc", "one", 3)));
    assertThat(contacts()).isEmpty();
    assertThat(contacts()).isEmpty();
    assertThat(contacts()).isEmpty();

    session.compare();
    directory.awaitAnswers();

    assertThat(contacts()).containsExactly(new Contact(1, 1));
  }

  @Test
  void whatWasSaidBeforeAllWasKnownDoesNotCount() throws Exception {
    share.install("doc", "one", 3);
    var session = directory.connect();
    settle();
    namespace.apply(1, Entries.snapshot(1, Entries.living("doc", "one", 3)));
    session.compare();
    directory.awaitAnswers();
    assertThat(contacts()).isEmpty();
    edit("more", "two");
    settle();

    assertThat(contacts()).isEmpty();
    assertThat(contacts()).isEmpty();
    session.compare();
    directory.awaitAnswers();
    assertThat(contacts()).isNotEmpty();
  }

  @Test
  void whoHasNothingOfThePartyBeginsWithItsBegin() throws Exception {
    List<Contact> noted = new CopyOnWriteArrayList<>();
    edit("doc", "one");
    directory.holdBackAnswers();

    directory.connect();
    it.withContact(noted::add);
    directory.answer();
    settle();

    assertThat(noted).containsExactly(new Contact(1, 0));
  }

  /// What is to be noted now.
  private List<Contact> contacts() throws Exception {
    List<Contact> noted = new CopyOnWriteArrayList<>();
    it.withContact(noted::add);
    settle();
    return noted;
  }

  @Test
  void whatTheDirectoryHasForgottenIsSetAside() throws Exception {
    directory.ben();
    share.install("doc", "one", 3);
    share.install("other", "two", 1);
    directory.connect();
    settle();
    directory.command(new Command.Delete(FakeDirectory.BEN, List.of(Name.of("doc"))));
    directory.command(new Command.Forget(Duration.ZERO));
    it.lost();

    directory.connect(new Contact(1, 1));
    it.sendAllAgain();
    settle();

    assertThat(share.exists("doc")).isFalse();
    assertThat(share.exists("other")).isTrue();
    assertThat(share.share.aside()).containsExactly(Name.of("doc"));
    assertThat(directory.entry("doc")).isEmpty();
  }

  @Test
  void whatTheDirectoryBuriedIsSetAside() throws Exception {
    directory.ben();
    edit("doc", "one");
    directory.connect();
    settle();
    it.lost();
    directory.command(new Command.Delete(FakeDirectory.BEN, List.of(Name.of("doc"))));

    directory.connect();
    it.sendAllAgain();
    settle();

    assertThat(buried).hasSize(1);
    assertThat(share.exists("doc")).isFalse();
  }

  @Test
  void piecesOfADownloadAreSaidUntilItEnds() throws Exception {
    directory.ben(holds("big", "content", 1));
    directory.connect();
    settle();
    directory.takeHeard();

    it.partial(Name.of("big"), ShareFixture.version("content", 1));
    settle();
    it.partialEnded(Name.of("big"), ShareFixture.version("content", 1));
    settle();

    assertThat(directory.takeHeard())
        .containsExactly(
            new Fact.Holds(
                Name.of("big"), ShareFixture.version("content", 1), Reason.FETCHED, false),
            new Fact.GaveUp(Name.of("big"), 1, false));
  }

  @Test
  void theEndOfAnOlderDownloadDoesNotHideThePiecesOfANewerOne() throws Exception {
    directory.ben(holds("big", "two", 2));
    directory.connect();
    it.partial(Name.of("big"), ShareFixture.version("one", 1));
    it.partial(Name.of("big"), ShareFixture.version("two", 2));

    it.partialEnded(Name.of("big"), ShareFixture.version("one", 1));
    settle();

    assertThat(directory.holders("big")).containsExactlyInAnyOrder("anna", "ben");
  }

  @Test
  void aFullListOfManyFilesComesInPartsOfWhichTheLastEndsIt() throws Exception {
    for (int i = 0; i < 1_500; i++) {
      namespace.apply(1, Entries.event(i + 1, Entries.deleted("dead" + i, "d", 2)));
    }

    directory.connect();
    settle();

    assertThat(directory.messages())
        .extracting(m -> m.starts() + " " + m.ends() + " " + m.facts().size())
        .containsExactly("true false 1000", "false true 500");
    assertThat(directory.messages()).extracting(Announcement::sequence).containsExactly(1L, 2L);
  }

  @Test
  void bothDigestsAgreeWhateverHappens() throws Exception {
    long seed = Long.getLong("potluck.seed", System.nanoTime());
    Random random = new Random(seed);
    FakeDirectory.FakeSession session = directory.connect();
    settle();

    for (int step = 0; step < 120; step++) {
      String name = "f" + random.nextInt(6);
      switch (random.nextInt(8)) {
        case 0, 1 -> edit(name, "text " + random.nextInt(4));
        case 2 -> deleteByHand(name);
        case 3 -> {
          it.lost();
          session = directory.connect();
        }
        case 4 -> directory.command(new Command.Delete(FakeDirectory.BEN, List.of(Name.of(name))));
        case 5 -> it.sendAllAgain();
        case 6 -> it.partial(Name.of("p" + random.nextInt(3)), version(random));
        default -> {
          share.share.remove(Name.of(name));
          it.changed(Name.of(name));
        }
      }
      if (random.nextInt(3) == 0) {
        settle();
        assertThat(agreed(session)).as("step %d, seed %d", step, seed).isTrue();
      }
    }

    settle();
    assertThat(agreed(session)).as("the end, seed %d", seed).isTrue();
  }

  private static Version version(Random random) {
    return ShareFixture.version("partial", 1 + random.nextInt(2));
  }

  private boolean agreed(FakeDirectory.FakeSession session) {
    return session.compare() == Pulse.FINE;
  }

  private void restart() {
    it.close();
    it = new Announcer(share.share, namespace);
    directory.serves(it);
    it.start(new Obedient());
  }

  @Test
  void attributesSetWhileAnEditIsBeingJudgedAreJudgedAfterIt() throws Exception {
    CompletableFuture<Verdict> verdict = it.verdict(Name.of("mine"));
    editUnanswered();

    dress("mine");
    it.changed(Name.of("mine"));
    directory.answer();
    settle();

    assertDressed("mine");
    assertThat(verdict.get(10, TimeUnit.SECONDS))
        .isEqualTo(new Verdict.Current(Name.of("mine"), ShareFixture.dressed("one", 2)));
  }

  @Test
  void attributesOfAnEditWhoseVerdictWasLostAreSaidAfterIt() throws Exception {
    editUnanswered();
    it.lost();

    dress("mine");
    directory.connect();
    directory.answer();
    settle();

    assertDressed("mine");
  }

  @Test
  void whatWasDeletedMeanwhileStaysSoThoughItsEditIsSaidAgainWithOtherAttributes()
      throws Exception {
    editUnanswered();
    it.lost();
    directory.command(new Command.Delete(FakeDirectory.BEN, List.of(Name.of("mine"))));

    dress("mine");
    directory.connect();
    directory.answer();
    settle();

    assertThat(directory.entry("mine").orElseThrow().deleted()).isTrue();
  }

  @Test
  void attributesSetWithoutASessionAreSaidInTheNextAlsoByTheNextProcess() throws Exception {
    share.install("f", "one", 1);
    directory.connect();
    settle();
    it.lost();

    dress("f");
    share.reopen();
    restart();
    directory.connect();
    settle();

    assertDressed("f");
  }

  @Test
  void attributesOfWhatAnotherHasLockedAreNotTakenAndNotSaidForEver() throws Exception {
    share.install("f", "one", 1);
    directory.connect();
    settle();
    Version before = directory.entry("f").orElseThrow().version();
    directory.command(new Command.Lock(FakeDirectory.BEN, Name.of("f"), LockMode.EXCLUSIVE));

    dress("f");
    it.changed(Name.of("f"));
    settle();

    assertThat(directory.entry("f").orElseThrow().version()).isEqualTo(before);
    assertThat(share.find("f").orElseThrow().edited()).isFalse();
    directory.takeHeard();
    it.changed(Name.of("f"));
    settle();
    assertThat(directory.takeHeard()).noneMatch(Fact.Edited.class::isInstance);
  }

  private void dress(String name) {
    assertThat(share.dressEdit(name, "one")).isPresent();
  }

  private void assertDressed(String name) {
    assertThat(directory.entry(name).orElseThrow().version())
        .isEqualTo(ShareFixture.dressed("one", 2));
    assertThat(share.find(name).orElseThrow().edited()).isFalse();
  }

  /// An edit that was said, and whose answer is held back.
  private void editUnanswered() throws Exception {
    directory.connect();
    settle();
    directory.holdBackAnswers();
    edit("mine", "one");
    awaitHeard("mine");
  }

  private void edit(String name, String text) {
    try {
      ReadyContent ready = share.ready(ShareFixture.bytes(text));
      long base = share.find(name).map(LocalFile::base).orElse(0L);
      share.share.installEdit(ready, Name.of(name), base, ShareFixture.LONG_AGO, 0644);
      it.changed(Name.of(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What a scan makes of a file that the user deleted.
  private void deleteByHand(String name) {
    it.removed(share.share.remove(Name.of(name)).stream().toList());
  }

  private static Fact.Holds holds(String name, String text, long number) {
    return new Fact.Holds(Name.of(name), ShareFixture.version(text, number), Reason.FETCHED, true);
  }

  /// Waits until all was said, answered and obeyed.
  private void settle() throws Exception {
    it.settled().get(10, TimeUnit.SECONDS);
    directory.awaitAnswers();
    it.settled().get(10, TimeUnit.SECONDS);
  }

  private void awaitHeard(String name) {
    Awaitility.await().until(() -> directory.entry(name).isPresent());
  }
}
