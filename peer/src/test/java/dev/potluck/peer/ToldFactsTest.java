package dev.potluck.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.potluck.content.Name;
import dev.potluck.content.Version;
import dev.potluck.directory.Entry;
import dev.potluck.directory.Fact;
import dev.potluck.directory.Reason;
import dev.potluck.directory.Verdict;
import org.junit.jupiter.api.Test;

final class ToldFactsTest {
  private static final Name X = Name.of("x");

  private final ToldFacts told = new ToldFacts();

  @Test
  void whatIsSaidOfACopyThatWasHeldIsNoAnswerToTheEditOfIt() {
    Version held = version(3, "held");
    Version mine = version(4, "mine");
    Fact.Edited edit = new Fact.Edited(X, 3, mine, Reason.KEPT);
    told.sent(new Fact.Holds(X, held, Reason.KEPT, true));
    told.sent(edit);

    assertThat(told.answered(new Verdict.Stale(X, new Entry(X, version(4, "theirs"), false, 9))))
        .isNull();
    assertThat(told.answered(new Verdict.Buried(X, new Entry(X, held, true, 9)))).isNull();
    assertThat(told.answered(new Verdict.Current(X, held))).isNull();
    assertThat(told.isProposed(X)).isTrue();

    assertThat(told.answered(new Verdict.Current(X, mine))).isEqualTo(edit);
    assertThat(told.isProposed(X)).isFalse();
  }

  @Test
  void aConflictAnswersAnEdit() {
    Fact.Edited edit = new Fact.Edited(X, 3, version(4, "mine"), Reason.KEPT);
    told.sent(edit);

    Entry theirs = new Entry(X, version(4, "theirs"), false, 9);
    assertThat(told.answered(new Verdict.Conflict(X, theirs, Name.of("x.conflict"))))
        .isEqualTo(edit);
    assertThat(told.answered(new Verdict.Conflict(X, theirs, Name.of("x.conflict")))).isNull();
  }

  private static Version version(long number, String text) {
    return Entries.version(text, number);
  }
}
