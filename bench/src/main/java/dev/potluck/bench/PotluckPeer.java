package dev.potluck.bench;

import dev.potluck.content.FailedException;
import dev.potluck.content.NoSuchNameException;
import dev.potluck.content.UnavailableException;
import dev.potluck.peer.ControlClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/// A peer, or a tracker, as a user starts it: the launcher's `up` on a folder.
final class PotluckPeer implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofMinutes(2);
  private static final Duration POLL = Duration.ofMillis(20);

  private final Child process;
  private final Path share;
  private final String address;

  private PotluckPeer(Child process, Path share, String address) {
    this.process = process;
    this.share = share;
    this.address = address;
  }

  /// The first of a party, whose directory it keeps; or one that was in a party and returns.
  static PotluckPeer up(Lab lab, Host host, Path share, List<String> more)
      throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of("up", "--share", share.toString()));
    words.addAll(List.of("--name", share.getFileName().toString()));
    words.addAll(List.of("--listen", host.address() + ":0"));
    words.addAll(more);
    return start(lab, host, share, words);
  }

  /// One that joins by a ticket.
  static PotluckPeer join(Lab lab, Host host, Path share, PotluckPeer member, List<String> more)
      throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of("--join", member.ticket()));
    words.addAll(more);
    return up(lab, host, share, words);
  }

  /// A dedicated directory.
  static PotluckPeer tracker(Lab lab, Host host, Path state, List<String> more)
      throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of("tracker", "--state", state.toString()));
    words.addAll(List.of("--listen", host.address() + ":0"));
    words.addAll(more);
    return start(lab, host, state, words);
  }

  private static PotluckPeer start(Lab lab, Host host, Path folder, List<String> words)
      throws IOException, InterruptedException {
    Files.createDirectories(folder);
    Path output = folder.resolveSibling(folder.getFileName() + ".out");
    Child child = lab.keep(Child.start(host, output, lab.launcher().command(words)));
    String ready = child.awaitLine(line -> line.startsWith("ready "), START_LIMIT);
    return new PotluckPeer(child, folder, ready.substring(ready.lastIndexOf(' ') + 1));
  }

  String ticket() {
    return ask("invite", Map.of("valid_ms", Duration.ofHours(1).toMillis()))
        .path("ticket")
        .asString("");
  }

  JsonNode ask(String command, Map<String, ?> args) {
    return ControlClient.ask(share, command, args);
  }

  /// Waits until an answer is what is wanted.
  void await(String command, Map<String, ?> args, Duration limit, Predicate<JsonNode> wanted)
      throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    CountDownLatch never = new CountDownLatch(1);
    while (!holds(command, args, wanted)) {
      if (System.nanoTime() > deadline) {
        throw new FailedException("gave up waiting for " + command + " " + args);
      }
      never.await(POLL.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /// Waits until so many peers are known to hold a name whole.
  void awaitHolders(String name, int count, Duration limit) throws InterruptedException {
    await(
        "find",
        Map.of("name", name, "wait_ms", 0),
        limit,
        found -> found.path("holders").size() == count);
  }

  /// Waits until at least so many names are listed, and all as wanted.
  void awaitListing(int count, Predicate<JsonNode> wanted, Duration limit)
      throws InterruptedException {
    await(
        "ls",
        Map.of(),
        limit,
        listed -> listed.size() >= count && listed.valueStream().allMatch(wanted));
  }

  /// Asks for the share to be looked through, and waits for that; what is missing was deleted on
  /// purpose, even if it is everything.
  JsonNode update() {
    return ask("update", Map.of("deletions", true));
  }

  Path share() {
    return share;
  }

  String address() {
    return address;
  }

  /// Ends it at once, as a power cut would.
  void kill() throws InterruptedException {
    process.kill();
  }

  ProcessHandle handle() {
    return process.handle();
  }

  Usage usage() throws IOException {
    return Usage.of(handle());
  }

  @Override
  public void close() {
    process.close();
  }

  /// Ends all at the same time.
  static void closeAll(List<PotluckPeer> peers) {
    Child.closeAll(peers.stream().map(peer -> peer.process).toList());
  }

  private boolean holds(String command, Map<String, ?> args, Predicate<JsonNode> wanted) {
    try {
      return wanted.test(ask(command, args));
    } catch (NoSuchNameException | UnavailableException _) {
      return false;
    }
  }
}
