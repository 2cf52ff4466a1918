package dev.potluck.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cucumber.datatable.DataTable;
import io.cucumber.java.en.Given;
import io.cucumber.java.en.Then;
import io.cucumber.java.en.When;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Files in shared folders, and beside them: those of `desk` are in nobody's share.
public final class FileSteps {
  private static final int MIB = 1 << 20;
  private static final String SOON = "^(soon )?";

  private static final Set<PosixFilePermission> READABLE =
      PosixFilePermissions.fromString("rwx------");

  private final Story story;
  private @Nullable CountDownLatch adding;
  private @Nullable CompletableFuture<Void> added;

  /// For Cucumber.
  public FileSteps(Story story) {
    this.story = story;
  }

  @Given("^(\\w+) writes \"(.*)\" to \"(.*)\"$")
  public void write(String who, String text, String name) throws IOException {
    Files.writeString(made(who, name), story.text(text));
  }

  @Given("^(\\w+) writes to (?:his|her) folder:$")
  public void writeAll(String who, DataTable files) throws IOException {
    for (var row : files.asLists()) {
      write(who, row.get(1) == null ? "" : row.get(1), row.get(0));
    }
  }

  @Given("^(\\w+) writes (\\d+) MiB to \"(.*)\"$")
  public void writeMany(String who, int mebibytes, String name) throws IOException {
    write(made(who, name), mebibytes, new Random(name.hashCode()));
  }

  private static void write(Path file, int mebibytes, Random random) throws IOException {
    var block = new byte[MIB];
    try (var out = Files.newOutputStream(file)) {
      for (int i = 0; i < mebibytes; i++) {
        random.nextBytes(block);
        out.write(block);
      }
    }
  }

  @Given("^(\\w+) writes (\\d+) small files to \"(.*)\"$")
  public void writeSmall(String who, int count, String folder) throws IOException {
    for (int i = 0; i < count; i++) {
      write(who, "file " + i + " of " + who, folder + "/" + i);
    }
  }

  @Given("^(\\w+) makes a sparse file \"(.*)\" of (\\d+) MiB that ends with \"(.*)\"$")
  public void sparse(String who, String name, int mebibytes, String end) throws IOException {
    try (var file = new RandomAccessFile(made(who, name).toFile(), "rw")) {
      file.setLength((long) mebibytes * MIB);
      file.seek(file.length() - end.length());
      file.writeBytes(end);
    }
  }

  @When("^(\\w+) keeps adding to \"(.*)\" until told to stop$")
  public void keepAdding(String who, String name) throws IOException {
    var file = made(who, name);
    // So large that a scan does not read it between two additions.
    Files.copy(path(who, "log"), file);
    var stopped = new CountDownLatch(1);
    adding = stopped;
    added = CompletableFuture.runAsync(() -> addUntilStopped(file, stopped));
  }

  private static void addUntilStopped(Path file, CountDownLatch stopped) {
    try (var out = Files.newOutputStream(file, StandardOpenOption.APPEND)) {
      for (var i = 0; !stopped.await(5, TimeUnit.MILLISECONDS); i++) {
        out.write(i);
      }
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @When("^(\\w+) stops adding$")
  public void stopAdding(String who) {
    Objects.requireNonNull(adding, who + " adds nothing").countDown();
    Objects.requireNonNull(added).join();
  }

  @When("^(\\w+) replaces \"(.*)\" by (\\d+) MiB of something else$")
  public void replace(String who, String name, int mebibytes) throws IOException {
    var other = Files.createTempFile(story.folder(), "other", "");
    write(other, mebibytes, new Random(7));
    Files.move(other, path(who, name), StandardCopyOption.ATOMIC_MOVE);
  }

  @When("^(\\w+) overwrites \"(.*)\" in place with (\\d+) MiB$")
  public void overwrite(String who, String name, int mebibytes) throws IOException {
    write(path(who, name), mebibytes, new Random(8));
  }

  @Given("^nobody may read (\\w+)'s \"(.*)\"$")
  public void forbid(String who, String name) throws IOException {
    var file = path(who, name);
    Files.setPosixFilePermissions(file, Set.of());
    story.atEnd(() -> Files.setPosixFilePermissions(file, READABLE));
  }

  @When("^(\\w+)'s \"(.*)\" may be read$")
  public void allow(String who, String name) throws IOException {
    Files.setPosixFilePermissions(path(who, name), READABLE);
  }

  @When("^(\\w+) overwrites \"(.*)\" with \"(.*)\" and puts its time back$")
  public void overwriteSecretly(String who, String name, String text) throws IOException {
    var file = path(who, name);
    var time = Files.getLastModifiedTime(file);
    assertThat(text).as("the same size").hasSize((int) Files.size(file));
    Files.writeString(file, story.text(text));
    Files.setLastModifiedTime(file, time);
  }

  @When("^(\\w+) deletes \"(.*)\" from (?:his|her) folder$")
  public void delete(String who, String name) throws IOException {
    Files.delete(path(who, name));
  }

  @When("^(\\w+) deletes the folder \"(.*)\" from (?:his|her) folder$")
  public void deleteFolder(String who, String name) throws IOException {
    Folders.delete(path(who, name));
  }

  @Given("^(\\w+) makes a symbolic link \"(.*)\" to \"(.*)\"$")
  public void link(String who, String name, String target) throws IOException {
    var _ = Files.createSymbolicLink(made(who, name), Path.of(story.text(target)));
  }

  @Given("^(\\w+) makes a FIFO \"(.*)\"$")
  public void fifo(String who, String name) throws IOException, InterruptedException {
    var made = new ProcessBuilder("mkfifo", made(who, name).toString()).start().waitFor();
    assertThat(made).isZero();
  }

  @Given("^(\\w+) makes a folder \"(.*)\"$")
  public void folder(String who, String name) throws IOException {
    var _ = Files.createDirectories(path(who, name));
  }

  @Then(SOON + "(\\w+)'s \"(.*)\" says \"(.*)\"$")
  public void says(@Nullable String soon, String who, String name, String text) {
    story.check(soon, () -> assertThat(path(who, name)).hasContent(story.text(text)));
  }

  @Then(SOON + "(\\w+) has no \"(.*)\"$")
  public void hasNo(@Nullable String soon, String who, String name) {
    story.check(
        soon,
        () ->
            assertThat(Files.exists(path(who, name), LinkOption.NOFOLLOW_LINKS))
                .as("%s exists", path(who, name))
                .isFalse());
  }

  @Then(SOON + "(\\w+)'s \"(.*)\" is the same as (\\w+)'s$")
  public void same(@Nullable String soon, String who, String name, String other) {
    story.check(
        soon,
        () ->
            assertThat(Files.mismatch(path(who, name), path(other, name)))
                .as("first difference")
                .isEqualTo(-1));
  }

  @Then(SOON + "(\\w+)'s folder holds (\\d+) files?$")
  public void holds(@Nullable String soon, String who, int count) {
    story.check(soon, () -> assertThat(files(who)).hasSize(count));
  }

  @Then(SOON + "one of (\\w+)'s files matches \"(.*)\" and says \"(.*)\"$")
  public void matching(@Nullable String soon, String who, String pattern, String text) {
    story.check(
        soon,
        () ->
            assertThat(files(who))
                .filteredOn(file -> relative(who, file).matches(pattern))
                .singleElement()
                .satisfies(file -> assertThat(file).hasContent(story.text(text))));
  }

  @Then("^one of (\\w+)'s files says \"(.*)\"$")
  public void oneSays(String who, String text) throws IOException {
    assertThat(files(who)).anySatisfy(file -> assertThat(file).hasContent(story.text(text)));
  }

  /// Skips the scenario where nobody lets us mount.
  @Given("^(\\w+) has a disk of (\\d+) MiB$")
  public void smallDisk(String who, int mebibytes) throws IOException, InterruptedException {
    var disk = story.share(who);
    var mounted =
        new ProcessBuilder(
                "mount", "-t", "tmpfs", "-o", "size=" + mebibytes + "m", "potluck-story", "" + disk)
            .redirectErrorStream(true)
            .start()
            .waitFor();
    assumeTrue(mounted == 0, "only root can make a small disk");
    story.atEnd(() -> new ProcessBuilder("umount", "" + disk).start().waitFor());
  }

  private List<Path> files(String who) throws IOException {
    try (var all = Files.walk(story.share(who))) {
      return all.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
          .filter(file -> !relative(who, file).startsWith(".potluck/"))
          .toList();
    }
  }

  private String relative(String who, Path file) {
    return story.share(who).relativize(file).toString();
  }

  private Path path(String who, String name) {
    return story.share(who).resolve(story.text(name));
  }

  private Path made(String who, String name) throws IOException {
    var file = path(who, name);
    var _ = Files.createDirectories(file.getParent());
    return file;
  }
}
