package dev.potluck.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cucumber.java.en.Given;
import io.cucumber.java.en.Then;
import io.cucumber.java.en.When;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Programs that know nothing of Potluck, at work in a mount: `<mount>`.
public final class MountSteps {
  private static final int LIMIT_SECONDS = 90;
  private static final String SOON = "^(soon )?";

  private final Story story;
  private @Nullable CompletableFuture<Party.Ran> begun;

  /// For Cucumber.
  public MountSteps(Story story) {
    this.story = story;
  }

  private Path mount() {
    return story.folder().resolve("mount");
  }

  @Given("^a place for a mount$")
  public void place() throws IOException {
    assumeTrue(Files.exists(Path.of("/dev/fuse")), "this kernel has no FUSE");
    assumeTrue(System.getProperty("user.name").equals("root"), "only root mounts here");
    var _ = Files.createDirectories(mount());
    story.define("mount", mount().toString());
    story.atEnd(this::unmount);
  }

  /// What a killed peer left; that there may be nothing is no failure.
  private Party.Ran unmount() throws IOException, InterruptedException {
    return bash("umount -l '" + mount() + "'", story.folder());
  }

  @Then(SOON + "in the mount `(.*)` prints \"(.*)\"$")
  public void prints(@Nullable String soon, String line, String output) {
    story.check(
        soon,
        () -> {
          var ran = bash(story.text(line), mount());
          assertThat(ran.out().strip()).as(ran.err()).isEqualTo(story.text(output));
        });
  }

  @Given("^in (\\w+)'s folder `(.*)` prints \"(.*)\"$")
  public void printsInShare(String who, String line, String output)
      throws IOException, InterruptedException {
    var ran = bash(story.text(line), story.share(who));
    assertThat(ran.out().strip()).as(ran.err()).isEqualTo(story.text(output));
  }

  @Then("^in the mount `(.*)` fails, saying \"(.*)\"$")
  public void fails(String line, String what) throws IOException, InterruptedException {
    var ran = bash(story.text(line), mount());
    assertThat(ran.status()).as(ran.out()).isNotZero();
    assertThat(ran.err()).contains(story.text(what));
  }

  /// Runs on beside the next steps.
  @When("^a program in the mount begins `(.*)`$")
  public void begins(String line) {
    var text = story.text(line);
    var ran = new CompletableFuture<Party.Ran>();
    begun = ran;
    Thread.ofVirtual()
        .name("program")
        .start(
            () -> {
              try {
                ran.complete(bash(text, mount()));
              } catch (IOException | InterruptedException e) {
                ran.completeExceptionally(e);
              }
            });
  }

  @Then("^that program prints \"(.*)\"$")
  public void programPrints(String output) throws Exception {
    var ran = Objects.requireNonNull(begun, "a program began").get(LIMIT_SECONDS, TimeUnit.SECONDS);
    assertThat(ran.out().strip()).as(ran.err()).isEqualTo(story.text(output));
  }

  @Then("^nothing is mounted there$")
  public void nothing() throws IOException {
    assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain(mount() + " ");
    assertThat(mount()).isEmptyDirectory();
  }

  private static Party.Ran bash(String line, Path folder) throws IOException, InterruptedException {
    var err = Files.createTempFile("potluck-mount-", ".err");
    try {
      var process =
          new ProcessBuilder(
                  List.of("timeout", Integer.toString(LIMIT_SECONDS), "bash", "-c", line))
              .directory(folder.toFile())
              .redirectError(err.toFile())
              .start();
      var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Party.Ran(process.waitFor(), out, Files.readString(err));
    } finally {
      Files.delete(err);
    }
  }
}
