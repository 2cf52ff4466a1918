package dev.potluck.cli;

import dev.potluck.content.FailedException;
import dev.potluck.content.Name;
import dev.potluck.peer.ControlClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.databind.JsonNode;

/// The course of a demonstration: a party is made, everyone fetches everything, and meanwhile a
/// holder dies, another one lies, and the tracker loses its memory.
final class Demo {
  static final List<String> PEERS = List.of("anna", "bob", "carla", "dan");
  private static final String VICTIM = "anna";
  private static final String LIAR = "bob";
  private static final String WITNESS = "dan";
  private static final int CORRUPT_EVERY = 5;
  private static final Duration STEP_LIMIT = Duration.ofSeconds(60);

  private final Surroundings surroundings;
  private final DemoParty party;
  private final DemoFiles files;
  private final DemoReport report;
  private final long start = System.nanoTime();

  Demo(Surroundings surroundings, DemoParty party, DemoFiles files) {
    this.surroundings = surroundings;
    this.party = party;
    this.files = files;
    this.report = new DemoReport(party, files);
  }

  /// Runs it.
  ///
  /// @return whether every copy is equal to its original
  boolean run() throws InterruptedException {
    say(files.files().size() + " real files, " + Sizes.shown(files.bytes()));
    report.hashOriginals();
    bring();
    startEverybody();
    firstTwoFetch();
    fetchWhileAHolderDies();
    trackerLosesItsMemory();
    victimReturns();
    say("comparing every copy with its original...");
    var equal = report.compare(PEERS);
    report.print(surroundings, PEERS, Duration.ofNanos(System.nanoTime() - start));
    return equal;
  }

  /// The victim brings the largest file, the liar nothing: nobody depends on either alone for long.
  private void bring() {
    var bringing = List.of("carla", WITNESS, VICTIM);
    var largest = files.largest();
    var heavy =
        files.files().stream()
            .filter(file -> file.name().equals(largest))
            .findFirst()
            .orElseThrow();
    for (var file : files.files()) {
      var peer =
          file.group() == heavy.group()
              ? VICTIM
              : bringing.get(Math.floorMod(file.group() - heavy.group() - 1, bringing.size()));
      copy(file, party.folder(peer).resolve(file.name().value()));
    }
  }

  private void startEverybody() throws InterruptedException {
    party.startTracker();
    for (var peer : PEERS) {
      var join = List.of("--join", party.ticket());
      party.startPeer(
          peer,
          peer.equals(LIAR)
              ? List.of(join.get(0), join.get(1), "--inject", "corrupt=" + CORRUPT_EVERY)
              : join);
    }
    for (var peer : PEERS) {
      party.awaitReady(peer);
    }
    say("a tracker and " + PEERS.size() + " peers run, let in by tickets, over mutual TLS");
    party.await("every file is listed", STEP_LIMIT, () -> listed("carla") == files.files().size());
    say("everyone sees everyone's " + files.files().size() + " files");
  }

  private void firstTwoFetch() throws InterruptedException {
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var bob = executor.submit(() -> fetch(LIAR, ControlClient.Listener.SILENT));
      var carla = executor.submit(() -> fetch("carla", ControlClient.Listener.SILENT));
      report.fetched(LIAR, finished(bob));
      report.fetched("carla", finished(carla));
    }
    say(LIAR + " and carla have everything; " + LIAR + " corrupts every fifth piece he sends");
  }

  /// Kills the victim as soon as the witness has received something, and not yet everything.
  private void fetchWhileAHolderDies() throws InterruptedException {
    var underWay = new CompletableFuture<String>();
    var listener =
        new ControlClient.Listener() {
          @Override
          public void note(String text) {}

          @Override
          public void progress(JsonNode document) {
            var bytes = document.path("bytes").asLong();
            if (bytes > 0 && bytes < document.path("of").asLong()) {
              underWay.complete(
                  Sizes.shown(bytes) + " of " + Sizes.shown(document.path("of").asLong()));
            }
          }
        };
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var fetching =
          executor.submit(
              () -> {
                var fetch = fetch(WITNESS, listener);
                underWay.complete("");
                return fetch;
              });
      var progress = finished(underWay);
      party.kill(VICTIM);
      report.killed(VICTIM, WITNESS, progress);
      say(
          "kill -9 "
              + VICTIM
              + (progress.isEmpty() ? "" : ", when " + WITNESS + " had " + progress));
      report.fetched(WITNESS, finished(fetching));
    }
    say(WITNESS + " has everything all the same");
    report.corrupted(LIAR, List.of("carla", WITNESS));
  }

  private void trackerLosesItsMemory() throws InterruptedException {
    party.kill(DemoParty.TRACKER);
    var found = party.ask(WITNESS, "find", Map.of("name", files.largest().value(), "wait_ms", 0));
    say(
        "kill -9 tracker; "
            + WITNESS
            + " still knows "
            + found.path("holders").size()
            + " holders of "
            + PrintableText.of(files.largest().value()));
    var back = System.nanoTime();
    party.startTracker();
    party.await(
        "the tracker has learnt every name again",
        STEP_LIMIT,
        () -> listed(DemoParty.TRACKER) == files.files().size());
    report.relearnt(Duration.ofNanos(System.nanoTime() - back));
    say("the tracker is back with nothing, and has learnt everything from the peers");
  }

  private void victimReturns() throws InterruptedException {
    party.startPeer(VICTIM, List.of());
    party.awaitReady(VICTIM);
    party.await(
        VICTIM + " is told of every file",
        STEP_LIMIT,
        () -> listed(VICTIM) == files.files().size());
    report.fetched(VICTIM, fetch(VICTIM, ControlClient.Listener.SILENT));
    say(VICTIM + " returned, without a new ticket, and has everything");
  }

  private DemoReport.Fetch fetch(String peer, ControlClient.Listener listener) {
    var names = files.files().stream().map(DemoFiles.Original::name).map(Name::value).toList();
    var began = System.nanoTime();
    var got = party.ask(peer, "get", Map.of("names", names, "wait_ms", 30_000), listener);
    return new DemoReport.Fetch(got, Duration.ofNanos(System.nanoTime() - began));
  }

  private int listed(String peer) {
    return party.ask(peer, "ls", Map.of()).size();
  }

  private static <T> T finished(Future<T> task) throws InterruptedException {
    try {
      return task.get(STEP_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new FailedException("a fetch failed: " + e.getCause(), e);
    } catch (TimeoutException e) {
      throw new FailedException("a fetch took longer than " + STEP_LIMIT.toSeconds() + " s", e);
    }
  }

  private static void copy(DemoFiles.Original file, Path target) {
    try {
      var folder = target.getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      Files.copy(file.original(), target);
    } catch (IOException e) {
      throw new FailedException("cannot copy " + file.original() + ": " + e.getMessage(), e);
    }
  }

  private void say(String what) {
    var now = Duration.ofNanos(System.nanoTime() - start);
    surroundings.out().println("%7s  %s".formatted(Durations.shown(now), what));
  }
}
