package dev.potluck.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cucumber.datatable.DataTable;
import io.cucumber.java.en.Given;
import io.cucumber.java.en.Then;
import io.cucumber.java.en.When;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// Files in shared folders, and beside them: those of `desk` are in nobody's share.
public final class FileSteps {
  private static final int MIB = 1 << 20;
  private static final String SOON = "^(soon )?";

  private final Story story;

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
    var random = new Random(name.hashCode());
    var block = new byte[MIB];
    try (var out = Files.newOutputStream(made(who, name))) {
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
