package dev.potluck.directory;

import static dev.potluck.directory.Seat.holds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.potluck.content.Name;
import org.junit.jupiter.api.Test;

final class FactDigestTest {
  private static final Name X = Name.of("x");

  @Test
  void orderDoesNotCount() {
    FactDigest one = FactDigest.EMPTY.with(holds("x", 1, 1)).with(holds("y", 2, 1));
    FactDigest other = FactDigest.EMPTY.with(holds("y", 2, 1)).with(holds("x", 1, 1));

    assertThat(one).isEqualTo(other);
  }

  @Test
  void whatIsTakenBackWasNeverThere() {
    FactDigest digest =
        FactDigest.EMPTY.with(holds("x", 1, 1)).with(holds("y", 2, 1)).without(holds("x", 1, 1));

    assertThat(digest).isEqualTo(FactDigest.EMPTY.with(holds("y", 2, 1)));
  }

  @Test
  void nameNumberWholenessAndReasonCount() {
    FactDigest digest = FactDigest.EMPTY.with(X, 1, true, Reason.KEPT);

    assertThat(digest).isNotEqualTo(FactDigest.EMPTY.with(Name.of("y"), 1, true, Reason.KEPT));
    assertThat(digest).isNotEqualTo(FactDigest.EMPTY.with(X, 2, true, Reason.KEPT));
    assertThat(digest).isNotEqualTo(FactDigest.EMPTY.with(X, 1, false, Reason.KEPT));
    assertThat(digest).isNotEqualTo(FactDigest.EMPTY.with(X, 1, true, Reason.PLACED));
  }

  @Test
  void swappedVersionsAreSeen() {
    FactDigest one = FactDigest.EMPTY.with(holds("x", 1, 1)).with(holds("y", 2, 1));
    FactDigest other = FactDigest.EMPTY.with(holds("x", 2, 1)).with(holds("y", 1, 1));

    assertThat(one).isNotEqualTo(other);
  }

  @Test
  void namesWithTheSameHashCodeAreToldApart() {
    assertThat(FactDigest.EMPTY.with(holds("Aa", 1, 1)))
        .isNotEqualTo(FactDigest.EMPTY.with(holds("BB", 1, 1)));
  }

  /// Part of the protocol: peers of other builds must agree.
  @Test
  void theHashNeverChanges() {
    assertThat(FactDigest.EMPTY.with(Name.of("a/ж.txt"), 7, true, Reason.FETCHED))
        .isEqualTo(new FactDigest(6994249693682413802L, 1));
  }
}
