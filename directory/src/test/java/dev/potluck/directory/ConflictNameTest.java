package dev.potluck.directory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.potluck.content.Name;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

final class ConflictNameTest {
  private static final Instant NOW = Instant.parse("2026-11-21T03:04:05.678Z");

  @Test
  void saysWhoseItIsAndWhenInUtc() {
    assertThat(of("docs/a.txt", _ -> false))
        .isEqualTo(Name.of("docs/a.txt.conflict-anna-20261121-030405"));
  }

  @Test
  void isNumberedWhenTaken() {
    Set<Name> taken =
        Set.of(
            Name.of("a.conflict-anna-20261121-030405"),
            Name.of("a.conflict-anna-20261121-030405-2"));

    assertThat(of("a", taken::contains)).isEqualTo(Name.of("a.conflict-anna-20261121-030405-3"));
  }

  @Test
  void aLongComponentIsShortenedBetweenCharacters() {
    String name = "d/" + "жж😀".repeat(31) + "abcdefg";

    String kept = of(name, _ -> false).value();

    String component = kept.substring(2);
    assertThat(component).endsWith(".conflict-anna-20261121-030405").startsWith("жж😀");
    assertThat(component.getBytes(StandardCharsets.UTF_8)).hasSizeBetween(252, 255);
    assertThat(component).doesNotContain("?").doesNotContain("\ufffd");
  }

  @Test
  void aLongNameIsShortenedToFit() {
    String deep = ("d".repeat(249) + "/").repeat(15);

    Name kept = of(deep + "n".repeat(50), _ -> false);

    assertThat(kept.lengthBytes()).isEqualTo(Name.MAX_BYTES);
    assertThat(kept.value()).startsWith(deep).endsWith(".conflict-anna-20261121-030405");
  }

  @Test
  void inAFolderThatIsTooDeepItLiesBesideOneOfTheFolders() {
    String deep = ("d".repeat(252) + "/").repeat(15);

    Name kept = of(deep + "12345", _ -> false);

    assertThat(kept.value())
        .isEqualTo(("d".repeat(252) + "/").repeat(14) + "12345.conflict-anna-20261121-030405");
  }

  @Test
  void aFolderIsRenamedWithAllThatIsInIt() {
    Name kept = ConflictName.below(Name.of("a/x"), Name.of("a/x/y/z"), "anna", NOW, _ -> false);

    assertThat(kept).isEqualTo(Name.of("a/x.conflict-anna-20261121-030405/y/z"));
  }

  @Test
  void whatIsTooLongInARenamedFolderLiesBesideIt() {
    String rest = ("/" + "d".repeat(252)).repeat(14) + "/" + "e".repeat(250);

    Name kept = ConflictName.below(Name.of("a/x"), Name.of("a/x" + rest), "anna", NOW, _ -> false);

    assertThat(kept.value()).startsWith("a/e").endsWith("e.conflict-anna-20261121-030405");
    assertThat(kept.last().getBytes(StandardCharsets.UTF_8)).hasSize(255);
  }

  private static Name of(String name, Predicate<Name> taken) {
    return ConflictName.of(Name.of(name), "anna", NOW, taken);
  }
}
