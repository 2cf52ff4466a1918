package dev.potluck.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Two peers of a closed party; the second is told `potluck get`, as a user would.
///
/// Either both are started anew for every round, with cold code; or they run on, and have fetched
/// once before the first round.
final class PotluckFetch implements Contestant {
  static final String NAME = "potluck";
  private static final Duration LIMIT = Duration.ofMinutes(3);

  private final Lab lab;
  private final FetchTask task;
  private final boolean fresh;
  private final int expected;
  private @Nullable PotluckPeer giver;
  private @Nullable PotluckPeer taker;

  /// @param expected how many names the content has
  PotluckFetch(Lab lab, FetchTask task, int expected, boolean fresh) {
    this.lab = lab;
    this.task = task;
    this.fresh = fresh;
    this.expected = expected;
  }

  @Override
  public String name() {
    return name(fresh);
  }

  static String name(boolean fresh) {
    return fresh ? NAME + ", just started" : NAME;
  }

  @Override
  public Optional<String> missing() {
    return Optional.empty();
  }

  @Override
  public Measurement run(int round) throws IOException, InterruptedException {
    if (fresh) {
      startAnew();
    } else if (giver == null) {
      startAnew();
      fetch();
    }
    Measurement measured = fetch();
    if (fresh) {
      end();
    }
    return measured;
  }

  private Measurement fetch() throws IOException, InterruptedException {
    PotluckPeer from = giver;
    PotluckPeer to = taker;
    if (from == null || to == null) {
      throw new IllegalStateException("not started");
    }
    to.awaitListing(expected, listed -> hasOnly(listed, from.share()), LIMIT);
    List<String> words = new ArrayList<>(List.of("get", "--at", to.share().toString()));
    if (task.isFolder()) {
      words.add("-r");
    }
    words.add(task.name());
    List<String> command = lab.launcher().command(words);
    Path output = task.work().resolve("get.out");
    task.claimMemory();
    Stopwatch watch = Stopwatch.start(from.handle(), to.handle());
    Child.run(Host.LOOPBACK, output, LIMIT, command);
    Measurement measured = watch.stop();
    task.check(to.share());
    Trees.delete(to.share().resolve(task.name()));
    var _ = to.update();
    return measured;
  }

  private static boolean hasOnly(JsonNode listed, Path share) {
    JsonNode holders = listed.path("holders");
    return holders.size() == 1
        && holders.path(0).asString("").equals(share.getFileName().toString());
  }

  private void startAnew() throws IOException, InterruptedException {
    Path giverShare = giverShare();
    Path takerShare = task.folder(fresh ? "fresh-taker" : "taker");
    PotluckPeer from = PotluckPeer.up(lab, Host.LOOPBACK, giverShare, List.of());
    giver = from;
    taker = PotluckPeer.join(lab, Host.LOOPBACK, takerShare, from, List.of());
  }

  /// A folder with the content, and nothing that a peer knew of it. The content is a copy and no
  /// link: each new link changes the inode's ctime, and whoever shares it must hash it again.
  private Path giverShare() throws IOException {
    Path share = task.work().resolve(fresh ? "fresh-giver" : "giver");
    if (!Files.exists(share)) {
      Files.createDirectories(share);
      Trees.copy(task.original(), share.resolve(task.name()));
    }
    Trees.delete(share.resolve(".potluck"));
    return share;
  }

  private void end() {
    if (taker != null) {
      taker.close();
      taker = null;
    }
    if (giver != null) {
      giver.close();
      giver = null;
    }
  }
}
