package dev.potluck.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.jspecify.annotations.Nullable;

/// What the steps of one scenario share: a party of real processes below a temporary folder, how
/// each was started, and what the last command said. Ends and removes all of it when closed.
public final class Story implements AutoCloseable {
  /// Long enough for two busy cores; a step goes on as soon as it is so.
  private static final Duration SOON = Duration.ofSeconds(25);

  private static final Duration POLL = Duration.ofMillis(50);
  private static final List<String> OPEN =
      List.of("--open", "--memory", "--refresh", "500ms", "--lease", "3s");
  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|\\S+");

  private final Path folder;
  private final Party party;
  private final Map<String, List<String>> options = new HashMap<>();
  private final Map<String, CompletableFuture<Party.Ran>> running = new HashMap<>();
  private final List<Callable<?>> chores = new ArrayList<>();
  private final Map<String, String> words = new HashMap<>();
  private Party.@Nullable Ran last;
  private @Nullable String trackerAddress;

  /// A story with a folder of its own.
  public Story() {
    try {
      folder = Files.createTempDirectory("potluck-story-").toRealPath();
      party = Party.in(folder);
      define("folder", folder.toString());
      define("long", "n".repeat(251) + ".txt");
      define("deep", "d".repeat(200) + ("/" + "d".repeat(199)).repeat(18));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Party party() {
    return party;
  }

  /// Where all its files are.
  Path folder() {
    return folder;
  }

  /// The share of a peer; made if it is not there yet.
  Path share(String name) {
    try {
      return Files.createDirectories(party.share(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Starts the tracker with these options.
  void startTracker(List<String> more) throws InterruptedException {
    options.put(Party.TRACKER, List.copyOf(more));
    startTracker();
  }

  /// The tracker will be where something else was.
  void trackerAddress(String address) {
    trackerAddress = address;
  }

  /// Starts the tracker as before, and where it was.
  void startTracker() throws InterruptedException {
    var all = new ArrayList<>(options.getOrDefault(Party.TRACKER, OPEN));
    if (trackerAddress != null) {
      all.addAll(List.of("--listen", trackerAddress));
    }
    trackerAddress = party.tracker(all.toArray(String[]::new));
  }

  /// A tracker's address, once there is one.
  String trackerAddress() {
    return trackerAddress == null ? reserveAddress() : trackerAddress;
  }

  /// An address that the tracker will have when it starts.
  private String reserveAddress() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      trackerAddress = "127.0.0.1:" + socket.getLocalPort();
      return trackerAddress;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Starts a peer without waiting for it; `words` are remembered for its next start.
  PotluckProcess startPeer(String name, List<String> words) {
    share(name);
    options.put(name, List.copyOf(words));
    var all = new ArrayList<>(words);
    all.add("-v");
    if (!all.contains("--settle")) {
      all.addAll(List.of("--settle", "100ms"));
    }
    return party.startUp(name, all.toArray(String[]::new));
  }

  /// Starts it as before.
  PotluckProcess startAgain(String name) {
    return startPeer(name, options.getOrDefault(name, List.of()));
  }

  void ran(Party.Ran ran) {
    last = ran;
  }

  /// The last command.
  Party.Ran last() {
    assertThat(last).as("a command ran").isNotNull();
    return Objects.requireNonNull(last);
  }

  /// A command of theirs runs beside the next steps.
  void begin(String who, CompletableFuture<Party.Ran> ran) {
    running.put(who, ran);
  }

  /// The command of theirs that runs beside the steps.
  CompletableFuture<Party.Ran> running(String who) {
    return Objects.requireNonNull(running.get(who), who + " began no command");
  }

  /// Runs a command for a share, in this process: what it asks is a real one.
  Party.Ran run(String who, List<String> words) {
    return run(who, words, "");
  }

  Party.Ran run(String who, List<String> words, String input) {
    var stage = new Stage(folder, Map.of("POTLUCK_SHARE", party.share(who).toString()), input);
    var status = stage.run(words.toArray(String[]::new));
    return new Party.Ran(status, stage.out(), stage.err());
  }

  /// From now on `<word>` in a step means this text.
  void define(String word, String text) {
    words.put(word, text);
  }

  /// What a step's text means: `\\n` and the like, and `<word>` for what was defined.
  String text(String written) {
    var text = written.translateEscapes();
    for (var word : words.entrySet()) {
      text = text.replace("<" + word.getKey() + ">", word.getValue());
    }
    return text;
  }

  /// The words of a command line; those with spaces are in double quotes.
  List<String> words(String line) {
    return WORD.matcher(line)
        .results()
        .map(word -> text(word.group(1) == null ? word.group() : word.group(1)))
        .toList();
  }

  /// The names in a phrase such as `anna, ben and clara`.
  static List<String> names(String phrase) {
    return List.of(phrase.split(", | and ", -1));
  }

  /// Checks now, or waits until it is so.
  void check(@Nullable String soon, ThrowingRunnable assertion) {
    if (soon != null) {
      soon(assertion);
      return;
    }
    try {
      assertion.run();
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /// Waits until it is so.
  void soon(ThrowingRunnable assertion) {
    Awaitility.await()
        .atMost(SOON)
        .pollInterval(POLL)
        .pollDelay(Duration.ZERO)
        .ignoreExceptions()
        .untilAsserted(assertion);
  }

  /// To be done once all processes have ended.
  void atEnd(Callable<?> chore) {
    chores.add(chore);
  }

  /// Ends every process and removes every file.
  @Override
  public void close() {
    party.close();
    try {
      for (var chore : chores) {
        var _ = chore.call();
      }
      Folders.delete(folder);
    } catch (Exception e) {
      throw new IllegalStateException("cannot tidy up " + folder, e);
    }
  }
}
