package dev.potluck.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.potluck.content.ConflictException;
import dev.potluck.content.ContentId;
import dev.potluck.content.Name;
import dev.potluck.content.NoSuchNameException;
import dev.potluck.content.PotluckException;
import dev.potluck.content.UsageException;
import dev.potluck.content.Version;
import dev.potluck.directory.Fact;
import dev.potluck.directory.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ShareMovesTest {
  @TempDir Path folder;
  ShareFixture it;

  @BeforeEach
  void open() {
    it = new ShareFixture(folder);
  }

  @AfterEach
  void close() {
    it.close();
  }

  @Test
  void anInstalledFileHasContentTimeAndModeAndIsNoEdit() throws IOException {
    ReadyContent ready = it.ready(ShareFixture.bytes("hello"));
    Installed installed =
        it.share.install(
            ready,
            Name.of("a/b/c"),
            Version.file(9, ready.content(), ShareFixture.LONG_AGO, 0750),
            Reason.FETCHED);

    assertThat(it.text("a/b/c")).isEqualTo("hello");
    assertThat(Files.getLastModifiedTime(folder.resolve("a/b/c")).toInstant())
        .isEqualTo(ShareFixture.LONG_AGO);
    assertThat(Files.getPosixFilePermissions(folder.resolve("a/b/c")))
        .isEqualTo(PosixFilePermissions.fromString("rwxr-x---"));
    assertThat(installed.file().edited()).isFalse();
    assertThat(installed.file().base()).isEqualTo(9);
    it.share.rescan();
    assertThat(it.events).isEmpty();
    assertThat(partials()).isEmpty();
  }

  @Test
  void whatIsWrittenAtOnceIntoWhatWasInstalledIsSeenThoughSizeAndTimeAreTheSame() throws Exception {
    List<String> names = IntStream.range(0, 50).mapToObj(i -> "f" + i).toList();
    for (String name : names) {
      ReadyContent ready = it.ready(ShareFixture.bytes("one"));
      Instant now = Instant.now();
      var _ =
          it.share.install(
              ready, Name.of(name), Version.file(1, ready.content(), now, 0644), Reason.FETCHED);
      FileTime installed = Files.getLastModifiedTime(folder.resolve(name));
      Files.writeString(folder.resolve(name), "two");
      Files.setLastModifiedTime(folder.resolve(name), installed);
    }

    // Where times are coarse each is looked at again after two seconds.
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(
            () ->
                assertThat(names)
                    .allSatisfy(
                        name ->
                            assertThat(it.find(name).orElseThrow().content())
                                .isEqualTo(ShareFixture.id("two"))));
  }

  @Test
  void otherAttributesAreAnEditUntilTheyAreJudged() throws IOException {
    it.install("f", "one", 4);

    Optional<LocalFile> dressed = it.dressEdit("f", "one");
    it.share.rescan();
    it.reopen();

    LocalFile after = it.find("f").orElseThrow();
    assertThat(dressed).contains(after);
    assertThat(after.edited()).isTrue();
    assertThat(after.version()).isEqualTo(ShareFixture.dressed("one", 4));
    assertThat(Files.getPosixFilePermissions(folder.resolve("f")))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThat(it.events).isEmpty();

    it.share.heardVersion(Name.of("f"), ShareFixture.version("one", 4));
    assertThat(it.find("f").orElseThrow().edited()).isTrue();
    Version other = ShareFixture.version("one", 5);
    it.share.heardVersion(Name.of("f"), other, said(other, 4));
    assertThat(it.find("f").orElseThrow().edited()).isTrue();
    // The answer to what was said before was lost: this is the first word of that version.
    it.share.heardVersion(Name.of("f"), other, said(after.version(), 4));
    assertThat(it.find("f").orElseThrow().edited()).isTrue();
    it.share.heardVersion(Name.of("f"), after.version().withNumber(6), said(after.version(), 5));
    assertThat(it.find("f").orElseThrow().edited()).isFalse();
    assertThat(it.find("f").orElseThrow().base()).isEqualTo(6);
  }

  @Test
  void whatIsRefusedOfAttributesIsNoEditAnyMore() throws IOException {
    it.install("f", "one", 4);
    LocalFile dressed = it.dressEdit("f", "one").orElseThrow();

    it.share.heardVersion(Name.of("f"), ShareFixture.version("one", 4), said(dressed.version(), 4));

    assertThat(it.find("f").orElseThrow().edited()).isFalse();
  }

  private static Fact.Edited said(Version version, long base) {
    return new Fact.Edited(Name.of("f"), base, version, Reason.KEPT);
  }

  @Test
  void whoReadsAFileGoesOnThoughItIsGivenOtherTimes() throws IOException {
    it.install("f", "one", 1);
    try (LocalOpenFile file = it.share.openVersion(ShareFixture.id("one")).orElseThrow()) {
      assertThat(it.dressEdit("f", "one")).isPresent();
      assertThat(read(file)).isEqualTo("one");
      Files.writeString(folder.resolve("f"), "two");

      assertThatThrownBy(() -> read(file)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void whatIsGivenOtherTimesThisInstantIsThere() throws Exception {
    it.install("f", "one", 1);
    Name name = Name.of("f");
    AtomicInteger reads = new AtomicInteger();
    CompletableFuture<Void> dressing =
        CompletableFuture.runAsync(
            () -> {
              for (int i = 0; i < 500 || reads.get() < 500; i++) {
                var shape = new DraftShape(3, 0644, ShareFixture.LATER.plusSeconds(i));
                var _ = it.share.dressEdit(name, ShareFixture.id("one"), shape).orElseThrow();
              }
            });

    while (!dressing.isDone()) {
      try (LocalOpenFile file = it.share.openVersion(ShareFixture.id("one")).orElseThrow()) {
        assertThat(read(file)).isEqualTo("one");
      } finally {
        reads.incrementAndGet();
      }
    }
    dressing.get();
  }

  private static String read(LocalOpenFile file) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(3);
    var _ = file.read(0, bytes);
    return new String(bytes.array(), StandardCharsets.UTF_8);
  }

  @Test
  void otherAttributesStandInNoContentsWay() throws IOException {
    it.install("deleted", "one", 1);
    it.install("replaced", "one", 1);
    it.install("lost", "one", 1);
    for (String name : List.of("deleted", "replaced", "lost")) {
      assertThat(it.dressEdit(name, "one")).isPresent();
    }

    assertThat(it.share.remove(Name.of("deleted"), 2)).isEmpty(); // The directory says when.
    assertThat(it.share.forgetAttributes(Name.of("deleted"))).isTrue();
    assertThat(it.share.remove(Name.of("deleted"), 2)).isPresent();
    assertThat(it.install("replaced", "two", 2).conflictCopy()).isEmpty();
    assertThat(it.share.forgetAttributes(Name.of("lost"))).isTrue();

    assertThat(it.find("lost").orElseThrow().edited()).isFalse();
    assertThat(it.find("replaced").orElseThrow().edited()).isFalse();
    assertThat(it.share.forgetAttributes(Name.of("replaced"))).isFalse();
  }

  @Test
  void otherAttributesAreForTheContentThatWasMeant() throws IOException {
    it.install("f", "one", 1);

    assertThat(it.dressEdit("f", "two")).isEmpty();
    Files.writeString(folder.resolve("f"), "changed");

    assertThat(it.dressEdit("f", "one")).isEmpty();
    assertThat(it.dressEdit("none", "one")).isEmpty();
    assertThat(Files.getPosixFilePermissions(folder.resolve("f")))
        .isEqualTo(PosixFilePermissions.fromString("rw-r--r--"));
  }

  @Test
  void aReplacedVersionGoesToTheTrashAndCanBeRestored() throws IOException {
    it.install("doc", "one", 1);

    Installed second = it.install("doc", "two", 2);
    LocalFile restored = it.share.restore(Name.of("doc"), 2);

    assertThat(second.conflictCopy()).isEmpty();
    assertThat(it.text("doc")).isEqualTo("one");
    assertThat(restored.base()).isEqualTo(2);
    assertThat(restored.edited()).isTrue();
    it.share.rescan();
    assertThat(it.events).isEmpty();
  }

  @Test
  void aRemovedFileCanBeRestoredAndItsEmptyFoldersGo() throws IOException {
    it.install("a/b/doc", "one", 1);

    assertThat(it.share.remove(Name.of("a/b/doc"))).isPresent();
    assertThat(it.exists("a")).isFalse();
    it.share.rescan();
    assertThat(it.events).isEmpty();

    it.share.restore(Name.of("a/b/doc"), 2);
    assertThat(it.text("a/b/doc")).isEqualTo("one");
    assertThatThrownBy(() -> it.share.restore(Name.of("a/b/doc"), 2))
        .isInstanceOf(NoSuchNameException.class);
  }

  @Test
  void aDeletionLeavesWhatWasMadeOfTheNameSince() throws Exception {
    it.install("old", "one", 1);
    it.install("newer", "three", 3);
    it.share.installEdit(
        it.ready(ShareFixture.bytes("edit")), Name.of("edit"), 2, ShareFixture.LONG_AGO, 0644);

    assertThat(it.share.remove(Name.of("newer"), 2)).isEmpty();
    assertThat(it.share.remove(Name.of("edit"), 2)).isEmpty();
    assertThat(it.share.remove(Name.of("edit"), 3)).as("the directory judges it").isEmpty();
    assertThat(it.share.remove(Name.of("old"), 2)).isPresent();

    assertThat(it.folder.resolve("old")).doesNotExist();
    assertThat(it.folder.resolve("newer")).hasContent("three");
    assertThat(it.folder.resolve("edit")).hasContent("edit");
  }

  @Test
  void aRenameLeavesWhatWasMadeOfTheNameSince() throws Exception {
    Version moved = ShareFixture.version("same", 1);
    it.install("newer", "same", 3);
    it.share.installEdit(
        it.ready(ShareFixture.bytes("same")), Name.of("edit"), 2, ShareFixture.LONG_AGO, 0644);

    assertThat(it.share.move(Name.of("newer"), 2, Name.of("moved"), moved)).isEmpty();
    assertThat(it.share.move(Name.of("edit"), 3, Name.of("moved"), moved)).isEmpty();
    assertThat(it.share.move(Name.of("newer"), 4, Name.of("moved"), moved)).isPresent();

    assertThat(it.folder.resolve("edit")).hasContent("same");
    assertThat(it.folder.resolve("moved")).hasContent("same");
  }

  @Test
  void anEditNobodySawIsKeptBesideWhatReplacesIt() throws IOException {
    it.install("doc", "one", 1);
    it.write("doc", "my own edit");

    Installed installed = it.install("doc", "two", 2);

    assertThat(it.text("doc")).isEqualTo("two");
    Name copy = installed.conflictCopy().orElseThrow();
    assertThat(it.text(copy.value())).isEqualTo("my own edit");
    it.share.rescan();
    assertThat(it.share.find(copy)).hasValueSatisfying(f -> assertThat(f.edited()).isTrue());
    assertThat(it.find("doc").orElseThrow().edited()).isFalse();
  }

  @Test
  void whatWasFetchedIsNotPutOverWhatIsNewer() throws IOException {
    it.install("doc", "three", 3);
    assertThatThrownBy(() -> it.install("doc", "two", 2)).isInstanceOf(ConflictException.class);
    it.share.installEdit(
        it.ready(ShareFixture.bytes("my edit")), Name.of("doc"), 3, ShareFixture.LONG_AGO, 0644);

    assertThatThrownBy(() -> it.install("doc", "three", 3)).isInstanceOf(ConflictException.class);

    assertThat(it.text("doc")).isEqualTo("my edit");
    assertThat(it.find("doc").orElseThrow().edited()).isTrue();
    it.share.rescan();
    assertThat(it.events).isEmpty();
    assertThat(partials()).isEmpty();
  }

  @Test
  void anOlderVersionIsNoNewsOfWhatWasMadeFromALaterOne() throws IOException {
    ReadyContent same = it.ready(ShareFixture.bytes("same"));
    Version older = Version.file(1, same.content(), ShareFixture.LONG_AGO, 0644);
    it.share.installEdit(same, Name.of("doc"), 2, ShareFixture.LONG_AGO, 0644);

    it.share.recordVersion(Name.of("doc"), older);

    assertThat(it.find("doc").orElseThrow().edited()).isTrue();
    it.share.recordVersion(Name.of("doc"), older.withNumber(3));
    assertThat(it.find("doc").orElseThrow().edited()).isFalse();
  }

  @Test
  void aFileNobodyScannedYetIsKeptBesideUnlessItIsTheSame() throws IOException {
    it.write("other", "mine");
    it.write("same", "equal");

    Installed other = it.install("other", "theirs", 1);
    Installed same = it.install("same", "equal", 1);

    assertThat(other.conflictCopy()).isPresent();
    assertThat(it.text(other.conflictCopy().orElseThrow().value())).isEqualTo("mine");
    assertThat(same.conflictCopy()).isEmpty();
  }

  @Test
  void anEditIsNotRemoved() throws IOException {
    it.install("doc", "one", 1);
    it.write("doc", "edited");

    assertThat(it.share.remove(Name.of("doc"))).isEmpty();

    assertThat(it.text("doc")).isEqualTo("edited");
  }

  @Test
  void nothingIsInstalledThroughASymlink() throws IOException {
    Path outside = Files.createTempDirectory("outside");
    Files.createSymbolicLink(folder.resolve("link"), outside);

    assertThatThrownBy(() -> it.install("link/doc", "one", 1))
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("symlink");

    assertThat(outside).isEmptyDirectory();
    Files.delete(outside);
  }

  @Test
  void fileAgainstFolderIsAConflict() throws IOException {
    it.install("x/y", "one", 1);
    it.install("f", "file", 1);

    assertThatThrownBy(() -> it.install("x", "two", 1))
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("folder");
    assertThatThrownBy(() -> it.install("f/z", "two and more", 1))
        .isInstanceOf(ConflictException.class);
    assertThat(it.text("x/y")).isEqualTo("one");
    assertThat(it.text("f")).isEqualTo("file");
  }

  @Test
  void aLosingEditMovesToAnotherNameAsNew() throws IOException {
    it.install("doc", "one", 1);
    it.write("doc", "lost");
    it.share.rescan();
    it.events.clear();

    LocalFile kept = it.share.keepAs(Name.of("doc"), Name.of("doc.conflict-x")).orElseThrow();

    assertThat(kept.base()).isZero();
    assertThat(kept.edited()).isTrue();
    assertThat(it.text("doc.conflict-x")).isEqualTo("lost");
    it.share.rescan();
    assertThat(it.events).isEmpty();
    assertThat(it.find("doc")).isEmpty();
  }

  @Test
  void anImportedFileIsCopiedAndInstalledAsAnEdit(@TempDir Path elsewhere) throws IOException {
    Path source = Files.writeString(elsewhere.resolve("src"), "to be put");

    ReadyContent copy = it.share.importFile(source);
    Installed put = it.share.installEdit(copy, Name.of("put"), 0, ShareFixture.LONG_AGO, 0600);

    assertThat(copy.content()).isEqualTo(ShareFixture.id("to be put"));
    assertThat(put.file().edited()).isTrue();
    assertThat(put.file().reason()).isEqualTo(Reason.KEPT);
    assertThat(it.text("put")).isEqualTo("to be put");
    assertThatThrownBy(() -> it.share.importFile(elsewhere)).isInstanceOf(UsageException.class);
    assertThatThrownBy(() -> it.share.importFile(elsewhere.resolve("none")))
        .isInstanceOf(UsageException.class);
  }

  @Test
  void aBatchIsInstalledWithoutItsFailures() throws IOException {
    it.write("folder/x", "in the way");
    it.share.rescan();
    it.events.clear();
    List<SmallFile> files = new ArrayList<>();
    for (String name : List.of("a", "b/c", "folder", "empty")) {
      String text = name.equals("empty") ? "" : "text of " + name;
      files.add(
          new SmallFile(
              Name.of(name),
              ShareFixture.version(text, 1),
              Reason.FETCHED,
              ByteBuffer.wrap(ShareFixture.bytes(text))));
    }

    List<Share.Outcome> outcomes = it.share.installBatch(files);

    assertThat(outcomes.stream().filter(Share.Outcome.Failed.class::isInstance))
        .extracting(Share.Outcome::name)
        .containsExactly(Name.of("folder"));
    assertThat(it.text("b/c")).isEqualTo("text of b/c");
    it.share.rescan();
    assertThat(it.events).isEmpty();
    try (Stream<Path> left = Files.list(folder.resolve(".potluck/tmp"))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void theTrashIsBoundedInAgeAndSize() throws IOException {
    it.reopen(ShareFixture.QUICK.withTrash(Duration.ofDays(30), 8));
    it.install("a", "12345", 1);
    it.install("b", "12345", 1);
    it.share.remove(Name.of("a"));
    it.share.remove(Name.of("b"));

    it.share.pruneTrash();

    assertThatThrownBy(() -> it.share.restore(Name.of("a"), 0))
        .isInstanceOf(PotluckException.class);
    assertThat(it.share.restore(Name.of("b"), 0).name()).isEqualTo(Name.of("b"));
    it.share.remove(Name.of("b"));
    it.reopen(ShareFixture.QUICK.withTrash(Duration.ZERO, 1 << 20));
    it.share.pruneTrash();
    assertThatThrownBy(() -> it.share.restore(Name.of("b"), 0))
        .isInstanceOf(NoSuchNameException.class);
  }

  @Test
  void theLastVersionsOfAFileThatIsHereAreKeptWhateverTheBounds() throws IOException {
    it.reopen(ShareFixture.QUICK.withTrash(Duration.ZERO, 0).withKeepVersions(2));
    for (int number = 1; number <= 5; number++) {
      it.install("doc", "version " + number, number);
    }
    it.install("gone", "one", 1);
    it.install("gone", "two", 2);
    it.share.remove(Name.of("gone"));

    it.share.pruneTrash();
    it.reopen(ShareFixture.QUICK.withTrash(Duration.ZERO, 0).withKeepVersions(2));

    assertThat(IntStream.rangeClosed(1, 5).filter(n -> has("version " + n)))
        .containsExactly(3, 4, 5);
    assertThat(has("one") || has("two")).isFalse();
    assertThat(it.share.open(content("version 3"))).isPresent();
  }

  @Test
  void whatIsSetAsideOutlivesTheBoundsAndARestart() throws IOException {
    it.reopen(ShareFixture.QUICK.withTrash(Duration.ZERO, 0));
    it.install("a/doc", "one", 1);

    Optional<LocalFile> aside = it.share.setAside(Name.of("a/doc"));
    it.share.pruneTrash();
    it.reopen(ShareFixture.QUICK.withTrash(Duration.ZERO, 0));

    assertThat(aside).isPresent();
    assertThat(it.exists("a")).isFalse();
    assertThat(it.share.aside()).containsExactly(Name.of("a/doc"));
    it.share.restore(Name.of("a/doc"), 0);
    assertThat(it.text("a/doc")).isEqualTo("one");
    assertThat(it.share.aside()).isEmpty();
  }

  @Test
  void whatWasSetAsideIsNotKeptForEver() throws IOException {
    it.install("doc", "one", 1);
    it.share.setAside(Name.of("doc"));
    Clock later = Clock.offset(Clock.systemUTC(), Trash.ASIDE_AGE.plusDays(1));
    it.reopen(ShareFixture.QUICK.withClock(later));

    it.share.pruneTrash();

    assertThat(it.share.aside()).isEmpty();
  }

  @Test
  void anEditIsNotSetAside() throws IOException {
    it.write("doc", "mine");
    it.share.rescan();

    assertThat(it.share.setAside(Name.of("doc"))).isEmpty();
    assertThat(it.text("doc")).isEqualTo("mine");
  }

  private boolean has(String text) {
    return it.share.has(content(text));
  }

  private static ContentId content(String text) {
    return Entries.living("x", text, 1).version().content();
  }

  private List<Path> partials() throws IOException {
    try (Stream<Path> left = Files.list(folder.resolve(".potluck/partial"))) {
      return left.toList();
    }
  }
}
