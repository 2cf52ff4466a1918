package dev.potluck.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// sshfs on a folder of this machine, through an sshd of our own on loopback: AES-128-GCM, no
/// compression, otherwise as it comes.
final class SshfsMount implements AutoCloseable {
  static final String NAME = "sshfs";

  private static final Path SSHD = Path.of("/usr/sbin/sshd");
  private static final Path PRIVILEGE_SEPARATION = Path.of("/run/sshd");
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final Child daemon;
  private final Child client;
  private final Path folder;

  private SshfsMount(Child daemon, Child client, Path folder) {
    this.daemon = daemon;
    this.client = client;
    this.folder = folder;
  }

  /// How to install what it needs, if that is not here.
  static Optional<String> missing() {
    return Machine.has("sshfs") && Machine.has("ssh-keygen") && Files.isExecutable(SSHD)
        ? Optional.empty()
        : Optional.of("sshfs is left out: apt install sshfs openssh-server");
  }

  /// Mounts `source`.
  ///
  /// @param work an empty folder for keys, logs and the mount
  static SshfsMount of(Lab lab, Path source, Path work) throws IOException, InterruptedException {
    Files.createDirectories(PRIVILEGE_SEPARATION);
    Path hostKey = key(work, "host");
    Path userKey = key(work, "user");
    int port = Ports.free();
    List<String> serving =
        List.of(
            SSHD.toString(),
            "-D",
            "-e",
            "-f",
            "/dev/null",
            "-p",
            Integer.toString(port),
            "-h",
            hostKey.toString(),
            "-o",
            "ListenAddress=127.0.0.1",
            "-o",
            "AuthorizedKeysFile=" + userKey + ".pub",
            "-o",
            "StrictModes=no",
            "-o",
            "UsePAM=no",
            "-o",
            "PidFile=none",
            "-o",
            "Subsystem=sftp /usr/lib/openssh/sftp-server");
    Child daemon = lab.keep(Child.start(Host.LOOPBACK, work.resolve("sshd.out"), serving));
    Ports.await(port, LIMIT);
    Path folder = Files.createDirectory(work.resolve("mnt"));
    String user = System.getProperty("user.name");
    List<String> mounting =
        List.of(
            "sshfs",
            "-f",
            user + "@127.0.0.1:" + source,
            folder.toString(),
            "-p",
            Integer.toString(port),
            "-o",
            "StrictHostKeyChecking=no",
            "-o",
            "UserKnownHostsFile=/dev/null",
            "-o",
            "LogLevel=ERROR",
            "-o",
            "Compression=no",
            "-o",
            "Ciphers=aes128-gcm@openssh.com",
            "-o",
            "IdentityFile=" + userKey);
    Child client = lab.keep(Child.start(Host.LOOPBACK, work.resolve("sshfs.out"), mounting));
    SshfsMount mount = lab.keep(new SshfsMount(daemon, client, folder));
    Mounted.await(folder, client, LIMIT);
    return mount;
  }

  private static Path key(Path work, String name) throws IOException, InterruptedException {
    Path key = work.resolve(name);
    List<String> making = List.of("ssh-keygen", "-qt", "ed25519", "-N", "", "-f", key.toString());
    Child.run(Host.LOOPBACK, work.resolve("ssh-keygen.out"), LIMIT, making);
    return key;
  }

  Path folder() {
    return folder;
  }

  /// SIGTERM makes sshfs unmount.
  @Override
  public void close() {
    client.close();
    daemon.close();
  }
}
