package dev.potluck.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.potluck.content.Name;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What becomes of small edits when the machine, or only the process, ends at once. A power cut is
/// played by taking back what had not to be on the disk, and by another boot id in the journal.
final class EditJournalTest {
  private static final Name NAME = Name.of("d/f");
  private static final int HEADER_BYTES = 28;
  private static final int BOOT_OFFSET = 16;

  @TempDir private Path folder;
  private ShareFixture it;

  @BeforeEach
  void open() {
    it = new ShareFixture(folder);
  }

  @AfterEach
  void close() {
    it.close();
  }

  private void edit(String text, long base) throws Exception {
    try (DraftContent draft = new DraftContent(it.share.scratches())) {
      draft.write(0, ByteBuffer.wrap(ShareFixture.bytes(text)));
      var installed = it.share.installEdit(draft.seal(), NAME, base, ShareFixture.LONG_AGO, 0640);
      draft.sealedIsInPlace(it.share::recorded);
      assertThat(installed.conflictCopy()).isEmpty();
    }
  }

  @Test
  void whatAPowerCutTookBackIsMadeAgain() throws Exception {
    edit("new", 3);

    powerCut(() -> Files.delete(folder.resolve("d/f")));

    assertThat(it.text("d/f")).isEqualTo("new");
    LocalFile file = it.share.find(NAME).orElseThrow();
    assertThat(file.edited()).isTrue();
    assertThat(file.base()).isEqualTo(3);
    assertThat(file.mode()).isEqualTo(0640);
    assertThat(file.content()).isEqualTo(ShareFixture.id("new"));
  }

  @Test
  void aLinkThatAPowerCutTookBackIsMadeAgain() throws Exception {
    byte[] target = ShareFixture.bytes("../target");
    try (NotedLink link = it.share.noteLink(NAME, 3, target, ShareFixture.LONG_AGO)) {
      link.install(ShareFixture.link("../target", 4));
    }

    powerCut(() -> Files.delete(folder.resolve("d/f")));

    assertThat(it.target("d/f")).isEqualTo("../target");
    assertThat(it.share.find(NAME).orElseThrow().version())
        .isEqualTo(ShareFixture.link("../target", 3));
    it.share.rescan();
    assertThat(it.events).isEmpty();
  }

  @Test
  void aFileThatAPowerCutLeftEmptyIsWhole() throws Exception {
    edit("new", 0);

    powerCut(
        () -> {
          try (var file = new RandomAccessFile(folder.resolve("d/f").toFile(), "rw")) {
            file.setLength(0);
          }
        });

    assertThat(it.text("d/f")).isEqualTo("new");
    it.share.rescan();
    assertThat(it.events).isEmpty();
  }

  @Test
  void attributesSetAfterwardsStayIfTheContentIsWhole() throws Exception {
    edit("new", 3);
    assertThat(it.dressEdit("d/f", "new")).isPresent();

    powerCut(() -> {});

    LocalFile file = it.share.find(NAME).orElseThrow();
    assertThat(file.mode()).isEqualTo(0600);
    assertThat(file.mtime()).isEqualTo(ShareFixture.LATER);
    assertThat(file.edited()).isTrue();
  }

  @Test
  void whatWasGivenOtherAttributesIsMadeAgainIfItsContentIsNot() throws Exception {
    edit("new", 3);
    assertThat(it.dressEdit("d/f", "new")).isPresent();
    Path file = folder.resolve("d/f");

    powerCut(
        () -> {
          Files.writeString(file, "old");
          Files.setLastModifiedTime(file, FileTime.from(ShareFixture.LATER));
          it.pretendNothingChanged("d/f");
        });

    assertThat(file).hasContent("new");
  }

  @Test
  void theVersionBeforeIsInTheTrashAfterwards() throws Exception {
    edit("old", 0);
    it.share.recordVersion(NAME, ShareFixture.version("old", 1));
    edit("new", 1);

    powerCut(() -> {});

    assertThat(it.text("d/f")).isEqualTo("new");
    assertThat(it.share.has(ShareFixture.id("old"))).isTrue();
  }

  @Test
  void theLastOfSeveralEditsIsTheOneThatCounts() throws Exception {
    edit("one", 0);
    edit("two", 0);
    edit("three", 0);

    powerCut(() -> Files.delete(folder.resolve("d/f")));

    assertThat(it.text("d/f")).isEqualTo("three");
  }

  @Test
  void whatSomebodyWroteSinceStays() throws Exception {
    edit("mine", 2);
    it.share.rescan();
    it.write("d/f.tmp", "theirs");

    powerCut(() -> Files.move(folder.resolve("d/f.tmp"), folder.resolve("d/f"), REPLACE));

    assertThat(it.text("d/f")).isEqualTo("theirs");
    it.share.rescan();
    assertThat(it.share.find(NAME).orElseThrow().base()).isEqualTo(2);
    assertThat(it.share.find(NAME).orElseThrow().content()).isEqualTo(ShareFixture.id("theirs"));
  }

  @Test
  void whatItsUserDeletedStaysAwayIfOnlyTheProcessEnded() throws Exception {
    edit("gone", 0);
    it.share.close();
    Files.delete(folder.resolve("d/f"));

    it.reopen();

    assertThat(it.exists("d/f")).isFalse();
  }

  @Test
  void moreThanTheJournalHoldsIsSafeAllTheSame() throws Exception {
    byte[] bytes = new byte[EditJournal.CONTENT_BYTES_MAX];
    int count = 5 * JournalFile.FILE_BYTES / 2 / bytes.length;
    for (int i = 0; i < count; i++) {
      ByteBuffer.wrap(bytes).putInt(i);
      try (DraftContent draft = new DraftContent(it.share.scratches())) {
        draft.write(0, ByteBuffer.wrap(bytes));
        var _ =
            it.share.installEdit(
                draft.seal(), Name.of("many/" + i), 0, ShareFixture.LONG_AGO, 0644);
        draft.sealedIsInPlace(it.share::recorded);
      }
    }
    Name last = Name.of("many/" + (count - 1));

    powerCut(() -> Files.delete(folder.resolve(last.value())));

    assertThat(it.share.files()).hasSize(count);
    assertThat(folder.resolve(last.value())).hasBinaryContent(bytes);
  }

  private static final java.nio.file.CopyOption REPLACE =
      java.nio.file.StandardCopyOption.REPLACE_EXISTING;

  private interface Loss {
    void happen() throws IOException;
  }

  private void powerCut(Loss loss) throws IOException {
    it.share.close();
    loss.happen();
    for (String name : new String[] {"0", "1"}) {
      otherBoot(folder.resolve(EditJournal.FOLDER).resolve(name));
    }
    it.reopen();
  }

  private static void otherBoot(Path journal) throws IOException {
    try (var file = new RandomAccessFile(journal.toFile(), "rw")) {
      if (file.length() == 0) {
        return;
      }
      byte[] header = new byte[HEADER_BYTES];
      file.readFully(header);
      ByteBuffer fields = ByteBuffer.wrap(header);
      fields.putLong(BOOT_OFFSET, ~fields.getLong(BOOT_OFFSET));
      CRC32C crc = new CRC32C();
      crc.update(header, 0, HEADER_BYTES - Integer.BYTES);
      fields.putInt(HEADER_BYTES - Integer.BYTES, (int) crc.getValue());
      file.seek(0);
      file.write(header);
    }
  }
}
