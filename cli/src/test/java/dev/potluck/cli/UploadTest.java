package dev.potluck.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.potluck.content.FailedException;
import dev.potluck.content.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which files a `put` is about and what they are called.
final class UploadTest {
  @TempDir private Path folder;

  @BeforeEach
  void makeFiles() throws IOException {
    Files.createDirectories(folder.resolve("docs/deep/.potluck"));
    for (var file : List.of("a.txt", "docs/b.txt", "docs/deep/c.txt", "docs/deep/.potluck/x")) {
      Files.writeString(folder.resolve(file), file);
    }
    Files.createSymbolicLink(folder.resolve("docs/link"), Path.of("b.txt"));
  }

  @Test
  void fileIsCalledAsItIs() {
    assertThat(names(null, "docs/b.txt")).containsExactly("b.txt");
  }

  @Test
  void folderGoesWithAllThatIsInItButState() {
    var upload = Upload.of(new Stage(folder).surroundings(), List.of("docs"), null);

    assertThat(upload.documents().stream().map(file -> file.get("name")))
        .containsExactlyInAnyOrder("docs/b.txt", "docs/deep/c.txt", "docs/link");
    assertThat(upload.documents())
        .contains(Map.of("path", folder + "/docs/link", "name", "docs/link", "link", true));
    assertThat(upload.skipped()).isEmpty();
  }

  @Test
  void aLinkThatIsTypedIsFollowed() throws IOException {
    Files.createSymbolicLink(folder.resolve("all"), Path.of("docs"));

    var upload = Upload.of(new Stage(folder).surroundings(), List.of("docs/link", "all"), null);

    assertThat(upload.documents())
        .contains(
            Map.of("path", folder + "/docs/link", "name", "link"),
            Map.of("path", folder + "/docs/deep/c.txt", "name", "all/deep/c.txt"));
  }

  @Test
  void pathsAreAbsolute() {
    var upload = Upload.of(new Stage(folder).surroundings(), List.of("docs/../a.txt"), null);

    assertThat(upload.documents())
        .containsExactly(Map.of("path", folder + "/a.txt", "name", "a.txt"));
  }

  @Test
  void asIsTheNameOfOneAndTheFolderOfSeveral() {
    assertThat(names("x/y", "a.txt")).containsExactly("x/y");
    assertThat(names("x", "docs")).containsExactlyInAnyOrder("x/b.txt", "x/deep/c.txt", "x/link");
    assertThat(names("x", "a.txt", "docs/b.txt")).containsExactly("x/a.txt", "x/b.txt");
  }

  @Test
  void twoFilesOfOneNameAreRefused() throws IOException {
    Files.writeString(folder.resolve("docs/a.txt"), "another");

    assertThatThrownBy(() -> names(null, "a.txt", "docs/a.txt"))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("a.txt");
  }

  @Test
  void whatIsNotThereFailsBeforeAnythingIsPut() {
    assertThatThrownBy(() -> names(null, "a.txt", "nowhere"))
        .isInstanceOf(FailedException.class)
        .hasMessageContaining("nowhere");
  }

  private List<String> names(@Nullable String as, String... files) {
    return Upload.of(new Stage(folder).surroundings(), List.of(files), as).documents().stream()
        .map(file -> String.valueOf(file.get("name")))
        .toList();
  }
}
