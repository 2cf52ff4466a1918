package dev.potluck.simulation;

import static dev.potluck.simulation.Story.story;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// The checks beside {@link Linearizability}.
class CheckTest {
  private static void keeps(Check check, Story story) {
    assertThat(check.violation(story.history())).isEmpty();
  }

  private static void breaks(Check check, Story story, String why) {
    assertThat(check.violation(story.history()))
        .hasValueSatisfying(violation -> assertThat(violation.what()).contains(why));
  }

  @Test
  void tokensGrowFromLockToLock() {
    Check check = new TokensGrow();

    keeps(check, story().locks(0, 1, "anna", 1).locks(2, 3, "ben", 2));
    keeps(check, story().locks(0, 1, "anna", 1).locks(2, 3, "anna", 1));
    breaks(check, story().locks(0, 1, "anna", 1).locks(2, 3, "ben", 1), "twice");
    breaks(check, story().locks(0, 1, "anna", 2).locks(2, 3, "ben", 1), "smaller");
    breaks(
        check,
        story().locks(0, 1, "anna", 2).locksName("y", 2, 3, "ben", 1),
        "a new lock has a smaller token");
  }

  @Test
  void aLockThatAMachineMayHaveHadBeforeKeepsItsToken() {
    keeps(
        new TokensGrow(),
        story().locks(0, 1, "anna", 1).locksName("y", 2, 3, "ben", 2).locks(4, 5, "anna", 1));
  }

  @Test
  void nothingIsCommittedUnderATokenOlderThanTheLast() {
    breaks(
        new TokensGrow(),
        story()
            .locks(0, 1, "anna", 1)
            .locks(2, 3, "ben", 2)
            .writesUnder(4, 5, "anna", 1, 0, "a", 1),
        "committed under token 1 after 2");
  }

  @Test
  void anAcknowledgedVersionStays() {
    Check check = new NothingLost();

    keeps(check, story().writes(0, 1, "anna", 0, "a", 1).sees(2, 3, 2, "b"));
    breaks(check, story().writes(0, 1, "anna", 0, "a", 1).sees(2, 3, 0, null), "version 1 of x");
    breaks(check, story().writes(0, 1, "anna", 0, "a", 1).sees(2, 3, 1, "b"), "version 1 of x");
    breaks(
        check,
        story().writes(0, 1, "anna", 0, "a", 1).writes(2, 3, "ben", 0, "b", 1),
        "acknowledged twice");
  }

  @Test
  void anAcknowledgedVersionIsRemembered() {
    Check check = new NothingLost();

    keeps(check, story().writes(0, 1, "anna", 0, "a", 1).seesPast(2, 3, 2, "b", 1, "a"));
    breaks(
        check,
        story().writes(0, 1, "anna", 0, "a", 1).seesPast(2, 3, 2, "b", 1, "c"),
        "version 1 of x is gone");
  }

  @Test
  void whatWasDeletedStaysDeletedUnlessSomebodyMakesItAnew() {
    Check check = new NothingResurrected();
    Story deleted = story().writes(0, 1, "anna", 0, "a", 1).deletes(2, 3, "ben");

    keeps(check, deleted.sees(4, 5, 2, null));
    breaks(check, deleted.sees(6, 7, 3, "a"), "x is there again");
    keeps(
        check,
        story()
            .writes(0, 1, "anna", 0, "a", 1)
            .deletes(2, 3, "ben")
            .writes(4, 5, "anna", 0, "b", 3)
            .sees(6, 7, 3, "b"));
  }

  @Test
  void whatMayHaveBeenWrittenAfterTheDeletionIsNoResurrection() {
    keeps(
        new NothingResurrected(),
        story()
            .perhapsWrites(0, "anna", 0, "a")
            .writes(1, 2, "ben", 0, "b", 1)
            .deletes(3, 4, "ben")
            .sees(5, 6, 3, "a"));
  }

  @Test
  void inTheEndAllThinkTheSame() {
    Check check = new Agreement();

    keeps(check, story().thinks("anna", "ben", "alive").thinks("carl", "ben", "alive"));
    breaks(
        check,
        story().thinks("anna", "ben", "alive").thinks("carl", "ben", "dead"),
        "anna and carl differ about the members:\n  ben: alive; dead");
  }
}
