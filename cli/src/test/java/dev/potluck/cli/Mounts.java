package dev.potluck.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/// The mounts of a party's peers, and programs that work there: real processes, since a JVM must
/// not wait for a mount that it serves.
final class Mounts implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final Duration PROGRAM_LIMIT = Duration.ofMinutes(3);

  private final Path folder;
  private final Party party;
  private final SequencedSet<String> mounted = new LinkedHashSet<>();
  private final List<Process> programs = new ArrayList<>();

  private Mounts(Path folder, Party party) {
    this.folder = folder;
    this.party = party;
  }

  /// A party whose shares and mounts are made in `folder`. Skips the test where nobody can mount.
  static Mounts in(Path folder) throws IOException {
    assumeTrue(Files.exists(Path.of("/dev/fuse")), "this kernel has no FUSE");
    assumeTrue(System.getProperty("user.name").equals("root"), "only root mounts here");
    return new Mounts(folder, Party.in(folder));
  }

  Party party() {
    return party;
  }

  /// Starts a peer with a mount.
  ///
  /// @return its address
  String up(String name, String... options) throws Exception {
    Files.createDirectories(party.share(name));
    mounted.add(name);
    var all = new ArrayList<>(List.of(options));
    all.addAll(List.of("-v", "--settle", "100ms", "--mount", at(name).toString()));
    return party.up(name, all.toArray(String[]::new));
  }

  Path at(String name) {
    return folder.resolve("mount-" + name);
  }

  /// Starts a program in the mount of a peer.
  Process program(String name, String... command) throws IOException {
    return program(at(name), command);
  }

  private Process program(Path where, String... command) throws IOException {
    var program =
        new ProcessBuilder(command).directory(where.toFile()).redirectErrorStream(true).start();
    programs.add(program);
    return program;
  }

  /// What a program prints until its end; must end with 0.
  static String ended(Process program) throws IOException, InterruptedException {
    var output = program.inputReader(UTF_8).readAllAsString();
    assertThat(program.waitFor(PROGRAM_LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(program.exitValue()).as(output).isZero();
    return output;
  }

  /// Runs in the mount of a peer; must end with 0.
  String shell(String name, String script) throws IOException, InterruptedException {
    return shell(at(name), script);
  }

  String shell(Path where, String script) throws IOException, InterruptedException {
    return ended(program(where, "/bin/sh", "-ec", script));
  }

  /// The same in Python.
  String python(String name, String script) throws IOException, InterruptedException {
    return ended(program(name, "/usr/bin/python3", "-c", script)).strip();
  }

  /// What comes over the watch is there a moment later.
  void eventually(String name, String script, String expected) {
    Awaitility.await()
        .atMost(LIMIT)
        .untilAsserted(() -> assertThat(shell(name, script)).isEqualTo(expected));
  }

  /// The last that came goes first. Also what was killed or is frozen must leave nothing mounted:
  /// cleaning up would hang there.
  @Override
  public void close() throws IOException {
    programs.forEach(Process::destroyForcibly);
    try {
      for (var name : mounted.reversed()) {
        if (party.process(name).isAlive()) {
          party.thaw(name);
          party.stop(name);
        }
        new ProcessBuilder("umount", "-f", "-l", at(name).toString()).start().waitFor();
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    } finally {
      party.close();
    }
  }
}
