package dev.potluck.bench;

import dev.potluck.content.FailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A glusterfs volume of three bricks that are copies of each other, on a host of its own, mounted
/// here with its FUSE client. Options are as they come; its state, logs and sockets are its own, as
/// far as it lets them.
final class GlusterMount implements AutoCloseable {
  static final String NAME = "glusterfs, replica 3";

  private static final int REPLICAS = 3;
  private static final int PORT = 24007;
  private static final String VOLUME = "bench";
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final Host host;
  private final Child daemon;
  private final Path work;
  private final Path folder;
  private @Nullable Child client;

  private GlusterMount(Host host, Child daemon, Path work) throws IOException {
    this.host = host;
    this.daemon = daemon;
    this.work = work;
    this.folder = Files.createDirectory(work.resolve("mnt"));
  }

  /// How to install what it needs, if that is not here.
  static Optional<String> missing() {
    if (!Machine.has("glusterd") || !Machine.has("gluster") || !Machine.has("nsenter")) {
      return Optional.of("glusterfs is left out: apt install glusterfs-server glusterfs-client");
    }
    return Hosts.missing().map(why -> "glusterfs is left out: " + why);
  }

  /// Starts the volume and mounts it.
  ///
  /// @param work an empty folder for bricks, state, logs and the mount
  static GlusterMount of(Lab lab, Path work) throws IOException, InterruptedException {
    Host host = Hosts.on(lab).add("gluster", 0).withMountsOfAll();
    Files.createDirectory(work.resolve("state"));
    Files.createDirectory(work.resolve("run"));
    Path configuration = work.resolve("glusterd.vol");
    Files.writeString(configuration, configuration(work));
    List<String> serving =
        List.of("glusterd", "-N", "-f", configuration.toString(), "-l", log(work, "glusterd"));
    Child daemon = lab.keep(Child.start(host, work.resolve("glusterd.out"), serving));
    GlusterMount mount = lab.keep(new GlusterMount(host, daemon, work));
    mount.start();
    mount.mount(lab);
    return mount;
  }

  /// Its own files, of which only those that it may not share with another are moved.
  private static String configuration(Path work) {
    return """
        volume management
            type mgmt/glusterd
            option working-directory %1$s/state
            option run-directory %1$s/run
            option glusterd-sockfile %1$s/run/glusterd.socket
            option transport-type socket
            option ping-timeout 0
        end-volume
        """
        .formatted(work);
  }

  private static String log(Path work, String name) {
    return work.resolve(name + "-log.out").toString();
  }

  private void start() throws IOException, InterruptedException {
    Poll.until(LIMIT, () -> Files.exists(socket()) && answers(), "glusterd did not start");
    List<String> creating = new ArrayList<>(List.of("volume", "create", VOLUME));
    creating.addAll(List.of("replica", Integer.toString(REPLICAS)));
    for (int i = 0; i < REPLICAS; i++) {
      creating.add(host.address() + ":" + Files.createDirectory(work.resolve("brick-" + i)));
    }
    creating.add("force"); // All on one machine.
    command(creating);
    command(List.of("volume", "start", VOLUME));
  }

  private boolean answers() throws IOException, InterruptedException {
    try {
      command(List.of("volume", "list"));
      return true;
    } catch (FailedException e) {
      return false;
    }
  }

  private void mount(Lab lab) throws IOException, InterruptedException {
    List<String> mounting =
        List.of(
            "glusterfs",
            "-N",
            "--volfile-server=" + host.address(),
            "--volfile-server-port=" + PORT,
            "--volfile-id=" + VOLUME,
            "-l",
            log(work, "client"),
            folder.toString());
    Child mounted = lab.keep(Child.start(host, work.resolve("client.out"), mounting));
    client = mounted;
    Mounted.await(folder, mounted, LIMIT);
    // Until it has found its bricks, what is mounted answers that it is not connected.
    Path first = folder.resolve("first");
    Poll.until(LIMIT, () -> isMade(first), "glusterfs did not find its bricks");
  }

  private static boolean isMade(Path file) {
    try {
      Files.write(file, new byte[1]);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private Path socket() {
    return work.resolve("run").resolve("glusterd.socket");
  }

  private void command(List<String> words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("gluster", "--mode=script"));
    command.add("--glusterd-sock=" + socket());
    command.add("--log-file=" + log(work, "gluster"));
    command.addAll(words);
    Child.run(host, work.resolve("gluster.out"), LIMIT, command);
  }

  Path folder() {
    return folder;
  }

  /// The bricks are no children of the daemon's: it ends them when it is told to.
  @Override
  public void close() throws IOException {
    if (client != null) {
      client.close();
    }
    if (daemon.handle().isAlive()) {
      try {
        command(List.of("volume", "stop", VOLUME, "force"));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while glusterfs was ended", e);
      } finally {
        daemon.close();
      }
    }
  }
}
