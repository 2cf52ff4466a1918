package dev.potluck.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreesTest {
  @TempDir private Path folder;

  @Test
  void theSameSeedGivesTheSameBytes() throws IOException {
    Trees.file(folder.resolve("a"), 100_000, 1);
    Trees.file(folder.resolve("b"), 100_000, 1);
    Trees.file(folder.resolve("c"), 100_000, 2);

    assertThat(Files.size(folder.resolve("a"))).isEqualTo(100_000);
    assertThat(Trees.same(folder.resolve("a"), folder.resolve("b"))).isTrue();
    assertThat(Trees.same(folder.resolve("a"), folder.resolve("c"))).isFalse();
  }

  @Test
  void aCopiedTreeIsTheSameUntilAFileIsMissing() throws IOException {
    Trees.small(folder.resolve("tree"), 250, 1);

    Trees.copy(folder.resolve("tree"), folder.resolve("copy"));

    assertThat(Trees.same(folder.resolve("tree"), folder.resolve("copy"))).isTrue();
    Files.delete(folder.resolve("copy/d07/f00107"));
    assertThat(Trees.same(folder.resolve("tree"), folder.resolve("copy"))).isFalse();
    Trees.delete(folder.resolve("copy"));
    assertThat(folder.resolve("copy")).doesNotExist();
    Trees.delete(folder.resolve("copy"));
  }
}
