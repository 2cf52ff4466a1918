package dev.potluck.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.potluck.content.ContentId;
import dev.potluck.content.Name;
import dev.potluck.content.Version;
import dev.potluck.directory.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Small edits of a large file: what is read of them, before and after they are files, and what
/// becomes of them when something else happens to the file meanwhile.
final class OverlaysTest {
  private static final int SIZE = 17 << 20;
  private static final Name NAME = Name.of("d/large");
  private static final String KEPT = "d/large.conflict-anna-20261121-101500";
  private static final Instant EDITED_AT = Instant.parse("2021-02-03T04:05:06.789Z");
  private static final long SEED =
      Long.getLong("potluck.seed", System.nanoTime() & Integer.MAX_VALUE);

  /// Whole files are made only when something asks for them.
  private static final ShareOptions HELD_BACK = ShareFixture.QUICK.withQuiet(Duration.ofHours(1));

  private static final ShareOptions AT_ONCE = ShareFixture.QUICK.withQuiet(Duration.ofMillis(1));

  @TempDir private Path folder;
  private ShareFixture it;
  private byte[] model;
  private ContentId base;

  @BeforeEach
  void install() throws IOException {
    it = new ShareFixture(folder, HELD_BACK);
    model = new byte[SIZE];
    new Random(SEED).nextBytes(model);
    ReadyContent ready = it.ready(model);
    base = ready.content();
    it.share.install(
        ready, NAME, Version.file(1, base, ShareFixture.LONG_AGO, 0640), Reason.FETCHED);
  }

  @AfterEach
  void close() {
    it.close();
  }

  @Test
  void anEditIsReadBeforeItIsAFile() throws Exception {
    byte[] before = model.clone();

    LocalFile edit = edit(5_000_000, "changed");

    assertThat(file()).hasBinaryContent(before);
    assertThat(edit.edited()).isTrue();
    assertThat(edit.version()).isEqualTo(Version.file(1, edit.content(), EDITED_AT, 0600));
    assertThat(edit.content()).isEqualTo(ShareFixture.layer(model).content());
    assertThat(it.share.find(NAME)).contains(edit);
    assertThat(read(edit.content())).isEqualTo(model);
    assertThat(read(base)).isEqualTo(before);
    it.share.rescan();
    assertThat(it.events).isEmpty();
  }

  @Test
  void itIsAFileWhenNobodyHasWrittenForAMoment() throws Exception {
    byte[] before = model.clone();
    edit(5_000_000, "changed");
    LocalFile edit = edit(SIZE + 10_000, "beyond the end");

    it.reopen(AT_ONCE);

    awaitFile();
    assertThat(it.share.find(NAME)).contains(edit);
    assertThat(Files.getLastModifiedTime(file()).toInstant()).isEqualTo(EDITED_AT);
    assertThat(read(edit.content())).isEqualTo(model);
    assertThat(read(base)).isEqualTo(before);
    it.share.rescan();
    assertThat(it.events).isEmpty();
    assertThat(logs()).isEmpty();
  }

  @Test
  void randomEditsAreThoseOfAPlainArray() throws Exception {
    System.out.println("potluck.seed=" + SEED);
    var random = new Random(SEED);
    it.reopen(ShareFixture.QUICK.withQuiet(Duration.ofMillis(300)));
    for (int n = 0; n < 60; n++) {
      LocalFile edit =
          edit(random.nextInt(model.length + 50_000), "x".repeat(random.nextInt(1, 20_000)));

      if (n % 20 == 7) {
        it.reopen();
      }
      if (n % 20 == 11) {
        awaitFile(); // The next ones are over that.
      }
      assertThat(Arrays.equals(read(edit.content()), model)).isTrue();
    }
    awaitFile();
    it.share.rescan();
    assertThat(it.told(ShareEvent.Changed.class)).isEmpty();
  }

  @Test
  void aFileThatOnlyGrowsEndsInZeros() throws Exception {
    model = Arrays.copyOf(model, SIZE + 100_000);

    LocalFile edit =
        edit(it.share, it.share.find(NAME).orElseThrow(), draft -> draft.resize(model.length));

    assertThat(edit.content()).isEqualTo(ShareFixture.layer(model).content());
    assertThat(read(edit.content())).isEqualTo(model);
    it.reopen(AT_ONCE);
    awaitFile();
  }

  @Test
  void whatIsOpenStaysReadable() throws Exception {
    LocalFile first = edit(1_000_000, "first");
    byte[] then = model.clone();
    try (OpenContent open = it.share.open(first.content()).orElseThrow()) {
      edit(1_000_002, "second");

      ContentId now = ShareFixture.layer(model).content();
      Version version = Version.file(2, now, EDITED_AT, 0600);
      it.share.recordVersion(NAME, version);
      it.share.move(NAME, 3, Name.of("moved"), version);

      assertThat(folder.resolve("moved")).hasBinaryContent(model);
      assertThat(all(open)).isEqualTo(then);
    }
  }

  @Test
  void anEditThatIsDeletedIsInTheTrash() throws Exception {
    LocalFile edit = edit(1_000_000, "changed");

    assertThat(it.share.remove(NAME)).isPresent();

    assertThat(file()).doesNotExist();
    assertThat(read(edit.content())).isEqualTo(model);
    it.share.restore(NAME, 3);
    assertThat(file()).hasBinaryContent(model);
  }

  @Test
  void anEditThatNobodyHasSeenIsKeptBesideAnothersVersion() throws Exception {
    edit(1_000_000, "changed");

    Installed other = it.install(NAME.value(), "other", 2);

    assertThat(other.conflictCopy()).contains(Name.of(KEPT));
    assertThat(it.text(NAME.value())).isEqualTo("other");
    assertThat(folder.resolve(KEPT)).hasBinaryContent(model);
  }

  @Test
  void otherAttributesAreThoseOfTheFile() throws Exception {
    LocalFile edit = edit(1_000_000, "changed");
    Version dressed = Version.file(2, edit.content(), ShareFixture.LONG_AGO, 0640);

    it.share.dress(NAME, dressed);

    assertThat(it.share.find(NAME).orElseThrow().version()).isEqualTo(dressed);
    it.reopen(AT_ONCE);
    awaitFile();
    assertThat(it.share.find(NAME).orElseThrow().version()).isEqualTo(dressed);
    it.share.rescan();
    assertThat(it.events).isEmpty();
  }

  @Test
  void aFileThatWasReplacedMeanwhileIsKeptBeside() throws Exception {
    edit(1_000_000, "changed");
    it.write("d/new", "somebody's");
    Files.move(folder.resolve("d/new"), file(), StandardCopyOption.REPLACE_EXISTING);

    it.share.rescan();

    assertThat(file()).hasBinaryContent(model);
    assertThat(it.text(KEPT)).isEqualTo("somebody's");
    assertThat(it.told(ShareEvent.Added.class)).contains(KEPT);
    assertThat(it.told(ShareEvent.Changed.class)).isEmpty();
  }

  @Test
  void aFileThatWasDeletedMeanwhileIsThereAgain() throws Exception {
    edit(1_000_000, "changed");
    Files.delete(file());

    it.share.rescan();

    assertThat(file()).hasBinaryContent(model);
    assertThat(it.events).isEmpty();
  }

  @Test
  void ofAFileThatWasWrittenMeanwhileNothingIsLost() throws Exception {
    LocalFile edit = edit(1_000_000, "changed");
    byte[] somebodys = read(base);
    try (var channel = Files.newByteChannel(file(), StandardOpenOption.WRITE)) {
      channel.position(2_000_000).write(ByteBuffer.wrap(new byte[9]));
    }
    Arrays.fill(somebodys, 2_000_000, 2_000_009, (byte) 0);

    it.share.rescan();

    assertThat(file()).hasBinaryContent(somebodys);
    Arrays.fill(model, 2_000_000, 2_000_009, (byte) 0);
    assertThat(folder.resolve(KEPT)).hasBinaryContent(model);
    assertThat(it.events).contains(new ShareEvent.Overwritten(edit, Name.of(KEPT)));
    assertThat(it.told(ShareEvent.Changed.class)).containsExactly(NAME.value());
    assertThat(it.told(ShareEvent.Added.class)).containsExactly(KEPT);
    LocalFile now = it.share.find(NAME).orElseThrow();
    assertThat(now.content()).isEqualTo(ShareFixture.layer(somebodys).content());
    assertThat(now.edited()).isTrue();
    assertThat(it.share.has(edit.content())).isFalse();
    assertThat(logs()).isEmpty();
  }

  @Test
  void aFileThatWasWrittenAndHasItsOldTimeIsNotTakenForWhatItWas() throws Exception {
    edit(1_000_000, "changed");
    byte[] somebodys = read(base);
    FileTime before = Files.getLastModifiedTime(file());
    try (var channel = Files.newByteChannel(file(), StandardOpenOption.WRITE)) {
      channel.position(2_000_000).write(ByteBuffer.wrap(new byte[9]));
    }
    Files.setLastModifiedTime(file(), before);
    Arrays.fill(somebodys, 2_000_000, 2_000_009, (byte) 0);

    it.share.rescan();

    assertThat(file()).hasBinaryContent(somebodys);
    Arrays.fill(model, 2_000_000, 2_000_009, (byte) 0);
    assertThat(folder.resolve(KEPT)).hasBinaryContent(model);
  }

  @Test
  void whatTheDiskDamagedIsSetAsideWithAllThatThereIs() throws Exception {
    LocalFile edit = edit(1_000_000, "changed");
    Path log = logs().getFirst();
    Files.writeString(log, "rotten!");

    assertThat(it.share.verify(edit.content())).isFalse();

    assertThat(it.told(ShareEvent.Rotten.class)).containsExactly(NAME.value());
    assertThat(it.share.find(NAME)).isEmpty();
    assertThat(file()).doesNotExist();
    System.arraycopy(ShareFixture.bytes("rotten!"), 0, model, 1_000_000, 7);
    try (Stream<Path> rotten = Files.list(folder.resolve(RotShelf.FOLDER))) {
      assertThat(rotten.toList())
          .hasSize(2)
          .anySatisfy(kept -> assertThat(kept).hasBinaryContent(model));
    }
  }

  @Test
  void whatCannotBeReadIsNotRight() throws Exception {
    it.reopen(HELD_BACK.withSettle(Duration.ofHours(1))); // A scan would see to it.
    LocalFile edit = edit(1_000_000, "changed");
    try (var channel = Files.newByteChannel(file(), StandardOpenOption.WRITE)) {
      channel.position(2_000_000).write(ByteBuffer.wrap(new byte[9]));
    }

    assertThat(it.share.verify(edit.content())).isFalse();

    assertThat(logs()).hasSize(1);
    assertThat(it.events).isEmpty();
  }

  @Test
  void whatTheDirectorySaysWhileTheFileIsMadeStaysSaid() throws Exception {
    for (int n = 1; n <= 10; n++) {
      LocalFile edit = edit(1_000_000 * n, "number " + n);
      Version judged = Version.file(n + 1, edit.content(), EDITED_AT, 0600);
      Thread saying = Thread.ofPlatform().start(() -> it.share.recordVersion(NAME, judged));

      it.share.finishOverlaid();

      saying.join();
      assertThat(it.share.find(NAME).orElseThrow().version()).isEqualTo(judged);
      assertThat(it.share.find(NAME).orElseThrow().edited()).isFalse();
    }
  }

  @Test
  void ofAFileThatWasWrittenWhileNobodyRanNothingIsLostEither() throws Exception {
    edit(1_000_000, "changed");
    it.share.close();
    Files.writeString(file(), "short");
    it.reopen();

    it.share.rescan();

    assertThat(it.text(NAME.value())).isEqualTo("short");
    byte[] kept = Files.readAllBytes(folder.resolve(KEPT));
    assertThat(kept).hasSize(SIZE).startsWith(ShareFixture.bytes("short"));
    assertThat(Arrays.copyOfRange(kept, 1_000_000, 1_000_007))
        .isEqualTo(ShareFixture.bytes("changed"));
  }

  @Test
  void otherTimesOfTheFileTakeNothing() throws Exception {
    LocalFile edit = edit(1_000_000, "changed");
    Files.setLastModifiedTime(file(), FileTime.from(EDITED_AT));

    it.share.rescan();

    assertThat(it.share.find(NAME)).contains(edit);
    assertThat(read(edit.content())).isEqualTo(model);
    it.reopen(AT_ONCE);
    awaitFile();
    assertThat(it.share.verify(edit.content())).isTrue();
  }

  @Test
  void whoKeepsVersionsHasEachAsAFile() throws Exception {
    it.reopen(HELD_BACK.withKeepVersions(3));
    ContentId first = edit(1_000_000, "first").content();
    byte[] then = model.clone();

    LocalFile second = edit(2_000_000, "second");

    assertThat(file()).hasBinaryContent(then);
    assertThat(read(second.content())).isEqualTo(model);
    it.reopen(AT_ONCE.withKeepVersions(3));
    awaitFile();
    assertThat(read(first)).isEqualTo(then);
  }

  @Test
  void theLastOfManyEditsStayReadableForAWhile() throws Exception {
    ContentId first = edit(1_000_000, "first").content();
    byte[] then = model.clone();
    ContentId second = edit(2_000_000, "second").content();
    assertThat(read(first)).isEqualTo(then);
    it.share.finishOverlaid();
    assertThat(read(first)).isEqualTo(then);

    int edits = 0;
    while (edits < 1_000 && it.share.has(first)) {
      edit(3_000_000, "number " + edits++);
    }

    // More, if some had to be whole files at once.
    assertThat(edits).isBetween(257, 999);
    assertThat(it.share.has(second)).isTrue(); // It was a file.
    ContentId last = it.share.find(NAME).orElseThrow().content();
    try (var database = ScanDatabase.open(closed().resolve(".potluck/share.db"))) {
      assertThat(database.layer(first)).isEmpty();
      assertThat(database.layer(second)).isPresent();
      assertThat(database.layer(last)).isPresent();
      assertThat(database.layer(base)).isPresent();
    }
    it.reopen();
    assertThat(read(last)).isEqualTo(model);
  }

  private Path closed() {
    it.share.close();
    return folder;
  }

  /// Writes in the file as a program in the mount does, and in the model.
  private LocalFile edit(int position, String text) throws Exception {
    LocalFile now = it.share.find(NAME).orElseThrow();
    byte[] bytes = ShareFixture.bytes(text);
    LocalFile edit = edit(it.share, now, draft -> draft.write(position, ByteBuffer.wrap(bytes)));
    model = Arrays.copyOf(model, Math.max(model.length, position + bytes.length));
    System.arraycopy(bytes, 0, model, position, bytes.length);
    return edit;
  }

  private interface Writing {
    void in(DraftContent draft) throws IOException;
  }

  private static LocalFile edit(Share share, LocalFile file, Writing writing)
      throws IOException, InterruptedException {
    ContentId content = file.content();
    var version = share.openVersion(content).orElseThrow();
    try (var draft =
        new DraftContent(share.scratches(), version, content.size(), share.layer(content))) {
      writing.in(draft);
      assertThat(draft.littleChangeOf()).contains(content);
      DraftChange change = draft.change();
      return share.overlay(change, file.name(), file.base(), EDITED_AT, 0600).orElseThrow();
    }
  }

  private void awaitFile() {
    Awaitility.await()
        .untilAsserted(
            () -> {
              assertThat(Arrays.equals(Files.readAllBytes(file()), model)).isTrue();
              assertThat(logs()).isEmpty();
            });
  }

  private byte[] read(ContentId content) throws IOException {
    try (OpenContent open = it.share.open(content).orElseThrow()) {
      return all(open);
    }
  }

  private static byte[] all(OpenContent open) throws IOException {
    var buffer = ByteBuffer.allocate((int) open.content().size());
    while (buffer.hasRemaining()) {
      assertThat(open.read(buffer.position(), buffer)).isPositive();
    }
    return buffer.array();
  }

  private Path file() {
    return folder.resolve(NAME.value());
  }

  private List<Path> logs() throws IOException {
    try (Stream<Path> logs = Files.list(folder.resolve(Overlay.FOLDER))) {
      return logs.toList();
    }
  }
}
