package dev.potluck.directory;

import static dev.potluck.directory.Seat.ANNA;
import static dev.potluck.directory.Seat.BEN;
import static dev.potluck.directory.Seat.START;
import static dev.potluck.directory.Seat.deletedByUser;
import static dev.potluck.directory.Seat.edited;
import static dev.potluck.directory.Seat.folder;
import static dev.potluck.directory.Seat.holds;
import static dev.potluck.directory.Seat.known;
import static dev.potluck.directory.Seat.knownDeleted;
import static dev.potluck.directory.Seat.version;
import static org.assertj.core.api.Assertions.assertThat;

import dev.potluck.content.ContentId;
import dev.potluck.content.Kind;
import dev.potluck.content.Name;
import dev.potluck.content.Version;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DirectoryTest {
  private static final Name X = Name.of("x");
  private static final String CONFLICT = ".conflict-anna-20261121-030405";

  private final Directory directory = new Directory(1);
  private Instant now = START;

  DirectoryTest() {
    directory.apply(new Command.Enlist(ANNA, "anna"), now);
    directory.apply(new Command.Enlist(BEN, "ben"), now);
  }

  @Test
  void anUnknownNameIsLearnedAtTheNumberItsHolderSays() {
    assertThat(learn(holds("x", 3, 1))).isEqualTo(new Verdict.Current(X, version(3, 1)));

    assertThat(directory.entry(X)).contains(new Entry(X, version(3, 1), false, 1));
  }

  @Test
  void aNewerCopyWinsOverAnOlderOneWhateverTheOrder() {
    learn(holds("x", 3, 1));
    learn(holds("x", 5, 2));

    assertThat(learn(holds("x", 3, 1))).isEqualTo(new Verdict.Stale(X, entry("x")));
    assertThat(entry("x").version()).isEqualTo(version(5, 2));
  }

  @Test
  void anOlderCopyOfAnotherDirectorysVersionIsKeptBeside() {
    learn(holds("x", 3, 1));
    learn(edited("x", 3, 2));
    learn(edited("x", 4, 3));

    assertThat(learn(holds("x", 4, 7)))
        .isEqualTo(new Verdict.Conflict(X, entry("x"), Name.of("x" + CONFLICT)));
    assertThat(learn(holds("x", 4, 2))).isInstanceOf(Verdict.Stale.class);
  }

  @Test
  void whatNobodyHereHasSeenOutlivesADeletion() {
    learn(holds("x", 3, 1));
    learn(edited("x", 3, 2));
    learn(deletedByUser("x", 4));

    assertThat(learn(holds("x", 3, 7))).isInstanceOf(Verdict.Conflict.class);
    assertThat(learn(holds("x", 3, 1))).isInstanceOf(Verdict.Buried.class);
  }

  @Test
  void atEqualNumberAndOtherContentTheFirstStays() {
    learn(holds("x", 3, 1));

    assertThat(learn(holds("x", 3, 2)))
        .isEqualTo(new Verdict.Conflict(X, entry("x"), Name.of("x" + CONFLICT)));
    assertThat(entry("x").version()).isEqualTo(version(3, 1));
  }

  @Test
  void theSameContentWithAnotherTimeIsNoConflict() {
    learn(holds("x", 3, 1));
    Version touched = Version.file(3, Seat.content(1), now, 0600);

    Verdict verdict = learn(new Fact.Holds(X, touched, Reason.KEPT, true));

    assertThat(verdict).isEqualTo(new Verdict.Current(X, version(3, 1)));
  }

  @Test
  void anEditOfTheCurrentVersionIsTheNext() {
    learn(holds("x", 3, 1));

    assertThat(learn(edited("x", 3, 2))).isEqualTo(new Verdict.Current(X, version(4, 2)));
    assertThat(entry("x")).isEqualTo(new Entry(X, version(4, 2), false, 2));
  }

  @Test
  void anEditOfAnOlderVersionIsAConflict() {
    learn(holds("x", 3, 1));

    assertThat(learn(edited("x", 2, 2))).isInstanceOf(Verdict.Conflict.class);
    assertThat(learn(edited("x", 0, 2))).isInstanceOf(Verdict.Conflict.class);
    assertThat(entry("x").version()).isEqualTo(version(3, 1));
  }

  @Test
  void anEditMaySaidAgainWhenItsAnswerWasLost() {
    learn(holds("x", 3, 1));
    learn(edited("x", 3, 2));

    assertThat(learn(edited("x", 3, 2))).isEqualTo(new Verdict.Current(X, version(4, 2)));
  }

  @Test
  void twoWhoBringTheSameFileHaveNoConflict() {
    learn(edited("x", 0, 1));

    assertThat(learn(edited("x", 0, 1))).isEqualTo(new Verdict.Current(X, version(1, 1)));
  }

  @Test
  void aChangeOfModeAloneIsAVersion() {
    learn(holds("x", 3, 1));
    Version executable = Version.file(0, Seat.content(1), version(3, 1).mtime(), 0755);

    learn(new Fact.Edited(X, 3, executable, Reason.KEPT));

    assertThat(entry("x").version()).isEqualTo(executable.withNumber(4));
  }

  @Test
  void anEditOfAVersionThatWasForgottenIsTheOneAfterIt() {
    learn(holds("x", 3, 1));

    assertThat(learn(edited("x", 5, 2))).isEqualTo(new Verdict.Current(X, version(6, 2)));
    assertThat(learn(edited("y", 7, 2)))
        .isEqualTo(new Verdict.Current(Name.of("y"), version(8, 2)));
  }

  @Test
  void whatWasDeletedIsNotResurrectedByAnOldCopy() {
    learn(holds("x", 3, 1));
    delete("x");

    assertThat(learn(holds("x", 3, 1))).isEqualTo(new Verdict.Buried(X, entry("x")));
    assertThat(learn(edited("x", 3, 2))).isInstanceOf(Verdict.Conflict.class);
    assertThat(entry("x").deleted()).isTrue();
    assertThat(entry("x").version().number()).isEqualTo(4);
    assertThat(entry("x").version().mtime()).isEqualTo(now);
  }

  @Test
  void aNewFileMayHaveADeletedName() {
    learn(holds("x", 3, 1));
    delete("x");

    assertThat(learn(edited("x", 0, 2))).isEqualTo(new Verdict.Current(X, version(5, 2)));
  }

  @Test
  void anEditWhoseAnswerWasLostDoesNotBringBackWhatWasDeletedMeanwhile() {
    learn(edited("x", 0, 1));
    delete("x");

    assertThat(learn(edited("x", 0, 1).said(true))).isInstanceOf(Verdict.Conflict.class);
    assertThat(entry("x").deleted()).isTrue();
    assertThat(learn(edited("x", 0, 1)))
        .as("the same file made anew, as from a backup")
        .isEqualTo(new Verdict.Current(X, version(3, 1)));
  }

  @Test
  void whoChangedWhatAnotherDeletedKeepsItAsAConflict() {
    learn(knownDeleted("x", 4));

    assertThat(learn(holds("x", 4, 2))).isInstanceOf(Verdict.Conflict.class);
    assertThat(entry("x").deleted()).isTrue();
  }

  @Test
  void tombstonesAreTaughtByPeers() {
    learn(holds("x", 3, 1));

    learn(knownDeleted("x", 4));

    assertThat(entry("x").deleted()).isTrue();
    assertThat(learn(holds("x", 3, 1))).isInstanceOf(Verdict.Buried.class);
  }

  @Test
  void aTombstoneOlderThanTheNameIsNotBelieved() {
    learn(holds("x", 5, 1));

    learn(knownDeleted("x", 4));
    learn(knownDeleted("x", 5));

    assertThat(entry("x").version()).isEqualTo(version(5, 1));
  }

  @Test
  void aNewerVersionIsTaughtByWhoDoesNotHoldIt() {
    learn(holds("x", 3, 1));

    learn(known("x", 5, 2));

    assertThat(learn(holds("x", 3, 1))).isInstanceOf(Verdict.Stale.class);
  }

  @Test
  void theLastCopyTakesTheNameWithItAsATombstone() {
    learn(holds("x", 3, 1));

    learn(deletedByUser("x", 3));

    assertThat(entry("x").deleted()).isTrue();
    assertThat(entry("x").version().number()).isEqualTo(4);
  }

  @Test
  void aNameThatIsOwedCopiesStaysWithoutAny() {
    learn(holds("x", 3, 1));
    directory.apply(new Command.SetPolicy(ANNA, X, new Policy.Copies(2)), now);

    learn(deletedByUser("x", 3));

    assertThat(entry("x").deleted()).isFalse();
    assertThat(directory.policy(X)).contains(new Policy.Copies(2));
  }

  @Test
  void aFileCanNotBeWhereAFolderIs() {
    learn(holds("x/y", 1, 1));

    assertThat(learn(holds("x", 1, 2)))
        .isEqualTo(new Verdict.Conflict(X, entry("x/y"), Name.of("x" + CONFLICT)));
  }

  @Test
  void aFolderCanNotBeWhereAFileIsAndMovesAsideAsAWhole() {
    learn(holds("x", 1, 1));

    List<Verdict> verdicts = learn(List.of(edited("x/y/z", 0, 2), holds("x/w", 1, 3)));

    assertThat(verdicts)
        .containsExactly(
            new Verdict.Conflict(Name.of("x/y/z"), entry("x"), Name.of("x" + CONFLICT + "/y/z")),
            new Verdict.Conflict(Name.of("x/w"), entry("x"), Name.of("x" + CONFLICT + "/w")));
  }

  @Test
  void aDeletedFileIsNotInTheWayOfAFolder() {
    learn(holds("x", 1, 1));
    delete("x");

    assertThat(learn(edited("x/y", 0, 2))).isInstanceOf(Verdict.Current.class);
    assertThat(learn(edited("x", 0, 2))).isInstanceOf(Verdict.Conflict.class);
  }

  @Test
  void aFolderMayHaveItsOwnEntry() {
    learn(new Fact.Holds(X, folder(), Reason.KEPT, true));

    assertThat(learn(holds("x/y", 1, 1))).isInstanceOf(Verdict.Current.class);
    assertThat(learn(edited("x", 1, 2))).isInstanceOf(Verdict.Conflict.class);
  }

  @Test
  void conflictNamesOfOneBatchDiffer() {
    String longName = "n".repeat(254);
    learn(holds(longName + "1", 1, 1));
    learn(holds(longName + "2", 1, 1));

    List<Verdict> verdicts =
        learn(List.of(holds(longName + "1", 1, 2), holds(longName + "2", 1, 3)));

    assertThat(verdicts.stream().map(v -> ((Verdict.Conflict) v).keepAs()).distinct()).hasSize(2);
  }

  @Test
  void numbersAndSizesBeyondAllBoundsAreRejected() {
    ContentId huge = new ContentId(Seat.content(1).root(), 1L << 60);

    assertThat(learn(holds("x", Long.MAX_VALUE, 1))).isInstanceOf(Verdict.Rejected.class);
    assertThat(learn(edited("x", Long.MAX_VALUE - 1, 1))).isInstanceOf(Verdict.Rejected.class);
    assertThat(learn(holds("x", 0, 1))).isInstanceOf(Verdict.Rejected.class);
    assertThat(learn(new Fact.Holds(X, Version.file(1, huge, now, 0), Reason.KEPT, true)))
        .isInstanceOf(Verdict.Rejected.class);
    assertThat(directory.entry(X)).isEmpty();
  }

  @Test
  void aCommitIsAllOrNothing() {
    learn(holds("x", 3, 1));

    Result refused = commit(edited("y", 0, 1), edited("x", 2, 2));
    Result done = commit(edited("y", 0, 1), edited("x", 3, 2));

    assertThat(refused).isInstanceOf(Result.Refused.class);
    assertThat(((Result.Refused) refused).conflicts()).hasSize(1);
    assertThat(((Result.Refused) refused).why()).isEqualTo("x has changed meanwhile");
    assertThat(done).isInstanceOf(Result.Committed.class);
    assertThat(done.changes()).isEqualTo(new Changes(2, false, List.of(entry("y"), entry("x"))));
  }

  @Test
  void aCommitThatContradictsItselfIsRefused() {
    assertThat(commit(edited("x", 0, 1), edited("x", 0, 2))).isInstanceOf(Result.Refused.class);
    assertThat(commit(edited("x/y", 0, 1), edited("x", 0, 2))).isInstanceOf(Result.Refused.class);
    assertThat(directory.size()).isZero();
  }

  @Test
  void deletingSaysWhichNamesDidNotExist() {
    learn(holds("x", 3, 1));

    Result result = delete("x", "y");

    assertThat(((Result.Deleted) result).missing()).containsExactly(Name.of("y"));
    assertThat(directory.size()).isZero();
  }

  @Test
  void aFolderIsMovedInOneTransaction() {
    learn(List.of(holds("a", 1, 1), holds("d/x", 3, 1), holds("d/e/y", 2, 2), holds("dx", 1, 3)));

    Result result = move("d", "f/g");

    assertThat(result.changes().entries()).hasSize(4);
    assertThat(entry("f/g/x").version()).isEqualTo(version(1, 1));
    assertThat(entry("f/g/e/y").version()).isEqualTo(version(1, 2));
    assertThat(entry("d/x").deleted()).isTrue();
    assertThat(entry("dx").deleted()).isFalse();
    assertThat(directory.size()).isEqualTo(4);
  }

  @Test
  void aMoveOverATombstoneGoesOnCounting() {
    learn(List.of(holds("x", 1, 1), knownDeleted("y", 7)));

    assertThat(move("x", "y")).isInstanceOf(Result.Moved.class);
    assertThat(entry("y").version()).isEqualTo(version(8, 1));
  }

  @Test
  void aMoveThatCanNotBeIsRefused() {
    learn(List.of(holds("d/x", 3, 1), holds("y", 1, 2)));

    assertThat(refusal(move("nothing", "z"))).isEqualTo(Refusal.NO_SUCH_NAME);
    assertThat(refusal(move("d/x", "y"))).isEqualTo(Refusal.CONFLICT);
    assertThat(refusal(move("d/x", "y/z"))).isEqualTo(Refusal.CONFLICT);
    assertThat(refusal(move("y", "d"))).isEqualTo(Refusal.CONFLICT);
    assertThat(refusal(move("d", "d/e"))).isEqualTo(Refusal.USAGE);
    assertThat(
            refusal(
                move(
                    "d",
                    "n".repeat(250)
                        + ("/" + "n".repeat(250)).repeat(13)
                        + "/"
                        + "m".repeat(285 - 255)
                        + "/"
                        + "m".repeat(255))))
        .isEqualTo(Refusal.USAGE);
    assertThat(directory.revision()).isEqualTo(1);
  }

  @Test
  void membersHaveNamesOfTheirOwnThatStay() {
    PeerId other = PeerId.of("d".repeat(32));

    Result granted = directory.apply(new Command.Enlist(other, "anna"), now);
    Result again = directory.apply(new Command.Enlist(other, "anna"), now);
    Result renamed = directory.apply(new Command.Enlist(ANNA, "anne"), now);

    assertThat(granted).isEqualTo(new Result.Enlisted(other, "anna-2"));
    assertThat(again).isEqualTo(granted);
    assertThat(renamed).isEqualTo(new Result.Enlisted(ANNA, "anne"));
  }

  @Test
  void aMembersNameIsFitForAFileName() {
    PeerId other = PeerId.of("d".repeat(32));

    Result granted = directory.apply(new Command.Enlist(other, "../büro\n1" + "x".repeat(99)), now);

    assertThat(((Result.Enlisted) granted).grantedName())
        .matches("[A-Za-z0-9_.-]{1,40}")
        .startsWith("b-ro-1");
  }

  @Test
  void aTicketLetsOneKeyInHoweverOftenItTries() {
    Command anna = new Command.Redeem("t1", now.plusSeconds(60), ANNA);
    Command ben = new Command.Redeem("t1", now.plusSeconds(60), BEN);

    assertThat(directory.apply(anna, now)).isEqualTo(new Result.Done());
    assertThat(directory.apply(anna, now)).isEqualTo(new Result.Done());
    assertThat(refusal(directory.apply(ben, now))).isEqualTo(Refusal.DENIED);
  }

  @Test
  void anExpiredTicketLetsNobodyInAlsoOnceItsUseIsForgotten() {
    Command ben = new Command.Redeem("t1", now.plusSeconds(60), BEN);
    directory.apply(new Command.Redeem("t1", now.plusSeconds(60), ANNA), now);

    now = now.plus(Duration.ofDays(30));

    assertThat(refusal(directory.apply(ben, now))).isEqualTo(Refusal.DENIED);
    assertThat(saved(directory)).noneMatch(Saved.Used.class::isInstance);
  }

  @Test
  void whoIsExpelledIsNotHeardAndNotLetInAgain() {
    directory.apply(new Command.Expel(ANNA), now);

    assertThat(directory.isDenied(ANNA)).isTrue();
    assertThat(refusal(directory.apply(new Command.Learn(ANNA, List.of(holds("x", 1, 1))), now)))
        .isEqualTo(Refusal.DENIED);
    assertThat(refusal(directory.apply(new Command.Enlist(ANNA, "anna"), now)))
        .isEqualTo(Refusal.DENIED);
    assertThat(refusal(directory.apply(new Command.Redeem("t", now.plusSeconds(9), ANNA), now)))
        .isEqualTo(Refusal.DENIED);
    assertThat(directory.member(ANNA).orElseThrow().standing()).isEqualTo(Saved.Standing.LEFT);
  }

  @Test
  void aSnapshotIsTheWholeDirectory() {
    learn(List.of(holds("x", 3, 1), holds("d/y", 1, 2), knownDeleted("z", 9)));
    directory.apply(new Command.SetPolicy(ANNA, X, new Policy.Stripe(2, 1)), now);
    directory.apply(new Command.Redeem("t1", now.plusSeconds(60), ANNA), now);
    directory.apply(new Command.Expel(BEN), now);

    Directory restored = Directory.restored(directory.saved());

    assertThat(saved(restored)).isEqualTo(saved(directory)).hasSize(9);
    assertThat(restored.size()).isEqualTo(2);
    assertThat(restored.revision()).isEqualTo(directory.revision());
    assertThat(restored.entry(Name.of("d/y"))).isEqualTo(directory.entry(Name.of("d/y")));
  }

  @Test
  void whatChangesNothingMakesNoRevision() {
    learn(holds("x", 3, 1));

    Result result = directory.apply(new Command.Learn(ANNA, List.of(holds("x", 2, 1))), now);

    assertThat(result.changes().isEmpty()).isTrue();
    assertThat(directory.revision()).isEqualTo(1);
  }

  @Test
  void aSymlinkWithTheBytesOfAFileIsAnotherContent() {
    learn(holds("x", 1, 1));
    Version link = new Version(1, Kind.SYMLINK, Seat.content(1), now, 0777);

    assertThat(learn(new Fact.Holds(X, link, Reason.KEPT, true)))
        .isInstanceOf(Verdict.Conflict.class);
  }

  @Test
  void aFileCannotLieBelowASymlink() {
    Version link = new Version(1, Kind.SYMLINK, Seat.content(1), now, 0777);
    learn(new Fact.Edited(X, 0, link, Reason.KEPT));

    assertThat(learn(edited("x/y", 0, 2)))
        .isInstanceOfSatisfying(
            Verdict.Conflict.class,
            conflict -> {
              assertThat(conflict.current().name()).isEqualTo(X);
              assertThat(conflict.keepAs().value()).doesNotStartWith("x/");
            });
    assertThat(commit(edited("x/y", 0, 2))).isInstanceOf(Result.Refused.class);
  }

  @Test
  void aTargetThatNoSymlinkCanHaveIsRejected() {
    ContentId endless = new ContentId(Seat.content(1).root(), Version.TARGET_BYTES_MAX + 1);

    for (ContentId content : List.of(ContentId.EMPTY, endless)) {
      Version link = new Version(1, Kind.SYMLINK, content, now, 0777);
      assertThat(learn(new Fact.Holds(X, link, Reason.KEPT, true)))
          .isInstanceOf(Verdict.Rejected.class);
    }
  }

  static List<Saved> saved(Directory directory) {
    List<Saved> items = new ArrayList<>();
    directory.saved().forEachRemaining(items::add);
    return items;
  }

  private Verdict learn(Fact fact) {
    return learn(List.of(fact)).getFirst();
  }

  private List<Verdict> learn(List<Fact> facts) {
    Result result = directory.apply(new Command.Learn(ANNA, facts), now);
    return ((Result.Learned) result).verdicts();
  }

  private Result commit(Fact.Edited... edits) {
    return directory.apply(new Command.Commit(ANNA, List.of(edits)), now);
  }

  private Result delete(String... names) {
    List<Name> all = List.of(names).stream().map(Name::of).toList();
    return directory.apply(new Command.Delete(ANNA, all), now);
  }

  private Result move(String from, String to) {
    return directory.apply(new Command.Move(ANNA, Name.of(from), Name.of(to)), now);
  }

  private Entry entry(String name) {
    return directory.entry(Name.of(name)).orElseThrow();
  }

  private static Refusal refusal(Result result) {
    return ((Result.Refused) result).refusal();
  }
}
