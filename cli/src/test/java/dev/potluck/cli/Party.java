package dev.potluck.cli;

import dev.potluck.peer.ControlClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;

/// A party of real processes for tests: daemons by name, each with its folder below one, and
/// commands. Closing it ends every process it started, whatever happened.
///
/// ```
/// try (var party = Party.in(folder)) {
///   var tracker = party.tracker("--memory", "--open", "--refresh", "200ms", "--lease", "1s");
///   party.up("anna", "--open", "--join", tracker.toString());
///   assertThat(party.run("anna", "ls", "--json").status()).isZero();
///   party.kill("anna");
/// }
/// ```
final class Party implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofMinutes(1);
  private static final Duration COMMAND_LIMIT = Duration.ofMinutes(2);
  static final String TRACKER = "tracker";

  private final Path folder;
  private final Map<String, PotluckProcess> daemons = new ConcurrentHashMap<>();
  private final List<PotluckProcess> all = new ArrayList<>();
  private final Map<String, List<String>> starters = new ConcurrentHashMap<>();
  private final AtomicInteger started = new AtomicInteger();

  private Party(Path folder) {
    this.folder = folder;
  }

  /// A party whose shares are made below `folder`.
  static Party in(Path folder) throws IOException {
    Files.createDirectories(folder.resolve("log"));
    return new Party(folder);
  }

  /// What a command printed and how it ended.
  record Ran(int status, String out, String err) {}

  /// Starts `tracker` with these options and waits until it serves.
  ///
  /// @return where it can be joined
  String tracker(String... options) throws InterruptedException {
    return await(startTracker(options));
  }

  /// Starts `up` for the share of that name, with these options, and waits until it serves.
  ///
  /// @return where it can be joined
  String up(String name, String... options) throws InterruptedException {
    return await(startUp(name, options));
  }

  /// From now on that daemon is started by another command: in a namespace, or with fewer rights.
  void startedBy(String name, List<String> command) {
    starters.put(name, List.copyOf(command));
  }

  /// As {@link #tracker}, without waiting.
  PotluckProcess startTracker(String... options) {
    return daemon(TRACKER, List.of("tracker", "--state", share(TRACKER).toString()), options);
  }

  /// As {@link #up}, without waiting.
  PotluckProcess startUp(String name, String... options) {
    return daemon(name, List.of("up", "--share", share(name).toString(), "--name", name), options);
  }

  /// Runs a command for the share of that name, to its end.
  Ran run(String name, String... words) throws InterruptedException {
    var arguments = new ArrayList<>(List.of(words));
    arguments.addAll(1, List.of("--at", share(name).toString()));
    return command(arguments);
  }

  /// Runs a command that is not about a share.
  Ran command(List<String> arguments) throws InterruptedException {
    try (var process = start("command-" + started.incrementAndGet(), arguments)) {
      var status = process.awaitExit(COMMAND_LIMIT);
      return new Ran(status, process.output(), process.log());
    }
  }

  /// Starts a command for the share of that name that goes on until it is closed.
  PotluckProcess follow(String name, String... words) {
    var arguments = new ArrayList<>(List.of(words));
    arguments.addAll(1, List.of("--at", share(name).toString()));
    return start("command-" + started.incrementAndGet(), arguments);
  }

  /// Asks without a process of its own: what `--json` prints.
  JsonNode ask(String name, String command, Map<String, ?> args) {
    return ControlClient.ask(share(name), command, args);
  }

  /// The share of a peer, or the state of the tracker.
  Path share(String name) {
    return folder.resolve(name);
  }

  PotluckProcess process(String name) {
    var process = daemons.get(name);
    if (process == null) {
      throw new IllegalStateException(name + " was never started");
    }
    return process;
  }

  /// SIGKILL. A process that was telling the kernel of a name that somebody here was making cannot
  /// end: the next one that is started with its mount sees to that.
  void kill(String name) {
    var _ = process(name).kill();
  }

  /// SIGTERM.
  ///
  /// @return its exit status
  int stop(String name) throws InterruptedException {
    process(name).terminate();
    return process(name).awaitExit(Duration.ofSeconds(10));
  }

  /// SIGSTOP: it is there, and does nothing.
  void freeze(String name) throws IOException, InterruptedException {
    process(name).signal("STOP");
  }

  /// SIGCONT.
  void thaw(String name) throws IOException, InterruptedException {
    process(name).signal("CONT");
  }

  @Override
  public void close() {
    all.forEach(PotluckProcess::kill);
  }

  private PotluckProcess daemon(String name, List<String> words, String... options) {
    var arguments = new ArrayList<>(words);
    arguments.addAll(List.of(options));
    if (!arguments.contains("--listen")) {
      arguments.addAll(List.of("--listen", "127.0.0.1:0"));
    }
    var process = start(name, arguments);
    daemons.put(name, process);
    return process;
  }

  private PotluckProcess start(String name, List<String> arguments) {
    var log = folder.resolve("log").resolve(name);
    var by = starters.getOrDefault(name, List.of());
    var process = PotluckProcess.start(by, folder, log, QuickStart.RUNTIME, arguments);
    all.add(process);
    return process;
  }

  private static String await(PotluckProcess process) throws InterruptedException {
    return process.awaitReady(START_LIMIT).address().toString();
  }
}
