package dev.potluck.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.cucumber.datatable.DataTable;
import io.cucumber.java.en.Given;
import io.cucumber.java.en.Then;
import io.cucumber.java.en.When;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What people type at a machine, and what they get to see.
public final class CommandSteps {
  private static final int LIMIT_SECONDS = 60;
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String SOON = "^(soon )?(?:the )?";

  private final Story story;

  /// For Cucumber.
  public CommandSteps(Story story) {
    this.story = story;
  }

  @When("^(?:the )?(\\w+) runs `(.*)`$")
  public void runs(String who, String line) {
    story.ran(run(who, line));
  }

  @When("^(\\w+) types into `(.*)`:$")
  public void types(String who, String line, String input) {
    story.ran(story.run(who, story.words(line), story.text(input)));
  }

  /// Runs on beside the next steps.
  @When("^(\\w+) begins `(.*)`$")
  public void begins(String who, String line) {
    var ran = new CompletableFuture<Party.Ran>();
    story.begin(who, ran);
    Thread.ofVirtual()
        .name("command-of-" + who)
        .start(() -> ran.completeAsync(() -> run(who, line), Runnable::run));
  }

  @Then("^(\\w+)'s command ends with status (\\d)$")
  public void beginningEnds(String who, int status) throws Exception {
    story.ran(story.running(who).get(LIMIT_SECONDS, TimeUnit.SECONDS));
    endsWith(status);
  }

  /// Some of its pieces have arrived, and not all.
  @When("^part of \"(.*)\" is at (\\w+)$")
  public void partly(String name, String who) {
    story.soon(
        () -> {
          var pieces = JSON.readTree(run(who, "find --json " + name).out()).path("holders");
          var own =
              pieces
                  .valueStream()
                  .filter(holder -> holder.path("peer").asString("").equals(who))
                  .findFirst()
                  .orElseThrow(() -> new AssertionError("nothing yet"));
          assertThat(own.path("pieces").asInt()).isPositive().isLessThan(own.path("of").asInt());
        });
  }

  @Then("^(\\w+)'s command still runs$")
  public void stillRuns(String who) {
    assertThat(story.running(who)).isNotDone();
  }

  @Given("^(?:the )?(\\w+) invites with `(.*)`, giving <(.*)>$")
  public void invites(String who, String line, String word) {
    runs(who, line);
    endsWith(0);
    story.define(word, story.last().out().strip());
  }

  @Then("^it ends with status (\\d)$")
  public void endsWith(int status) {
    assertThat(story.last().status()).as(shown(story.last())).isEqualTo(status);
  }

  @Then("^it says \"(.*)\"$")
  public void says(String text) {
    assertThat(shown(story.last())).contains(story.text(text));
  }

  @Then("^it does not say \"(.*)\"$")
  public void doesNotSay(String text) {
    assertThat(shown(story.last())).doesNotContain(story.text(text));
  }

  @Then("^it prints exactly \"(.*)\"$")
  public void prints(String text) {
    assertThat(story.last().out()).isEqualTo(story.text(text));
  }

  @Then("^its answer has:$")
  public void answerHas(DataTable expected) {
    has(story.last(), expected);
  }

  @Then(SOON + "(\\w+)'s `(.*)` says \"(.*)\"$")
  public void soonSays(@Nullable String soon, String who, String line, String text) {
    story.check(soon, () -> assertThat(shown(run(who, line))).contains(story.text(text)));
  }

  @Then(SOON + "(\\w+)'s `(.*)` does not say \"(.*)\"$")
  public void soonDoesNotSay(@Nullable String soon, String who, String line, String text) {
    story.check(
        soon,
        () -> {
          var ran = run(who, line);
          assertThat(ran.status()).as(shown(ran)).isZero();
          assertThat(shown(ran)).doesNotContain(story.text(text));
        });
  }

  @Then(SOON + "(\\w+)'s `(.*)` ends with status (\\d)$")
  public void soonEnds(@Nullable String soon, String who, String line, int status) {
    story.check(
        soon,
        () -> {
          story.ran(run(who, line));
          endsWith(status);
        });
  }

  @Then(SOON + "(\\w+)'s `(.*)` has:$")
  public void soonHas(@Nullable String soon, String who, String line, DataTable expected) {
    story.check(soon, () -> has(run(who, line + " --json"), expected));
  }

  @Then("^(\\w+)'s `(.*)` gives the same as (\\w+)'s$")
  public void givesTheSame(String one, String line, String other) {
    story.soon(
        () -> {
          var ran = run(one, line + " --json");
          assertThat(ran.status()).as(shown(ran)).isZero();
          assertThat(ran.out()).isEqualTo(run(other, line + " --json").out());
        });
  }

  /// Everyone named sees exactly these holders of a name.
  @Then("^soon (\\w+) sees that \"(.*)\" is held by (.*)$")
  public void heldBy(String who, String name, String holders) {
    story.soon(
        () -> {
          var ran = story.run(who, List.of("find", story.text(name), "--json"));
          assertThat(ran.status()).as(shown(ran)).isZero();
          var held =
              JSON.readTree(ran.out())
                  .path("holders")
                  .valueStream()
                  .map(holder -> holder.path("peer").asString(""))
                  .toList();
          assertThat(held)
              .containsExactlyInAnyOrderElementsOf(
                  holders.equals("nobody") ? List.of() : Story.names(holders));
        });
  }

  private Party.Ran run(String who, String line) {
    var ran = story.run(who, story.words(line));
    assertThat(ran.err()).doesNotContain("\tat ", "Exception");
    return ran;
  }

  /// Rows of a JSON pointer and the value there; `>N` is a greater number, `~text` contains it.
  private void has(Party.Ran ran, DataTable expected) {
    assertThat(ran.out()).as(shown(ran)).isNotBlank();
    var document = JSON.readTree(ran.out());
    for (var row : expected.asLists()) {
      check(document, row.get(0), row.get(1) == null ? "" : story.text(row.get(1)));
    }
  }

  private static void check(JsonNode document, String pointer, String value) {
    var found = document.at(pointer);
    var as =
        assertThat(found.isContainer() ? String.valueOf(found.size()) : found.asString("nothing"))
            .as("%s in %s", pointer, document);
    if (value.startsWith(">")) {
      assertThat(found.asLong(-1))
          .as("%s in %s", pointer, document)
          .isGreaterThan(Long.parseLong(value.substring(1)));
    } else if (value.startsWith("~")) {
      as.contains(value.substring(1));
    } else {
      as.isEqualTo(value);
    }
  }

  private static String shown(Party.Ran ran) {
    return ran.out() + ran.err();
  }
}
