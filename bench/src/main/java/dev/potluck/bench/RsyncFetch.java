package dev.potluck.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// rsync from an rsync daemon over plain TCP, `-aW`.
final class RsyncFetch implements Contestant {
  static final String NAME = "rsync daemon";

  private static final Duration LIMIT = Duration.ofMinutes(3);

  private final Lab lab;
  private final FetchTask task;

  RsyncFetch(Lab lab, FetchTask task) {
    this.lab = lab;
    this.task = task;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Optional<String> missing() {
    return Machine.has("rsync") ? Optional.empty() : Optional.of("apt install rsync");
  }

  @Override
  public Measurement run(int round) throws IOException, InterruptedException {
    Path folder = task.folder("rsync");
    int port = Ports.free();
    Path configuration = folder.resolve("rsyncd.conf");
    Files.writeString(configuration, configured(port, task.source()));
    Path taken = task.folder("rsync-taker");
    List<String> giving = List.of("rsync", "--daemon", "--no-detach", "--config=" + configuration);
    try (Child giver = lab.keep(Child.start(Host.LOOPBACK, folder.resolve("rsyncd.out"), giving))) {
      Ports.await(port, Duration.ofSeconds(10));
      String from = "rsync://127.0.0.1:%d/source/%s".formatted(port, task.name());
      task.claimMemory();
      Stopwatch watch = Stopwatch.start(giver.handle());
      Child.run(
          Host.LOOPBACK,
          folder.resolve("rsync.out"),
          LIMIT,
          List.of("rsync", "-aW", from, taken + "/"));
      Measurement measured = watch.stop();
      task.check(taken);
      return measured;
    } finally {
      Trees.delete(taken);
    }
  }

  private static String configured(int port, Path source) {
    return """
    uid = root
    gid = root
    use chroot = no
    address = 127.0.0.1
    port = %d
    [source]
    path = %s
    read only = yes
    """
        .formatted(port, source);
  }
}
