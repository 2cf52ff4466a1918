package dev.potluck.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.potluck.content.FailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files that went away without being deleted: telling of them would take their names from the
/// whole party.
final class ShareDisappearanceTest {
  private static final int MANY = Disappearances.FEW + 1;

  @TempDir Path temporary;
  Path folder;
  ShareFixture it;

  @BeforeEach
  void open() throws IOException {
    folder = Files.createDirectory(temporary.resolve("share"));
    it = new ShareFixture(folder);
  }

  @AfterEach
  void close() {
    it.close();
  }

  @Test
  void aShareThatIsSuddenlyEmptyIsNotTakenForDeleted() throws IOException {
    writeMany("doc");
    it.share.rescan();

    takeAway("doc");
    ScanReport report = it.share.rescan();

    assertThat(report.removed()).isZero();
    assertThat(it.told(ShareEvent.Removed.class)).isEmpty();
    assertThat(report.skipped())
        .singleElement()
        .satisfies(
            skipped ->
                assertThat(skipped.why())
                    .contains(MANY + " files are gone at once", "potluck update --deletions"));
  }

  @Test
  void nothingIsConcludedAfterARestartEither() throws IOException {
    writeMany("doc");
    it.share.rescan();
    it.share.close();

    takeAway("doc");
    it.reopen();
    it.share.rescan();

    assertThat(it.told(ShareEvent.Removed.class)).isEmpty();
  }

  @Test
  void whenTheUserSaysSoEverythingIsDeleted() throws IOException {
    writeMany("doc");
    it.share.rescan();

    takeAway("doc");
    ScanReport report = it.share.rescan(true);

    assertThat(report.removed()).isEqualTo(MANY);
    assertThat(report.skipped()).isEmpty();
  }

  @Test
  void someOfManyFilesAreDeletedAsBefore() throws IOException {
    writeMany("doc");
    it.write("other", "stays");
    it.share.rescan();

    takeAway("doc");

    it.share.rescan();
    assertThat(it.told(ShareEvent.Removed.class)).hasSize(MANY);
  }

  @Test
  void filesOfAnUnmountedFileSystemAreNotTakenForDeleted() throws Exception {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    assumeTrue(run("mount", "-t", "tmpfs", "potluck-test", disk.toString()), "root may mount");
    try {
      it.write("disk/photo", "on the disk");
      it.write("own", "in the share");
      it.share.rescan();
      assertThat(it.find("disk/photo")).isPresent();
    } finally {
      assertThat(run("umount", disk.toString())).isTrue();
    }

    ScanReport running = it.share.rescan();
    it.reopen();
    ScanReport restarted = it.share.rescan();

    assertThat(running.skipped()).extracting(Skipped::path).containsExactly("disk");
    assertThat(restarted.skipped()).extracting(Skipped::path).containsExactly("disk");
    assertThat(it.told(ShareEvent.Removed.class)).isEmpty();
    assertThat(it.share.rescan(true).removed()).isEqualTo(1);
  }

  @Test
  void aShareThatWasMovedAwayIsLostAndNothingIsToldOfIt() throws IOException {
    writeMany("doc");
    it.share.rescan();

    Files.move(folder, temporary.resolve("elsewhere"));
    Files.createDirectory(folder);

    assertThatThrownBy(() -> it.share.rescan())
        .isInstanceOf(FailedException.class)
        .hasMessageContaining("moved, replaced or unmounted");
    assertThat(it.lost)
        .isNotEmpty()
        .allSatisfy(why -> assertThat(why).contains("not the share any more"));
    assertThat(it.told(ShareEvent.Removed.class)).isEmpty();
  }

  @Test
  void aShareWithoutItsStateIsLost() throws IOException {
    it.write("doc", "1");
    it.share.rescan();

    Files.move(folder.resolve(".potluck"), temporary.resolve("state"));

    assertThatThrownBy(() -> it.share.rescan()).hasMessageContaining(".potluck is gone");
    assertThat(it.lost).isNotEmpty();
  }

  private void writeMany(String below) {
    for (int i = 0; i < MANY; i++) {
      it.write(below + "/" + i, "file " + i);
    }
  }

  /// All at once: what was deleted a moment before the rest may be told alone.
  private void takeAway(String below) throws IOException {
    Files.move(folder.resolve(below), temporary.resolve("taken away"));
  }

  private static boolean run(String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
  }
}
