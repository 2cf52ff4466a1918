package dev.potluck.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Files that the kernel reads and writes itself.
@Timeout(120)
class PassthroughTest {
  private Mounted<MemoryFileSystem> mounted;
  private Path backing;

  @BeforeEach
  void mount() throws IOException, InterruptedException {
    mounted = Mounted.of(new MemoryFileSystem(Mounted.LONG, false));
    backing = Files.createTempFile("backing", "");
    Files.writeString(backing, "in the backing file");
    mounted.files.putBacked("file", backing);
  }

  @AfterEach
  void unmount() throws IOException {
    if (mounted != null) {
      mounted.close();
      Files.delete(backing);
    }
  }

  private void assumePassthrough() {
    assumeTrue(mounted.mount.features().passthrough(), "this kernel has no passthrough");
  }

  @Test
  void isReadWithoutAsking() throws IOException, InterruptedException {
    assumePassthrough();

    assertThat(Files.readString(mounted.path("file"))).isEqualTo("in the backing file");
    mounted.python(
        """
        import mmap
        with open('file', 'rb') as f, mmap.mmap(f.fileno(), 0, prot=mmap.PROT_READ) as m:
            assert m[:] == b'in the backing file'
        """);

    assertThat(mounted.files.asked).contains(Opcode.OPEN).doesNotContain(Opcode.READ);
  }

  @Test
  void isWrittenWithoutAsking() throws IOException {
    assumePassthrough();

    Files.writeString(mounted.path("file"), "written", StandardOpenOption.WRITE);

    assertThat(Files.readString(backing)).isEqualTo("writtenbacking file");
    assertThat(mounted.files.asked).doesNotContain(Opcode.WRITE);
  }

  @Test
  void opensOfOneNodeShareOneBackingFile() throws IOException, InterruptedException {
    assumePassthrough();
    Path other = Files.createTempFile("backing", "");
    try {
      Files.writeString(other, "another file");
      try (var first = Files.newInputStream(mounted.path("file"))) {
        mounted.files.named("file").backing = other;
        assertThat(mounted.run("/bin/cat", "file")).isEqualTo("in the backing file");
        assertThat(first.readAllBytes()).hasSize(19);
      }

      mounted
          .mount
          .notifier()
          .invalidateAttributes(mounted.files.nodes.numberOf(mounted.files.named("file")));
      mounted.mount.notifier().await();
      awaitReleased();
      assertThat(mounted.run("/bin/cat", "file")).isEqualTo("another file");
    } finally {
      Files.delete(other);
    }
  }

  /// The kernel tells of a close without waiting for it: another reader may have the next open
  /// first.
  private void awaitReleased() {
    Awaitility.await().until(() -> mounted.files.files.size() == 0);
  }

  @Test
  void whatIsOpenThroughTheCacheStaysSo() throws IOException, InterruptedException {
    assumePassthrough();
    MemoryNode node = mounted.files.put("whole later", "streamed".getBytes(StandardCharsets.UTF_8));
    try (var streaming = Files.newInputStream(mounted.path("whole later"))) {
      assertThat(streaming.read()).isEqualTo('s');
      node.backing = Files.writeString(Files.createTempFile("backing", ""), "streamed");

      assertThat(mounted.run("/bin/cat", "whole later")).isEqualTo("streamed");
      assertThat(streaming.readAllBytes()).hasSize(7);
    }
    awaitReleased();
    mounted.files.asked.clear();

    assertThat(mounted.run("/bin/cat", "whole later")).isEqualTo("streamed");
    assertThat(mounted.files.asked).doesNotContain(Opcode.READ);
    Files.delete(Objects.requireNonNull(node.backing));
  }

  @Test
  void whatIsPassedThroughStaysSo() throws IOException, InterruptedException {
    assumePassthrough();
    try (var open = Files.newInputStream(mounted.path("file"))) {
      assertThat(open.read()).isEqualTo('i');
      mounted.files.named("file").backing = null;

      assertThat(mounted.run("/bin/cat", "file")).isEqualTo("in the backing file");
    }
  }

  @Test
  void withoutItTheFileSystemIsAsked() throws IOException, InterruptedException {
    try (var plain =
        Mounted.of(
            new MemoryFileSystem(Mounted.LONG, false), Mounted.options().withPassthrough(false))) {
      MemoryNode node = plain.files.putBacked("file", backing);
      node.write(0, "from memory, 19 by.".getBytes(StandardCharsets.UTF_8));

      assertThat(plain.mount.features().passthrough()).isFalse();
      assertThat(Files.readString(plain.path("file"))).isEqualTo("from memory, 19 by.");
    }
  }

  @Test
  void backingFilesAreClosed() throws IOException, InterruptedException {
    Files.readString(mounted.path("file"));
    int before = Mounted.descriptors().size();

    for (int i = 0; i < 100; i++) {
      Files.readString(mounted.path("file"));
    }

    assertThat(Mounted.descriptors()).hasSizeLessThanOrEqualTo(before);
  }
}
