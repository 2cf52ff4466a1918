package dev.potluck.cli;

import dev.potluck.content.FailedException;
import dev.potluck.directory.Endpoint;
import dev.potluck.peer.ControlClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The processes of a demonstration: a tracker and its peers on loopback, each with a folder below
/// one temporary folder. Closing it ends them and removes the folder.
final class DemoParty implements AutoCloseable {
  static final String TRACKER = "tracker";
  private static final Duration START_LIMIT = Duration.ofSeconds(40);
  private static final Duration POLL = Duration.ofMillis(100);

  private final Path folder;
  private final Map<String, PotluckProcess> processes = new ConcurrentHashMap<>();
  private final CountDownLatch ended = new CountDownLatch(1);
  private @Nullable Endpoint trackerAddress;

  /// @param base where the temporary folder is made
  DemoParty(Path base) {
    try {
      folder = Files.createTempDirectory(base, "potluck-demo-").toRealPath();
      Files.createDirectory(folder.resolve("log"));
    } catch (IOException e) {
      throw new FailedException("cannot make a temporary folder: " + e.getMessage(), e);
    }
  }

  /// Where everything lies.
  Path folder() {
    return folder;
  }

  /// The share of a peer, or the state of the tracker.
  Path folder(String name) {
    var path = folder.resolve(name);
    try {
      return Files.createDirectories(path);
    } catch (IOException e) {
      throw new FailedException("cannot make " + path + ": " + e.getMessage(), e);
    }
  }

  /// Starts the tracker, or starts it again where it was.
  void startTracker() throws InterruptedException {
    var listen = trackerAddress == null ? "127.0.0.1:0" : trackerAddress.toString();
    var state = folder(TRACKER).toString();
    start(
        TRACKER,
        List.of(
            "--state", state, "--memory", "--listen", listen, "--refresh", "1s", "--lease", "3s"));
    trackerAddress = awaitReady(TRACKER).address();
  }

  /// A ticket for one more peer.
  String ticket() {
    return ask(TRACKER, "invite", Map.of("valid_ms", Duration.ofHours(1).toMillis()))
        .path("ticket")
        .asString("");
  }

  /// Starts a peer; {@link #awaitReady} waits for it.
  void startPeer(String name, List<String> more) {
    var arguments = new ArrayList<String>();
    arguments.addAll(List.of("--share", folder(name).toString(), "--name", name));
    arguments.addAll(List.of("--listen", "127.0.0.1:0", "--settle", "100ms"));
    arguments.addAll(more);
    start(name, arguments);
  }

  PotluckProcess.Ready awaitReady(String name) throws InterruptedException {
    return process(name).awaitReady(START_LIMIT);
  }

  /// kill -9.
  void kill(String name) {
    process(name).kill();
  }

  long pid(String name) {
    return process(name).pid();
  }

  JsonNode ask(String name, String command, Map<String, ?> args) {
    return ControlClient.ask(folder(name), command, args);
  }

  JsonNode ask(String name, String command, Map<String, ?> args, ControlClient.Listener listener) {
    try (var client = ControlClient.connect(folder(name))) {
      return client.call(command, args, listener);
    }
  }

  /// Waits until it is so.
  ///
  /// @throws FailedException if it takes longer, or the party is ended meanwhile
  void await(String what, Duration limit, BooleanSupplier condition) throws InterruptedException {
    var start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > limit.toNanos()) {
        throw new FailedException("gave up waiting: " + what);
      }
      if (ended.await(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new FailedException("the demonstration was ended");
      }
    }
  }

  @Override
  public void close() {
    synchronized (processes) {
      if (ended.getCount() == 0) {
        return;
      }
      ended.countDown();
      // All at once: each may take its time.
      processes.values().forEach(PotluckProcess::terminate);
      processes.values().forEach(PotluckProcess::close);
      removeFolder();
    }
  }

  private void start(String name, List<String> arguments) {
    var words = new ArrayList<String>();
    words.add(name.equals(TRACKER) ? "tracker" : "up");
    words.addAll(arguments);
    synchronized (processes) {
      if (ended.getCount() == 0) {
        throw new FailedException("the demonstration was ended");
      }
      processes.put(
          name,
          PotluckProcess.start(
              folder, folder.resolve("log").resolve(name), PotluckProcess.Java.OWN, words));
    }
  }

  private PotluckProcess process(String name) {
    var process = processes.get(name);
    if (process == null) {
      throw new IllegalStateException(name + " was never started");
    }
    return process;
  }

  private void removeFolder() {
    try {
      Folders.delete(folder);
    } catch (IOException e) {
      throw new FailedException("cannot remove " + folder + ": " + e.getMessage(), e);
    }
  }
}
