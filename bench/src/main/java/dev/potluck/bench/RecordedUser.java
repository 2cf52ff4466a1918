package dev.potluck.bench;

import dev.potluck.content.ConflictException;
import dev.potluck.content.NoSuchNameException;
import dev.potluck.content.PotluckException;
import dev.potluck.peer.ControlClient;
import dev.potluck.simulation.Action;
import dev.potluck.simulation.Action.Edit;
import dev.potluck.simulation.Outcome;
import dev.potluck.simulation.Outcome.Reason;
import dev.potluck.simulation.Recorder;
import dev.potluck.simulation.Recorder.Asked;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/// Somebody at one machine who works with its peer, one thing after the other, on names that others
/// want too; what was asked and answered is written down. Asks as the commands do.
final class RecordedUser {
  private static final long PAUSE_MS_MAX = 400;
  private static final Duration END = Duration.ofMinutes(1);

  private final Station station;
  private final Recorder recorder;
  private final List<String> names;
  private final SplittableRandom random;
  private final Path file;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Thread thread;
  private int written;

  RecordedUser(Station station, Recorder recorder, List<String> names, long seed) {
    this.station = station;
    this.recorder = recorder;
    this.names = names;
    this.random = new SplittableRandom(seed);
    this.file = station.share().resolveSibling(station.name() + "-text");
    this.thread = Thread.ofVirtual().name("user-" + station.name()).unstarted(this::work);
  }

  void start() {
    thread.start();
  }

  void stop() {
    stopped.countDown();
  }

  void join() throws InterruptedException {
    if (!thread.join(END)) {
      throw new IllegalStateException("the user of " + station.name() + " waits for ever");
    }
  }

  private void work() {
    try {
      while (!stopped.await(random.nextLong(20, PAUSE_MS_MAX), TimeUnit.MILLISECONDS)) {
        act(names.get(random.nextInt(names.size())));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void act(String name) throws InterruptedException {
    switch (random.nextInt(12)) {
      case 0, 1, 2, 3, 4 -> lockAndWrite(name);
      case 5, 6 -> put(List.of(name), true, Action.NO_TOKEN);
      case 7 -> put(List.of(name, partner(name)), true, Action.NO_TOKEN);
      case 8 -> put(List.of(name), false, Action.NO_TOKEN);
      case 9 -> delete(name);
      case 10 -> move(name);
      default -> look(name, true);
    }
  }

  private String partner(String name) {
    return names.get(names.indexOf(name) ^ 1);
  }

  private void lockAndWrite(String name) throws InterruptedException {
    int patienceMs = random.nextInt(1_500);
    Optional<JsonNode> lock =
        asked(
            new Action.Lock(name),
            "lock",
            Map.of("name", name, "wait_ms", patienceMs),
            json -> new Outcome.Granted(json.path("token").asLong()));
    if (lock.isPresent()) {
      long token = lock.get().path("token").asLong();
      for (int times = 1 + random.nextInt(3); times > 0; times--) {
        boolean _ = stopped.await(random.nextLong(10, 1_500), TimeUnit.MILLISECONDS);
        put(List.of(name), true, token);
      }
      var _ =
          asked(
              new Action.Unlock(name, token),
              "unlock",
              Map.of("name", name),
              _ -> new Outcome.Done());
    }
  }

  /// @param atomic whether it is asked before it lies in the share
  private void put(List<String> wanted, boolean atomic, long token) {
    List<Edit> edits = new ArrayList<>();
    List<Map<String, String>> files = new ArrayList<>();
    for (String name : wanted) {
      String text = station.name() + " wrote this as number " + ++written;
      Path source = file.resolveSibling(file.getFileName() + "-" + files.size());
      try {
        Files.writeString(source, text);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      edits.add(new Edit(name, Action.ANY_BASE, root(text), token));
      files.add(Map.of("path", source.toString(), "name", name));
    }
    Asked asked = asks(new Action.Commit(edits));
    try {
      JsonNode json = ask(asked, "put", Map.of("files", files, "atomic", atomic, "replace", true));
      List<Long> numbers = new ArrayList<>();
      json.path("files").forEach(one -> numbers.add(one.path("version").asLong()));
      answered(asked, new Outcome.Committed(numbers));
    } catch (ConflictException e) {
      // A file that lies in the share is announced until it is answered: what is refused in the end
      // may have been a version in between.
      if (atomic) {
        answered(asked, new Outcome.Refused(Reason.OTHER));
      }
    } catch (PotluckException e) {
      if (e.getMessage().contains("nothing was put")) {
        recorder.withdrawn(asked);
      }
    }
  }

  /// Of a file of one leaf, the root is the hash of its bytes.
  private static String root(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(Child.CHARSET)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private void delete(String name) {
    var _ =
        asked(
            new Action.Delete(name), "rm", Map.of("names", List.of(name)), _ -> new Outcome.Done());
  }

  private void move(String name) {
    String to = partner(name);
    var _ =
        asked(
            new Action.Move(name, to),
            "mv",
            Map.of("from", name, "to", to),
            json -> new Outcome.Moved(json.path("version").asLong()));
  }

  /// Looks when all is mended: what is found must be what is.
  void lookInTheEnd() {
    names.forEach(name -> look(name, false));
  }

  /// @param dated whether who answers need not be the directory any more
  private void look(String name, boolean dated) {
    Asked asked = asks(new Action.Read(name));
    Outcome seen;
    try {
      seen = seen(ask(asked, "history", Map.of("name", name)));
    } catch (NoSuchNameException _) {
      seen = new Outcome.Seen(0, Optional.empty());
    } catch (PotluckException _) {
      recorder.withdrawn(asked);
      return;
    }
    if (dated) {
      recorder.answeredFromMemory(asked, seen, System.nanoTime());
    } else {
      answered(asked, seen);
    }
  }

  private static Outcome.Seen seen(JsonNode json) {
    SortedMap<Long, String> past = new TreeMap<>();
    long number = 0;
    Optional<String> content = Optional.empty();
    for (JsonNode version : json.path("versions")) {
      number = version.path("version").asLong();
      content =
          version.path("deleted").asBoolean()
              ? Optional.empty()
              : Optional.of(version.path("root").asString(""));
      if (content.isPresent()) {
        past.put(number, content.get());
      }
    }
    past.remove(number);
    return new Outcome.Seen(number, content, past);
  }

  private Optional<JsonNode> asked(
      Action action, String command, Map<String, ?> args, Function<JsonNode, Outcome> outcome) {
    Asked asked = asks(action);
    try {
      JsonNode json = ask(asked, command, args);
      answered(asked, outcome.apply(json));
      return Optional.of(json);
    } catch (NoSuchNameException _) {
      answered(
          asked,
          action instanceof Action.Delete
              ? new Outcome.Missing()
              : new Outcome.Refused(Reason.NO_SUCH_NAME));
    } catch (ConflictException _) {
      answered(asked, new Outcome.Refused(Reason.OTHER));
    } catch (PotluckException _) {
      // It stays uncertain.
    }
    return Optional.empty();
  }

  private Asked asks(Action action) {
    return recorder.asks(station.name(), action, System.nanoTime());
  }

  private void answered(Asked asked, Outcome outcome) {
    recorder.answered(asked, outcome, System.nanoTime());
  }

  /// Asks the peer; what it was not even told has not happened.
  private JsonNode ask(Asked asked, String command, Map<String, ?> args) {
    ControlClient client;
    try {
      client = ControlClient.connect(station.share());
    } catch (PotluckException e) {
      recorder.withdrawn(asked);
      throw e;
    }
    try (client) {
      return client.call(command, args, ControlClient.Listener.SILENT);
    }
  }
}
