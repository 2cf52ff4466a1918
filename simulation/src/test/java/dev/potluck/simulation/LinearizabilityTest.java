package dev.potluck.simulation;

import static dev.potluck.simulation.Story.story;
import static org.assertj.core.api.Assertions.assertThat;

import dev.potluck.simulation.Outcome.Reason;
import org.junit.jupiter.api.Test;

class LinearizabilityTest {
  private final Linearizability check = new Linearizability();

  private void isFine(Story story) {
    assertThat(check.violation(story.history())).isEmpty();
  }

  private void isNot(Story story) {
    assertThat(check.violation(story.history())).isPresent();
  }

  @Test
  void oneAfterTheOtherInOrderIsFine() {
    isFine(
        story().writes(0, 1, "anna", 0, "a", 1).writes(2, 3, "ben", 1, "b", 2).sees(4, 5, 2, "b"));
  }

  @Test
  void twoThatOverlapMayHaveHappenedInEitherOrder() {
    isFine(
        story()
            .writes(0, 9, "anna", 1, "a", 2)
            .writes(1, 8, "ben", 0, "b", 1)
            .sees(10, 11, 2, "a"));
  }

  @Test
  void twoThatDoNotOverlapKeepTheirOrder() {
    isNot(story().writes(0, 1, "anna", 1, "a", 2).writes(2, 3, "ben", 0, "b", 1));
  }

  @Test
  void twoVersionsFromOneBaseAreOneTooMany() {
    isNot(story().writes(0, 9, "anna", 0, "a", 1).writes(0, 9, "ben", 0, "b", 1));
  }

  @Test
  void whatIsReadMustHaveBeenWritten() {
    isNot(story().writes(0, 1, "anna", 0, "a", 1).sees(2, 3, 1, "b"));
    isNot(story().writes(0, 1, "anna", 0, "a", 1).sees(2, 3, 0, null));
  }

  @Test
  void anAnswerFromMemoryMayBeOldButMustHaveBeenTrue() {
    isFine(story().writes(0, 1, "anna", 0, "a", 1).remembers(2, 3, 0, null));
    isNot(story().writes(0, 1, "anna", 0, "a", 1).remembers(2, 3, 2, "a"));
  }

  @Test
  void whatIsUncertainMayHaveHappenedAtAnyLaterTimeOrNever() {
    Story story = story().perhapsWrites(0, "anna", 0, "a");

    isFine(story.sees(5, 6, 0, null));
    isFine(story.sees(7, 8, 1, "a"));
    isNot(story.sees(9, 10, 0, null));
  }

  @Test
  void whatIsUncertainHappensOnceAtMost() {
    isNot(
        story()
            .perhapsWrites(0, "anna", Action.ANY_BASE, "a")
            .writes(5, 6, "ben", 1, "b", 2)
            .sees(7, 8, 3, "a"));
  }

  @Test
  void onlyOneHasTheLock() {
    isFine(
        story()
            .locks(0, 1, "anna", 1)
            .refused(2, 3, "ben", new Action.Lock("x"), Reason.LOCKED)
            .unlocks(4, 5, "anna", 1)
            .locks(6, 7, "ben", 2));
    isNot(story().refused(2, 3, "ben", new Action.Lock("x"), Reason.LOCKED));
  }

  @Test
  void aLockMayEndByItself() {
    isFine(story().locks(0, 1, "anna", 1).locks(2, 3, "ben", 2));
  }

  @Test
  void whoLostTheLockCannotWriteUnderIt() {
    isFine(story().locks(0, 1, "anna", 1).writesUnder(2, 3, "anna", 1, 0, "a", 1));
    isNot(
        story()
            .locks(0, 1, "anna", 1)
            .unlocks(2, 3, "anna", 1)
            .writesUnder(4, 5, "anna", 1, 0, "a", 1));
    isNot(
        story()
            .locks(0, 1, "anna", 1)
            .locks(2, 3, "ben", 2)
            .unlocks(4, 5, "ben", 2)
            .writesUnder(6, 7, "anna", 1, 0, "a", 1));
  }

  @Test
  void aTokenThatWasGivenOutOnceIsNotGivenOutAgain() {
    isNot(story().locks(0, 1, "anna", 2).unlocks(2, 3, "anna", 2).locks(4, 5, "ben", 2));
    isNot(story().locks(0, 1, "anna", 2).unlocks(2, 3, "anna", 2).locks(4, 5, "ben", 1));
  }

  @Test
  void whatWasDeletedIsMadeAnewWithTheNextNumber() {
    isFine(
        story()
            .writes(0, 1, "anna", 0, "a", 1)
            .deletes(2, 3, "ben")
            .sees(4, 5, 2, null)
            .writes(6, 7, "anna", 0, "b", 3));
    isNot(
        story()
            .writes(0, 1, "anna", 0, "a", 1)
            .deletes(2, 3, "ben")
            .writes(6, 7, "anna", 0, "b", 1));
  }

  @Test
  void aTransactionIsAllOrNothing() {
    isFine(story().writesBoth(0, 1, "anna", "a", "b").seesOf("y", 2, 3, 1, "b"));
    isNot(story().writesBoth(0, 1, "anna", "a", "b").seesOf("y", 2, 3, 0, null));
  }

  @Test
  void theEvidenceEndsWhereItBecameBadAndLeavesOutWhatIsNotToBlame() {
    Story story =
        story()
            .writes(0, 1, "anna", 0, "a", 1)
            .sees(2, 3, 1, "a")
            .writes(4, 5, "ben", 0, "b", 1)
            .sees(6, 7, 1, "b")
            .writes(8, 9, "carl", 1, "c", 2);

    Violation violation = check.violation(story.history()).orElseThrow();

    assertThat(violation.evidence()).hasSize(2).allMatch(one -> one.answeredNanos() <= 5);
    assertThat(violation.toString()).contains("x", "anna", "ben").doesNotContain("carl");
  }
}
