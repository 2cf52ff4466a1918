package dev.potluck.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.cucumber.java.After;
import io.cucumber.java.Scenario;
import io.cucumber.java.en.Given;
import io.cucumber.java.en.Then;
import io.cucumber.java.en.When;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Machines that start, die, hang and return.
public final class PartySteps {
  private static final Duration START = Duration.ofSeconds(60);
  private static final String NAMES = "(\\w+(?:, \\w+)*(?: and \\w+)?)";
  private static final String WHO = "^(?:the )?(\\w+)";

  private final Story story;
  private boolean open = true;

  /// For Cucumber.
  public PartySteps(Story story) {
    this.story = story;
  }

  @Given("^a( forgetful)?( closed)? tracker(?: with `(.*)`)?$")
  public void tracker(@Nullable String forgetful, @Nullable String closed, @Nullable String more)
      throws InterruptedException {
    open = closed == null;
    var options = new ArrayList<String>();
    if (forgetful != null) {
      options.add("--memory");
    }
    if (open) {
      options.add("--open");
    }
    options.addAll(List.of("--refresh", "500ms", "--lease", "3s"));
    options.addAll(more == null ? List.of() : story.words(more));
    story.startTracker(options);
    story.define("tracker", story.trackerAddress());
  }

  @Given("^(\\w+) founds a party of (?:his|her) own$")
  public void founds(String name) throws InterruptedException {
    awaitReady(story.startPeer(name, List.of("--refresh", "500ms", "--lease", "3s")));
  }

  @Given("^a closed tracker has the address that (\\w+) had$")
  public void trackerInsteadOf(String name) throws InterruptedException {
    story.trackerAddress(story.party().process(name).awaitReady(START).address().toString());
    tracker(null, " closed", null);
  }

  @When("^up is started once more on (\\w+)'s share$")
  public void upOnceMore(String name) throws InterruptedException {
    story.ran(story.party().command(List.of("up", "--share", story.share(name).toString())));
  }

  @Given("no tracker yet")
  public void noTracker() {
    story.define("tracker", story.trackerAddress());
  }

  @Given("^(?:the )?peers? " + NAMES + "$")
  public void peers(String names) throws InterruptedException {
    peersWith(names, "");
  }

  @Given("^(?:the )?peers? " + NAMES + " with `(.*)`$")
  public void peersWith(String names, String options) throws InterruptedException {
    for (var process : start(names, options)) {
      awaitReady(process);
    }
  }

  /// What root may do beyond reading its own files is taken from it.
  @Given(WHO + " is an ordinary user$")
  public void ordinary(String name) {
    if (System.getProperty("user.name").equals("root")) {
      story.party().startedBy(name, List.of("setpriv", "--bounding-set=-all", "--inh-caps=-all"));
    }
  }

  @Given("^" + NAMES + " join (\\w+), all at once$")
  public void joinAtOnce(String names, String host) throws InterruptedException {
    var tickets = new ArrayList<String>();
    for (var _ : Story.names(names)) {
      tickets.add(ticket(host));
    }
    var started = new ArrayList<PotluckProcess>();
    for (var name : Story.names(names)) {
      var options = List.of("--join", tickets.removeFirst(), "--refresh", "500ms", "--lease", "3s");
      started.add(story.startPeer(name, options));
    }
    for (var process : started) {
      awaitReady(process);
    }
  }

  @When("^peer " + NAMES + " is started$")
  public void startedOnly(String names) throws InterruptedException {
    var _ = start(names, "");
  }

  /// As a user would type it; the party is in the options.
  @When("^(\\w+) runs up with `(.*)`$")
  public void up(String name, String options) {
    var _ = story.startPeer(name, story.words(options));
  }

  @When("^a tracker of the party runs with `(.*)`$")
  public void trackerOfTheParty(String options) throws InterruptedException {
    awaitReady(story.party().startTracker(story.words(options).toArray(String[]::new)));
  }

  @Then(WHO + " is ready$")
  public void ready(String name) throws InterruptedException {
    awaitReady(story.party().process(name));
  }

  @Then(WHO + " ends by itself with status (\\d)$")
  public void ends(String name, int status) throws InterruptedException {
    var process = story.party().process(name);
    var ended = process.awaitExit(START);
    assertThat(ended).as(process.log()).isEqualTo(status);
  }

  @Then(WHO + "'s log says \"(.*)\"$")
  public void logSays(String name, String what) {
    story.soon(() -> assertThat(story.party().process(name).log()).contains(story.text(what)));
  }

  @Then("^soon (\\w+) is in touch with the directory$")
  public void inTouch(String name) {
    story.soon(
        () -> {
          var status = story.party().ask(name, "status", Map.of());
          assertThat(status.path("directory").path("contact").asString("")).isNotEmpty();
        });
  }

  @When(WHO + " is killed$")
  public void killed(String name) {
    story.party().kill(name);
  }

  @When(WHO + " is stopped$")
  public void stopped(String name) throws InterruptedException {
    story.party().process(name).terminate();
    endsWithin5Seconds(name);
  }

  @When("^Ctrl-C is typed at (?:the )?(\\w+)$")
  public void interrupted(String name) throws IOException, InterruptedException {
    story.party().process(name).signal("INT");
  }

  @Then(WHO + " has ended within 5 seconds, with status 0$")
  public void endsWithin5Seconds(String name) throws InterruptedException {
    var process = story.party().process(name);
    assertThat(process.awaitExit(Duration.ofSeconds(5))).as(process.log()).isZero();
  }

  @When(WHO + " hangs$")
  public void hangs(String name) throws IOException, InterruptedException {
    story.party().freeze(name);
  }

  @When(WHO + " goes on$")
  public void goesOn(String name) throws IOException, InterruptedException {
    story.party().thaw(name);
  }

  @When("^the tracker (?:starts|returns)$")
  public void trackerReturns() throws InterruptedException {
    story.startTracker();
  }

  @When("^(?!the tracker )" + NAMES + " returns?$")
  public void returns(String names) throws InterruptedException {
    for (var process : Story.names(names).stream().map(story::startAgain).toList()) {
      awaitReady(process);
    }
  }

  @When("^(\\w+) returns with `(.*)`$")
  public void returnsWith(String name, String options) throws InterruptedException {
    awaitReady(story.startPeer(name, story.words(options)));
  }

  /// Whom the others can ask where everybody is now.
  @When("^(\\w+) returns at <(.*)>$")
  public void returnsAt(String name, String word) throws InterruptedException {
    var ready = story.startAgain(name).awaitReady(START);
    story.define(word, ready.address().toString());
  }

  @When("^(?:the )?" + NAMES + " are killed$")
  public void allKilled(String names) {
    Story.names(names).forEach(story.party()::kill);
  }

  /// Whatever a story does, nobody ever sees a stack trace. Of what failed, the logs are shown.
  @After
  public void noStackTraces(Scenario scenario) throws IOException {
    try (var logs = Files.list(story.folder().resolve("log"))) {
      for (var log : logs.toList()) {
        var text = Files.readString(log);
        if (scenario.isFailed() && !text.isEmpty()) {
          scenario.log(log.getFileName() + ":\n" + text);
        }
        assertThat(text).as("log of %s", log.getFileName()).doesNotContain("\n\tat ");
      }
    }
  }

  private List<PotluckProcess> start(String names, String options) {
    var started = new ArrayList<PotluckProcess>();
    for (var name : Story.names(names)) {
      var words =
          new ArrayList<>(
              open
                  ? List.of("--open", "--join", story.trackerAddress())
                  : List.of("--join", ticket()));
      words.addAll(story.words(options));
      started.add(story.startPeer(name, words));
    }
    return started;
  }

  private String ticket() {
    return ticket(Party.TRACKER);
  }

  private String ticket(String host) {
    var ran = story.run(host, List.of("invite"));
    assertThat(ran.status()).as(ran.err()).isZero();
    return ran.out().strip();
  }

  private static void awaitReady(PotluckProcess process) throws InterruptedException {
    var _ = process.awaitReady(START);
  }
}
