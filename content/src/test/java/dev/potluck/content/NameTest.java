package dev.potluck.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NameTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"a", "a/b", ".hidden", "...", "with space", "line\nbreak", "имя/🍲", "-o"})
  void ordinaryNamesAreAccepted(String text) {
    assertThat(Name.of(text).value()).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "/a",
        "a/",
        "a//b",
        ".",
        "..",
        "a/../b",
        "./a",
        "a/.",
        "nul\0",
        ".potluck",
        ".potluck/x",
        "p/.potluck/share.db",
        "\ud800"
      })
  void namesThatCouldEscapeOrConfuseAreRefused(String text) {
    assertThat(Name.isValid(text)).isFalse();
    assertThatThrownBy(() -> Name.of(text))
        .isInstanceOf(UsageException.class)
        .hasMessageStartingWith("not a name: ");
  }

  @Test
  void lengthsAreBoundedInBytesNotCharacters() {
    String component = "é".repeat(127);
    String path = (component + "/").repeat(14) + "x".repeat(230);

    assertThat(Name.isValid(component + "a")).isTrue();
    assertThat(Name.isValid(component + "aa")).isFalse();
    assertThat(path.getBytes(StandardCharsets.UTF_8)).hasSize(3_800);
    assertThat(Name.of(path).lengthBytes()).isEqualTo(Name.MAX_BYTES);
    assertThat(Name.isValid(path + "x")).isFalse();
  }

  @Test
  void aFolderHoldsItselfAndWhatLiesBelowButNotItsNeighbours() {
    Name folder = Name.of("a/b");

    assertThat(Name.of("a/b").isIn(folder)).isTrue();
    assertThat(Name.of("a/b/c").isIn(folder)).isTrue();
    assertThat(Name.of("a/bc").isIn(folder)).isFalse();
    assertThat(Name.of("a").isIn(folder)).isFalse();
    assertThat(folder.resolve("c/d").components()).containsExactly("a", "b", "c", "d");
    assertThat(Name.of("a/b/c").last()).isEqualTo("c");
  }
}
