package dev.potluck.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.potluck.content.Name;
import dev.potluck.directory.Changes;
import dev.potluck.directory.Entry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NamespaceTest {
  static final long FIRST = 11;
  static final long FORGETFUL = 22;

  @TempDir Path folder;
  Namespace it;

  @BeforeEach
  void open() throws IOException {
    it = Namespace.open(folder.resolve("namespace.db"));
  }

  @AfterEach
  void close() throws IOException {
    it.close();
  }

  @Test
  void aFreshCopyFollowsNobodyAndKnowsNothing() {
    assertThat(it.incarnation()).isZero();
    assertThat(it.revision()).isZero();
    assertThat(it.size()).isZero();
    assertThat(it.list("")).isEmpty();
  }

  @Test
  void anEventIsKnownWithItsRevision() throws IOException {
    Namespace.Applied applied = it.apply(FIRST, Entries.snapshot(7, Entries.living("a", "one", 1)));

    assertThat(Entries.names(applied.accepted())).containsExactly("a");
    assertThat(applied.better()).isEmpty();
    assertThat(it.incarnation()).isEqualTo(FIRST);
    assertThat(it.revision()).isEqualTo(7);
    assertThat(it.living(Name.of("a"))).contains(Entries.living("a", "one", 1));
  }

  @Test
  void aTombstoneIsKnownAndNotListed() throws IOException {
    it.apply(FIRST, Entries.snapshot(2, Entries.deleted("a", "one", 2)));

    assertThat(it.entry(Name.of("a"))).contains(Entries.deleted("a", "one", 2));
    assertThat(it.living(Name.of("a"))).isEmpty();
    assertThat(it.list("")).isEmpty();
    assertThat(it.size()).isZero();
  }

  @Test
  void whatLiesBesideANameIsNeitherItNorInIt() throws IOException {
    it.apply(
        FIRST,
        Entries.snapshot(
            7,
            Entries.living("a/x", "one", 1),
            Entries.living("b/x", "one", 1),
            Entries.living("b/x/y", "one", 1),
            Entries.living("c/x", "one", 1),
            Entries.living("c/x-y", "one", 1),
            Entries.living("d/x/y", "one", 1),
            Entries.living("d/x0", "one", 1),
            Entries.living("e/w/y", "one", 1),
            Entries.living("e/x", "one", 1)));

    assertThat(it.hasBeside(Name.of("a/x"))).isFalse();
    assertThat(it.hasBeside(Name.of("b/x"))).isFalse();
    assertThat(it.hasBeside(Name.of("c/x"))).isTrue();
    assertThat(it.hasBeside(Name.of("d/x"))).isTrue();
    assertThat(it.hasBeside(Name.of("e/x"))).isTrue();
  }

  @Test
  void foldersAreWhatNamesHaveBeforeASlash() throws IOException {
    it.apply(
        FIRST,
        Entries.snapshot(
            5,
            Entries.living("a", "one", 1),
            Entries.living("b-c", "one", 1),
            Entries.living("b/x", "one", 1),
            Entries.living("b/y/deep", "one", 1),
            Entries.living("b/y/deeper", "one", 1),
            Entries.living("b0", "one", 1),
            Entries.deleted("gone/x", "one", 2)));

    assertThat(it.items("").stream().map(FolderItem::name)).containsExactly("a", "b-c", "b", "b0");
    assertThat(it.items("").get(2).file()).isEmpty();
    assertThat(it.items("b").stream().map(FolderItem::name)).containsExactly("x", "y");
    assertThat(it.items("b").getFirst().file()).contains(Entries.living("b/x", "one", 1));
    assertThat(it.items("b/y").stream().map(FolderItem::name)).containsExactly("deep", "deeper");
    assertThat(it.items("gone")).isEmpty();
    assertThat(List.of(it.isFolder(""), it.isFolder("b"), it.isFolder("b/y")))
        .doesNotContain(false);
    assertThat(List.of(it.isFolder("a"), it.isFolder("gone"), it.isFolder("b/x")))
        .doesNotContain(true);
  }

  @Test
  void whoWatchesIsToldWhatChangedOnceItCanBeSeen() throws IOException {
    List<String> told = new ArrayList<>();
    it.watch(names -> names.forEach(name -> told.add(name + " " + it.living(name).isPresent())));

    it.apply(FIRST, Entries.snapshot(1, Entries.living("a", "one", 1)));
    it.apply(FORGETFUL, Entries.snapshot(1));
    it.forgetUnconfirmed();

    assertThat(told).containsExactly("a true", "a false");
  }

  @Test
  void allOfItSurvivesARestart() throws IOException {
    Entry living = Entries.living("päpers/Ω\n🎈", "one", 3);
    Entry gone = Entries.deleted("gone", "two", 2);
    it.apply(FIRST, Entries.snapshot(9, living, gone));

    it.close();
    open();

    assertThat(it.all()).containsExactlyInAnyOrder(living, gone);
    assertThat(it.incarnation()).isEqualTo(FIRST);
    assertThat(it.revision()).isEqualTo(9);
  }

  @Test
  void aHigherVersionIsNotReplacedByALowerOneOfADirectoryThatForgot() throws IOException {
    it.apply(FIRST, Entries.snapshot(9, Entries.living("a", "new", 5)));

    Namespace.Applied applied =
        it.apply(FORGETFUL, Entries.snapshot(1, Entries.living("a", "old", 3)));

    assertThat(applied.better()).containsExactly(Entries.living("a", "new", 5));
    assertThat(applied.accepted()).isEmpty();
    assertThat(it.living(Name.of("a"))).contains(Entries.living("a", "new", 5));
    assertThat(it.incarnation()).isEqualTo(FORGETFUL);
  }

  @Test
  void aTombstoneIsNotReplacedByTheVersionThatItDeleted() throws IOException {
    it.apply(FIRST, Entries.snapshot(9, Entries.deleted("a", "x", 4)));

    Namespace.Applied applied =
        it.apply(FORGETFUL, Entries.snapshot(1, Entries.living("a", "x", 3)));

    assertThat(applied.better()).containsExactly(Entries.deleted("a", "x", 4));
    assertThat(it.living(Name.of("a"))).isEmpty();
  }

  @Test
  void aDirectoryThatHasForgottenDeletionsTellsAllNamesThereAre() throws IOException {
    it.apply(FIRST, Entries.snapshot(7, Entries.living("a", "x", 1), Entries.living("b", "x", 1)));

    it.apply(FIRST, Entries.snapshot(9, Entries.living("b", "x", 1)));

    assertThat(it.living(Name.of("a"))).isEmpty();
    assertThat(it.size()).isEqualTo(1);
  }

  @Test
  void oneThatKnowsLessThanBeforeTakesNothingAwayAtOnce() throws IOException {
    it.apply(FIRST, Entries.snapshot(7, Entries.living("a", "x", 1), Entries.living("b", "x", 1)));

    it.apply(FIRST, Entries.snapshot(3, Entries.living("b", "x", 1)));

    assertThat(it.living(Name.of("a"))).isPresent();
  }

  @Test
  void oldDeletionsAreForgottenForGood() throws IOException {
    Entry deletion = Entries.deleted("a", "x", 4);
    it.apply(FIRST, Entries.snapshot(9, deletion, Entries.living("b", "x", 1)));
    Instant then = deletion.version().mtime();

    it.forgetDeletions(then.minusMillis(1));
    assertThat(it.entry(Name.of("a"))).isPresent();

    it.forgetDeletions(then);
    it.close();
    open();
    assertThat(it.entry(Name.of("a"))).isEmpty();
    assertThat(it.size()).isEqualTo(1);
  }

  @Test
  void atEqualNumbersTheDirectoryIsRight() throws IOException {
    it.apply(FIRST, Entries.snapshot(9, Entries.living("a", "mine", 2)));

    it.apply(FORGETFUL, Entries.snapshot(1, Entries.living("a", "theirs", 2)));

    assertThat(it.living(Name.of("a"))).contains(Entries.living("a", "theirs", 2));
  }

  @Test
  void whatAForgetfulDirectoryDoesNotConfirmStaysUntilItIsForgotten() throws IOException {
    it.apply(
        FIRST,
        Entries.snapshot(
            9,
            Entries.living("confirmed", "a", 1),
            Entries.living("lost", "b", 1),
            Entries.living("late", "c", 1),
            Entries.deleted("dead", "d", 2)));
    it.apply(FORGETFUL, Entries.snapshot(1, Entries.living("confirmed", "a", 1)));
    assertThat(Entries.names(it.list(""))).containsExactly("confirmed", "late", "lost");
    it.apply(FORGETFUL, Entries.event(2, Entries.living("late", "c", 1)));

    it.forgetUnconfirmed();

    assertThat(Entries.names(it.list(""))).containsExactly("confirmed", "late");
    assertThat(it.entry(Name.of("dead"))).contains(Entries.deleted("dead", "d", 2));
    it.close();
    open();
    assertThat(Entries.names(it.list(""))).containsExactly("confirmed", "late");
    assertThat(it.entry(Name.of("dead"))).isPresent();
  }

  @Test
  void aNameThatIsKnownBetterHereIsConfirmedToExist() throws IOException {
    it.apply(FIRST, Entries.snapshot(9, Entries.living("a", "new", 5)));
    it.apply(FORGETFUL, Entries.snapshot(1, Entries.living("a", "old", 3)));

    it.forgetUnconfirmed();

    assertThat(it.living(Name.of("a"))).contains(Entries.living("a", "new", 5));
  }

  @Test
  void aSnapshotOfTheSameDirectoryAlsoLeavesTheRestUnconfirmed() throws IOException {
    it.apply(
        FIRST, Entries.snapshot(9, Entries.living("a", "one", 1), Entries.living("b", "two", 1)));

    it.apply(FIRST, Entries.snapshot(5, Entries.living("a", "one", 1)));
    it.forgetUnconfirmed();

    assertThat(Entries.names(it.list(""))).containsExactly("a");
    assertThat(it.revision()).isEqualTo(5);
  }

  @Test
  void withNothingUnconfirmedNothingIsForgotten() throws IOException {
    it.apply(FIRST, Entries.snapshot(9, Entries.living("a", "one", 1)));

    it.forgetUnconfirmed();
    it.forgetUnconfirmed();

    assertThat(Entries.names(it.list(""))).containsExactly("a");
  }

  @Test
  void aPrefixListsWhatBeginsWithItAndNoNeighbour() throws IOException {
    it.apply(
        FIRST,
        Entries.snapshot(
            9,
            Entries.living("a", "1", 1),
            Entries.living("a-b", "2", 1),
            Entries.living("a.txt", "3", 1),
            Entries.living("a/b", "4", 1),
            Entries.living("a/b/c", "5", 1),
            Entries.deleted("a/gone", "6", 2),
            Entries.living("a/z\uffff", "7", 1),
            Entries.living("a0", "8", 1),
            Entries.living("b", "9", 1)));

    assertThat(Entries.names(it.list("a/"))).containsExactly("a/b", "a/b/c", "a/z\uffff");
    assertThat(Entries.names(it.list("a/b/"))).containsExactly("a/b/c");
    assertThat(Entries.names(it.list("a/b"))).containsExactly("a/b", "a/b/c");
    assertThat(it.list("a/b/c/")).isEmpty();
    assertThat(Entries.names(it.list("b"))).containsExactly("b");
    assertThat(it.list("c")).isEmpty();
    assertThat(it.list("")).hasSize(8);
  }

  @Test
  void anEventThatCannotBeStoredChangesNothing() throws IOException {
    it.apply(FIRST, Entries.snapshot(9, Entries.living("a", "one", 1)));
    it.close();

    assertThatThrownBy(
            () -> it.apply(FORGETFUL, Entries.snapshot(1, Entries.living("a", "two", 2))))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("namespace.db");

    assertThat(it.incarnation()).isEqualTo(FIRST);
    assertThat(it.revision()).isEqualTo(9);
    assertThat(it.living(Name.of("a"))).contains(Entries.living("a", "one", 1));
  }

  @Test
  void halfAnEventIsRefused() {
    Changes half = Entries.part(1, true, Entries.living("a", "one", 1));

    assertThatThrownBy(() -> it.apply(FIRST, half)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aTransactionBecomesVisibleAtOnce() throws Exception {
    it.apply(
        FIRST, Entries.snapshot(1, Entries.living("x/a", "0", 1), Entries.living("x/b", "0", 1)));
    AtomicBoolean over = new AtomicBoolean();
    CountDownLatch reading = new CountDownLatch(1);
    List<String> torn = new ArrayList<>();
    Thread reader =
        Thread.ofVirtual()
            .start(
                () -> {
                  while (!over.get()) {
                    List<Entry> seen = it.list("x/");
                    if (seen.getFirst().version().number() != seen.getLast().version().number()) {
                      torn.add(seen.toString());
                    }
                    reading.countDown();
                  }
                });
    reading.await();

    for (int i = 2; i < 200; i++) {
      String text = Integer.toString(i);
      it.apply(
          FIRST, Entries.event(i, Entries.living("x/a", text, i), Entries.living("x/b", text, i)));
    }
    over.set(true);
    reader.join();

    assertThat(torn).isEmpty();
  }
}
