package dev.potluck.peer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.potluck.content.ContentId;
import dev.potluck.content.FailedException;
import dev.potluck.content.Name;
import dev.potluck.directory.Reason;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ShareScanTest {
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
  void aNewFileIsHashedAndTold() {
    it.write("docs/report.txt", "hello");

    ScanReport report = it.share.rescan();

    assertThat(report.files()).isEqualTo(1);
    assertThat(it.find("docs/report.txt"))
        .hasValueSatisfying(
            file -> {
              assertThat(file.content()).isEqualTo(ShareFixture.id("hello"));
              assertThat(file.base()).isZero();
              assertThat(file.edited()).isTrue();
              assertThat(file.reason()).isEqualTo(Reason.KEPT);
            });
    assertThat(it.told(ShareEvent.Added.class)).containsExactly("docs/report.txt");
  }

  @Test
  void aNewFileIsNoticedWithoutAsking() {
    it.share.rescan();

    it.write("sub/noticed", "x");

    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() -> assertThat(it.find("sub/noticed")).isPresent());
  }

  /// A change that no watch sees, through another link of the file, tells when there was a scan.
  @Test
  void whatPotluckItselfChangesNeedsNoScan(@TempDir Path elsewhere) throws IOException {
    withoutSecondLooks();
    it.write("linked", "before");
    it.write("gone", "x");
    Path link = Files.createLink(elsewhere.resolve("link"), folder.resolve("linked"));
    it.share.rescan();
    awaitLook();
    Files.writeString(link, "after");

    for (int i = 0; i < 20; i++) {
      it.install("own" + i, "one", 1);
      it.install("own" + i, "two", 2);
    }
    it.share.remove(Name.of("gone"));

    Awaitility.await()
        .during(ShareFixture.QUICK.settle().multipliedBy(10))
        .until(() -> it.find("linked").orElseThrow().content(), ShareFixture.id("before")::equals);
    it.write("by hand", "y");
    awaitText("by hand", "y");
    awaitText("linked", "after");
  }

  @Test
  void aFileDeletedByHandIsNoticed() throws IOException {
    it.install("d/f", "one", 1);
    it.share.rescan();

    Files.delete(folder.resolve("d/f"));

    Awaitility.await().until(() -> it.find("d/f").isEmpty());
  }

  @Test
  void aFileReplacedByHandIsNoticed() throws IOException {
    it.install("d/f", "one", 1);
    it.share.rescan();

    Files.writeString(folder.resolve(".potluck/two"), "two");
    Files.move(
        folder.resolve(".potluck/two"), folder.resolve("d/f"), StandardCopyOption.REPLACE_EXISTING);

    awaitText("d/f", "two");
  }

  @Test
  void whatIsChangedInAFolderThatWasMovedAwayAndBackIsNoticed() throws IOException {
    withoutSecondLooks();
    it.install("d/f", "one", 1);
    it.share.rescan();
    Files.move(folder.resolve("d"), folder.resolve("e"));
    it.share.rescan();
    Files.move(folder.resolve("e"), folder.resolve("d"));
    it.share.rescan();
    awaitLook();

    Files.writeString(folder.resolve("d/f"), "two");

    awaitText("d/f", "two");
  }

  @Test
  void whatIsChangedInFoldersThatHaveChangedPlacesIsNoticed() throws IOException {
    withoutSecondLooks();
    it.install("d/f", "one", 1);
    it.install("e/f", "eins", 1);
    it.share.rescan();
    Files.move(folder.resolve("d"), folder.resolve("t"));
    Files.move(folder.resolve("e"), folder.resolve("d"));
    Files.move(folder.resolve("t"), folder.resolve("e"));
    it.share.rescan();
    awaitLook();

    Files.writeString(folder.resolve("d/f"), "two");

    awaitText("d/f", "two");
    assertThat(it.find("e/f").orElseThrow().content()).isEqualTo(ShareFixture.id("one"));
  }

  @Test
  void whatIsChangedInAFolderThatTookAnothersPlaceIsNoticed() throws IOException {
    withoutSecondLooks();
    it.install("d/f", "one", 1);
    it.share.rescan();
    Files.move(folder.resolve("d"), folder.resolve("e"));
    it.write("d/f", "new");
    it.share.rescan();
    awaitLook();

    Files.writeString(folder.resolve("d/f"), "two");

    awaitText("d/f", "two");
  }

  /// By a clock that is ahead: what was written just now would be hashed once more in two seconds,
  /// by a scan that finds everything else, too.
  private void withoutSecondLooks() {
    Clock ahead = Clock.offset(Clock.systemUTC(), Duration.ofSeconds(10));
    it.reopen(ShareFixture.QUICK.withClock(ahead));
  }

  /// Waits until what was told of all that was done before has been looked at.
  private void awaitLook() {
    it.write("last", "x");
    awaitText("last", "x");
  }

  private void awaitText(String name, String text) {
    Awaitility.await()
        .until(
            () -> it.find(name).map(LocalFile::content),
            Optional.of(ShareFixture.id(text))::equals);
  }

  @Test
  void strangeFilesAreShared() throws IOException {
    String longest = "ä".repeat(127) + "x";
    it.write("empty", "");
    it.write("with space", "1");
    it.write("with\nnewline", "2");
    it.write("Привет 🎉", "3");
    it.write(longest, "4");
    try (RandomAccessFile sparse = new RandomAccessFile(folder.resolve("sparse").toFile(), "rw")) {
      sparse.setLength(20L << 20);
    }

    it.share.rescan();

    assertThat(it.share.files())
        .extracting(file -> file.name().value())
        .containsExactlyInAnyOrder(
            "empty", "with space", "with\nnewline", "Привет 🎉", longest, "sparse");
    assertThat(it.find("empty").orElseThrow().content()).isEqualTo(ContentId.EMPTY);
    assertThat(it.find("sparse").orElseThrow().content())
        .isEqualTo(ShareFixture.layer(new byte[20 << 20]).content());
  }

  @Test
  void aPathOf3800BytesIsInstalledScannedServedAndRemoved() throws Exception {
    StringBuilder path = new StringBuilder();
    while (path.length() < 3_800 - 200) {
      path.append("d".repeat(199)).append('/');
    }
    path.append("f".repeat(3_800 - path.length()));
    Name name = Name.of(path.toString());
    assertThat(name.lengthBytes()).isEqualTo(3_800);

    it.install(name.value(), "deep", 1);
    ScanReport report = it.share.rescan();

    assertThat(report.skipped()).isEmpty();
    assertThat(report.files()).isEqualTo(1);
    assertThat(it.share.open(ShareFixture.id("deep"))).hasValueSatisfying(OpenContent::close);
    assertThat(it.share.remove(name)).isPresent();
    assertThat(it.share.rescan().files()).isZero();
  }

  @Test
  void whatIsNoFileIsSkippedAndReportedAndNeverHangs() throws Exception {
    run("mkfifo", folder.resolve("fifo").toString());
    run("sh", "-c", "printf x > \"$(printf '" + folder + "/bad\\377name')\"");
    Files.createDirectories(folder.resolve("nested/.potluck"));
    it.write("good", "x");

    ScanReport report = it.share.rescan();

    assertThat(report.skipped())
        .extracting(Skipped::path)
        .containsExactlyInAnyOrder("fifo", "bad\\xffname", "nested/.potluck");
    assertThat(it.share.skipped()).isEqualTo(report.skipped());
    assertThat(it.share.files()).hasSize(1);

    run("sh", "-c", "rm " + folder + "/bad*");
    Awaitility.await().until(() -> it.share.skipped().size() == 2);
    Files.delete(folder.resolve("fifo"));
    Awaitility.await().until(() -> it.share.skipped().size() == 1);
  }

  @Test
  void anUnreadableFileIsSkippedByAnOrdinaryUser() throws Exception {
    assumeTrue(!"root".equals(System.getProperty("user.name")), "root reads everything");
    it.write("secret", "x");
    Files.setPosixFilePermissions(
        folder.resolve("secret"), PosixFilePermissions.fromString("---------"));

    ScanReport report = it.share.rescan();

    assertThat(report.skipped()).extracting(Skipped::path).containsExactly("secret");
    assertThat(report.files()).isZero();
  }

  @Test
  void anEditOfTheSameSizeWithItsTimeRestoredIsNoticed() throws IOException {
    it.install("doc", "aaaa", 7);
    FileTime before = Files.getLastModifiedTime(folder.resolve("doc"));

    it.write("doc", "bbbb");
    Files.setLastModifiedTime(folder.resolve("doc"), before);
    it.share.rescan();

    LocalFile file = it.find("doc").orElseThrow();
    assertThat(file.content()).isEqualTo(ShareFixture.id("bbbb"));
    assertThat(file.base()).isEqualTo(7);
    assertThat(file.edited()).isTrue();
    assertThat(file.reason()).isEqualTo(Reason.KEPT);
    assertThat(it.told(ShareEvent.Changed.class)).containsExactly("doc");
  }

  @Test
  void anEditWhileThePeerWasDownIsAnEditOfTheVersionItHad() throws IOException {
    it.install("doc", "one", 3);
    it.share.close();
    it.write("doc", "two!");

    it.reopen();

    assertThat(it.share.rescan().changed() + it.told(ShareEvent.Changed.class).size()).isPositive();
    assertThat(it.find("doc"))
        .hasValueSatisfying(
            file -> {
              assertThat(file.base()).isEqualTo(3);
              assertThat(file.edited()).isTrue();
            });
  }

  @Test
  void aRestartHashesNothingThatIsUnchangedAndTellsNothing() throws IOException {
    it.install("a", "one", 1);
    it.install("b", "two", 2);

    it.reopen();

    assertThat(it.share.files()).extracting(LocalFile::base).containsExactlyInAnyOrder(1L, 2L);
    it.share.rescan();
    assertThat(it.events).isEmpty();
  }

  @Test
  void touchingAFileIsNoEdit() throws IOException {
    it.install("doc", "one", 1);

    Files.setLastModifiedTime(folder.resolve("doc"), FileTime.fromMillis(1_000_000));
    ScanReport report = it.share.rescan();

    assertThat(report.changed()).isZero();
    assertThat(it.find("doc").orElseThrow().edited()).isFalse();
  }

  @Test
  void anAcceptedEditIsNoEditAnyMore() throws IOException {
    it.write("doc", "mine");
    it.share.rescan();

    it.share.recordVersion(Name.of("doc"), ShareFixture.version("mine", 4));
    it.reopen();

    assertThat(it.find("doc"))
        .hasValueSatisfying(
            file -> {
              assertThat(file.base()).isEqualTo(4);
              assertThat(file.edited()).isFalse();
            });
  }

  @Test
  void aDeletedFileIsToldOnceItIsGoneForAWhile() throws IOException {
    it.install("doc", "one", 1);

    Files.delete(folder.resolve("doc"));
    it.share.rescan();

    assertThat(it.told(ShareEvent.Removed.class)).containsExactly("doc");
    assertThat(it.find("doc")).isEmpty();
  }

  @Test
  void aFileThatGrowsIsNeverToldWrong() throws Exception {
    Path growing = folder.resolve("growing");
    Thread writer =
        Thread.ofPlatform()
            .start(
                () -> {
                  try (RandomAccessFile file = new RandomAccessFile(growing.toFile(), "rw")) {
                    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(800);
                    byte[] chunk = new byte[64 << 10];
                    while (System.nanoTime() < end) {
                      file.write(chunk);
                      // Slowly enough that the whole fits the test's memory on a fast disk.
                      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
                    }
                  } catch (IOException e) {
                    throw new AssertionError(e);
                  }
                });
    for (int i = 0; i < 5; i++) {
      it.share.rescan();
    }
    writer.join();

    it.share.rescan();

    long size = Files.size(growing);
    assertThat(it.find("growing").orElseThrow().content().size()).isEqualTo(size);
    assertThat(it.find("growing").orElseThrow().content())
        .isEqualTo(ShareFixture.layer(Files.readAllBytes(growing)).content());
  }

  @Test
  void aFileWrittenToIsNotServed() throws IOException {
    it.install("doc", "one", 1);
    try (OpenContent open = it.share.open(ShareFixture.id("one")).orElseThrow()) {
      Files.writeString(folder.resolve("doc"), "two");

      assertThatThrownBy(() -> open.read(0, ByteBuffer.allocateDirect(3)))
          .isInstanceOf(IOException.class);
      assertThat(it.share.open(ShareFixture.id("one"))).isEmpty();
    }
  }

  @Test
  void aFileReplacedWhileServedIsServedToItsEnd() throws IOException {
    it.install("doc", "one", 1);
    try (OpenContent open = it.share.open(ShareFixture.id("one")).orElseThrow()) {
      it.install("doc", "two", 2);

      ByteBuffer bytes = ByteBuffer.allocateDirect(3);
      int count = open.read(0, bytes);
      assertThat(count).isEqualTo(3);
      assertThat(UTF_8.decode(bytes.flip()).toString()).isEqualTo("one");
    }
  }

  @Test
  void damagedBytesAreSetAsideAndNeverAnEdit() throws Exception {
    it.install("doc", "good", 5);
    it.share.close();
    it.write("doc", "evil");
    it.pretendNothingChanged("doc");
    it.reopen();

    boolean right = it.share.verify(ShareFixture.id("good"));

    assertThat(right).isFalse();
    assertThat(it.told(ShareEvent.Rotten.class)).containsExactly("doc");
    assertThat(it.told(ShareEvent.Changed.class)).isEmpty();
    assertThat(it.exists("doc")).isFalse();
    assertThat(it.find("doc")).isEmpty();
    ShareEvent.Rotten rotten = (ShareEvent.Rotten) it.events.getFirst();
    assertThat(rotten.setAside()).hasContent("evil");
  }

  @Test
  void aDatabaseOfBeforeIsUsed() throws Exception {
    it.install("doc", "one", 5);
    it.share.close();
    try (var connection =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve(".potluck/share.db"));
        var statement = connection.createStatement()) {
      for (String column : List.of("attributes_edited", "overlaid_size", "overlay")) {
        statement.executeUpdate("ALTER TABLE files DROP COLUMN " + column);
      }
    }

    it.reopen();

    assertThat(it.find("doc").orElseThrow().base()).isEqualTo(5);
    assertThat(it.find("doc").orElseThrow().edited()).isFalse();
    assertThat(it.exists(".potluck/share.db.damaged")).isFalse();
  }

  @Test
  void aSecondPeerOnTheShareIsRefused() {
    assertThatThrownBy(() -> new ShareFixture(folder).close())
        .isInstanceOf(FailedException.class)
        .hasMessageContaining("another peer already runs");
  }

  @Test
  void ownStateIsPrivate() throws IOException {
    assertThat(Files.getPosixFilePermissions(folder.resolve(".potluck")))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
  }

  @Test
  void aPrefixIsPutBeforeOwnNamesOnly() throws IOException {
    it.reopen(ShareFixture.QUICK.withPrefix(Optional.of(Name.of("home/anna"))));
    it.write("README.md", "mine");
    it.share.rescan();

    it.install("README.md", "theirs", 1);
    it.install("docs/x", "foreign", 1);
    it.install("home/anna/y", "own", 1);
    it.share.rescan();

    assertThat(it.find("home/anna/README.md")).isPresent();
    assertThat(it.text("README.md")).isEqualTo("mine");
    assertThat(it.find("README.md").orElseThrow().path()).isEqualTo("from-party/README.md");
    assertThat(it.find("docs/x").orElseThrow().path()).isEqualTo("docs/x");
    assertThat(it.find("home/anna/y").orElseThrow().path()).isEqualTo("y");
    assertThat(it.share.files()).hasSize(4);
  }

  @Test
  void aDamagedDatabaseIsSetAsideAndTheShareHashedAgain() throws IOException {
    it.install("doc", "one", 1);
    it.share.close();
    Files.writeString(folder.resolve(".potluck/share.db"), "no database at all".repeat(1000));

    it.reopen();
    it.share.rescan();

    assertThat(it.find("doc").orElseThrow().content()).isEqualTo(ShareFixture.id("one"));
    assertThat(it.exists(".potluck/share.db.damaged")).isTrue();
  }

  private static void run(String... command) throws Exception {
    int status = new ProcessBuilder(command).inheritIO().start().waitFor();
    assertThat(status).isZero();
  }
}
