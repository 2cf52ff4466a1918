package dev.potluck.peer;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.potluck.content.ConflictException;
import dev.potluck.content.FailedException;
import dev.potluck.content.Kind;
import dev.potluck.content.Name;
import dev.potluck.content.Version;
import dev.potluck.directory.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ShareLinkTest {
  @TempDir Path folder;
  @TempDir Path outside;
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
  void aLinkIsSharedAsItsTargetAndNothingBehindIt() throws IOException {
    Files.writeString(outside.resolve("secret"), "secret");
    it.writeLink("out", outside.toString());
    it.writeLink("round", ".");
    it.writeLink("nowhere", "../not there");

    it.share.rescan();

    assertThat(it.told(ShareEvent.Added.class))
        .containsExactlyInAnyOrder("out", "round", "nowhere");
    LocalFile out = it.find("out").orElseThrow();
    assertThat(out.kind()).isEqualTo(Kind.SYMLINK);
    assertThat(out.mode()).isEqualTo(0777);
    assertThat(out.content()).isEqualTo(ShareFixture.id(outside.toString()));
    assertThat(it.share.skipped()).isEmpty();
  }

  @Test
  void aTargetThatIsNoUtf8IsSharedByteForByte() throws Exception {
    byte[] target = {'\'', (byte) 0xff, (byte) 0xfe, '\''};
    assertThat(shell("ln -s $'\\'\\xff\\xfe\\'' odd")).isZero();

    it.share.rescan();

    try (OpenContent content = it.share.open(ShareFixture.layer(target).content()).orElseThrow()) {
      ByteBuffer read = ByteBuffer.allocate(16);
      assertThat(content.read(0, read)).isEqualTo(target.length);
      assertThat(read.array()).startsWith(target);
    }
  }

  private int shell(String command) throws Exception {
    Process process =
        new ProcessBuilder("bash", "-c", command).directory(folder.toFile()).inheritIO().start();
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  @Test
  void aLinkThatWasChangedOrBecameAFileIsAnEdit() throws IOException {
    it.installLink("a", "one", 1);
    it.installLink("b", "one", 1);
    it.install("c", "one", 1);
    it.writeLink(".potluck/tmp/a", "two");
    it.write(".potluck/tmp/b", "one");
    it.writeLink(".potluck/tmp/c", "one");
    for (String name : List.of("a", "b", "c")) {
      // At once: what is gone for a moment may be told as deleted.
      Files.move(folder.resolve(".potluck/tmp/" + name), folder.resolve(name), ATOMIC_MOVE);
    }

    it.share.rescan();

    assertThat(it.told(ShareEvent.Changed.class)).containsExactlyInAnyOrder("a", "b", "c");
    assertThat(it.find("b").orElseThrow().version().kind()).isEqualTo(Kind.FILE);
    assertThat(it.find("c").orElseThrow().version().kind()).isEqualTo(Kind.SYMLINK);
    assertThat(it.share.files()).allMatch(LocalFile::edited);
    it.share.recordVersion(Name.of("c"), ShareFixture.link("one", 2));
    it.reopen();
    assertThat(it.find("c").orElseThrow().edited()).isFalse();
    assertThat(it.find("b").orElseThrow().edited()).isTrue();
  }

  @Test
  void anInstalledLinkHasTargetAndTimeAndIsNoEdit() throws IOException {
    Installed installed = it.installLink("d/link", "../elsewhere", 3);

    assertThat(it.target("d/link")).isEqualTo("../elsewhere");
    assertThat(Files.getLastModifiedTime(folder.resolve("d/link"), LinkOption.NOFOLLOW_LINKS))
        .isEqualTo(FileTime.from(ShareFixture.LONG_AGO));
    assertThat(installed.file().edited()).isFalse();
    assertThat(installed.file().version()).isEqualTo(ShareFixture.link("../elsewhere", 3));
    it.share.rescan();
    it.reopen();
    it.share.rescan();
    assertThat(it.events).isEmpty();
    assertThat(folder.resolve(".potluck/tmp")).isEmptyDirectory();
    assertThat(folder.resolve(".potluck/partial")).isEmptyDirectory();
  }

  @Test
  void linksComeInBatches() {
    List<SmallFile> files =
        List.of(
            small("link", "a/b/c", Kind.SYMLINK), small("file", "content of a file", Kind.FILE));

    assertThat(it.share.installBatch(files)).allMatch(o -> o instanceof Share.Outcome.Done);

    assertThat(it.target("link")).isEqualTo("a/b/c");
    assertThat(it.text("file")).isEqualTo("content of a file");
  }

  private static SmallFile small(String name, String text, Kind kind) {
    Version version = new Version(1, kind, ShareFixture.id(text), ShareFixture.LONG_AGO, 0777);
    return new SmallFile(
        Name.of(name), version, Reason.FETCHED, ByteBuffer.wrap(ShareFixture.bytes(text)));
  }

  @Test
  void fileAndLinkTakeEachOthersPlaceAndComeBackFromTheTrash() throws IOException {
    it.install("x", "a file", 1);
    it.installLink("x", "first", 2);
    assertThat(it.target("x")).isEqualTo("first");
    it.install("x", "a file again", 3);

    assertThat(it.text("x")).isEqualTo("a file again");
    LocalFile restored = it.share.restore(Name.of("x"), 3);
    assertThat(restored.kind()).isEqualTo(Kind.SYMLINK);
    assertThat(restored.edited()).isTrue();
    assertThat(it.target("x")).isEqualTo("first");
    it.share.rescan();
    assertThat(it.events).isEmpty();
  }

  @Test
  void aLinkNobodySawIsKeptBesideWhatReplacesIt() throws IOException {
    it.install("doc", "one", 1);
    Files.delete(folder.resolve("doc"));
    it.writeLink("doc", "my link");

    Installed installed = it.install("doc", "two", 2);

    assertThat(it.text("doc")).isEqualTo("two");
    assertThat(it.target(installed.conflictCopy().orElseThrow().value())).isEqualTo("my link");
  }

  @Test
  void whatIsThereAlreadyIsNotKeptBeside() throws IOException {
    it.writeLink("doc", "the same");
    it.writeLink("other", "the same as a file");

    assertThat(it.installLink("doc", "the same", 1).conflictCopy()).isEmpty();
    assertThat(it.install("other", "the same as a file", 1).conflictCopy()).isPresent();
  }

  @Test
  void aLinkIsRemovedRestoredMovedAndDressed() throws IOException {
    it.installLink("link", "target", 1);

    it.share.dress(
        Name.of("link"),
        new Version(
            2,
            Kind.SYMLINK,
            ShareFixture.id("target"),
            ShareFixture.LONG_AGO.plusSeconds(9),
            0777));
    assertThat(Files.getLastModifiedTime(folder.resolve("link"), LinkOption.NOFOLLOW_LINKS))
        .isEqualTo(FileTime.from(ShareFixture.LONG_AGO.plusSeconds(9)));
    assertThat(
            it.share.move(Name.of("link"), 9, Name.of("d/moved"), ShareFixture.link("target", 3)))
        .hasValueSatisfying(file -> assertThat(file.edited()).isFalse());
    assertThat(it.share.remove(Name.of("d/moved"))).isPresent();
    assertThat(it.exists("d")).isFalse();
    assertThat(it.share.restore(Name.of("d/moved"), 4).kind()).isEqualTo(Kind.SYMLINK);
    assertThat(it.target("d/moved")).isEqualTo("target");
    it.install("over", "a file", 1);
    assertThat(it.share.moveOver(Name.of("d/moved"), Name.of("over"), 1)).isPresent();
    it.share.forgetMoved(Name.of("d/moved"));
    assertThat(it.target("over")).isEqualTo("target");
    it.share.rescan();
    assertThat(it.events).isEmpty();
  }

  @Test
  void aDeletedLinkIsGivenUp() throws IOException {
    it.installLink("link", "target", 1);
    Files.delete(folder.resolve("link"));

    it.share.rescan();

    assertThat(it.told(ShareEvent.Removed.class)).containsExactly("link");
  }

  @Test
  void aLinkIsServedAndCopiedWithoutBeingFollowed() throws IOException {
    Path secret = Files.writeString(outside.resolve("secret"), "secret");
    it.writeLink("link", secret.toString());
    it.share.rescan();

    ReadyContent copy = it.share.copyOf(ShareFixture.id(secret.toString())).orElseThrow();

    assertThat(it.text(copy.path())).isEqualTo(secret.toString());
    assertThat(it.share.verify(copy.content())).isTrue();
    assertThat(it.share.isReplaceable(Name.of("link"))).isFalse();
    it.share.discard(copy);
  }

  @Test
  void aTargetThatNoSystemCanHaveIsRefused() throws IOException {
    assertThatThrownBy(() -> it.installLink("long", "x".repeat(4_096), 1))
        .isInstanceOf(FailedException.class)
        .hasMessageContaining("long")
        .hasMessageContaining("4095 bytes");
    assertThatThrownBy(() -> it.installLink("cut", "a\0b", 1))
        .isInstanceOf(FailedException.class)
        .hasMessageContaining("NUL");
    assertThat(it.share.files()).isEmpty();
    assertThat(folder.resolve(".potluck/tmp")).isEmptyDirectory();

    it.installLink("longest", "x".repeat(4_095), 1);

    assertThat(it.target("longest")).hasSize(4_095);
  }

  @Test
  void whatIsExportedFollowsNoLinkBelowTheFolderItsUserNamed() throws IOException {
    Path place = Files.createDirectory(outside.resolve("place"));
    Path elsewhere = Files.createDirectory(outside.resolve("elsewhere"));
    Path way = Files.createSymbolicLink(outside.resolve("way"), place);

    export(
        "a",
        new Exports.Place(way, "a"),
        ShareFixture.link(elsewhere.toString(), 1),
        elsewhere.toString());
    assertThatThrownBy(
            () ->
                export(
                    "a/b", new Exports.Place(way, "a/b"), ShareFixture.version("file", 1), "file"))
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("symlink is in the way");
    export("f", new Exports.Place(way, "d/f"), ShareFixture.version("file", 1), "file");
    export("f", new Exports.Place(way, "a"), ShareFixture.version("file", 1), "file");

    assertThat(elsewhere).isEmptyDirectory();
    assertThat(Files.readString(place.resolve("d/f"))).isEqualTo("file");
    assertThat(place.resolve("a")).isRegularFile().hasContent("file");
    assertThat(Files.readSymbolicLink(way)).isEqualTo(place);
  }

  @Test
  void nothingIsInstalledThroughALinkWhateverTheWay() throws IOException {
    it.writeLink("a", outside.toString());

    List<Share.Outcome> outcomes =
        it.share.installBatch(
            List.of(small("a/file", "x", Kind.FILE), small("a/link", "x", Kind.SYMLINK)));
    assertThat(outcomes).allMatch(o -> o instanceof Share.Outcome.Failed);
    assertThatThrownBy(() -> it.installLink("a/b/link", "x", 1))
        .isInstanceOf(ConflictException.class);
    it.install("file", "x", 1);
    assertThatThrownBy(
            () ->
                it.share.move(Name.of("file"), 9, Name.of("a/file"), ShareFixture.version("x", 2)))
        .isInstanceOf(ConflictException.class);

    assertThat(outside).isEmptyDirectory();
    assertThat(it.text("file")).isEqualTo("x");
  }

  @Test
  void aNotedLinkIsSeenOnceItIsDecidedOn() throws Exception {
    try (NotedLink link = note("taken", 4)) {
      assertThat(it.share.rescan().files()).isZero();
      link.install(ShareFixture.link("target", 5));
    }
    try (NotedLink link = note("refused", 0)) {
      link.drop();
    }
    try (NotedLink link = note("unknown", 7)) {
      assertThat(link.content()).isEqualTo(ShareFixture.id("target"));
    }

    for (int round = 0; round < 2; round++) {
      assertThat(it.share.files())
          .extracting(file -> file.name().value(), LocalFile::base, LocalFile::edited)
          .containsExactlyInAnyOrder(tuple("taken", 5L, false), tuple("unknown", 7L, true));
      assertThat(it.target("taken") + it.target("unknown")).isEqualTo("targettarget");
      assertThat(folder.resolve(".potluck/tmp")).isEmptyDirectory();
      it.reopen();
    }
  }

  private NotedLink note(String name, long base) throws InterruptedException {
    return it.share.noteLink(
        Name.of(name), base, ShareFixture.bytes("target"), ShareFixture.LONG_AGO);
  }

  private void export(String name, Exports.Place place, Version version, String text)
      throws IOException {
    ReadyContent content = it.ready(ShareFixture.bytes(text));
    it.share.export(content, place, version);
    assertThat(it.exists(content.path())).as(name).isFalse();
  }
}
