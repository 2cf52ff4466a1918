package dev.potluck.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Programs write in the mount of one peer, and others read in that of another: real processes,
/// since a JVM must not wait for a mount that it serves.
final class MountWriteTest {
  private static final long SEED =
      Long.getLong("potluck.seed", System.nanoTime() & Integer.MAX_VALUE);
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Duration PROGRAM_LIMIT = Duration.ofMinutes(3);

  @TempDir private Path folder;
  private Party party;
  private String founder = "";

  @BeforeEach
  void mount() throws Exception {
    assumeTrue(Files.exists(Path.of("/dev/fuse")), "this kernel has no FUSE");
    assumeTrue(System.getProperty("user.name").equals("root"), "only root mounts here");
    party = Party.in(folder);
    founder = up("anna", "--open");
  }

  private String up(String name, String... options) throws Exception {
    Files.createDirectories(party.share(name));
    var all = new java.util.ArrayList<>(List.of(options));
    all.addAll(List.of("-v", "--settle", "100ms", "--mount", at(name).toString()));
    return party.up(name, all.toArray(String[]::new));
  }

  private Path at(String name) {
    return folder.resolve("mount-" + name);
  }

  @AfterEach
  void unmount() throws InterruptedException {
    for (var name : List.of("ben", "anna")) {
      try {
        party.stop(name);
      } catch (IllegalStateException e) {
        assertThat(e).hasMessageContaining("never started");
      }
    }
    party.close();
  }

  @Test
  void whatIsClosedHereIsReadThere() throws Exception {
    up("ben", "--open", "--join", founder);

    shell("anna", "echo x > f; echo y >> f; mkdir -p d/empty; echo deep > d/g");

    assertThat(shell("ben", "cat f d/g; ls d")).isEqualTo("x\ny\ndeep\nempty\ng\n");
    shell("ben", "echo z >> f");
    eventually("anna", "cat f", "x\ny\nz\n");
    assertThat(Files.readString(party.share("ben").resolve("f"))).isEqualTo("x\ny\nz\n");
  }

  @Test
  void filesAreRenamedReplacedAndDeletedAsOnADisk() throws Exception {
    shell("anna", "echo one > a; echo two > b; mv a b; cat b; test ! -e a");
    assertThat(shell("anna", "cat b")).isEqualTo("one\n");

    assertThat(
            python(
                "anna",
                """
                import ctypes, errno, os
                libc = ctypes.CDLL(None, use_errno=True)
                def no(call, *args):
                    try:
                        call(*args)
                        print('done', end=' ')
                    except OSError as e:
                        print(errno.errorcode[e.errno], end=' ')
                def renameat2(a, b, flags):
                    if libc.renameat2(-100, a.encode(), -100, b.encode(), flags) < 0:
                        raise OSError(ctypes.get_errno(), a)
                open('c', 'w').close()
                os.mkdir('d')
                no(renameat2, 'b', 'c', 1)
                no(renameat2, 'b', 'c', 2)
                no(os.link, 'b', 'l')
                no(os.symlink, 'b', 's')
                no(os.mkfifo, 'p')
                no(os.open, 'b', os.O_CREAT | os.O_EXCL | os.O_WRONLY)
                no(os.mkdir, 'd')
                no(os.rmdir, 'b')
                open('d/x', 'w').close()
                no(os.rmdir, 'd')
                no(os.rename, 'c', 'd')
                no(os.chown, 'b', 12345, 12345)
                no(os.open, 'n' * 256, os.O_CREAT | os.O_WRONLY)
                no(os.mkdir, '.potluck')
                """))
        .isEqualTo(
            "EEXIST EINVAL EPERM EPERM EPERM EEXIST EEXIST ENOTDIR ENOTEMPTY EISDIR EPERM"
                + " ENAMETOOLONG EPERM");
    assertThat(shell("anna", "rm d/x; ls -A d; rmdir d; rm b c; ls -A")).isEmpty();
  }

  @Test
  void anOpenFileOutlivesItsNameAndItsFolder() throws Exception {
    assertThat(
            python(
                "anna",
                """
                import os
                f = open('f', 'w+b')
                f.write(b'first'); f.flush()
                os.unlink('f')
                f.write(b' and more'); f.seek(0)
                print(f.read(), os.path.exists('f'))
                f.close()
                os.mkdir('d')
                g = open('d/g', 'w'); g.write('begun'); g.flush()
                os.rename('d', 'e')
                g.write(' and ended'); g.close()
                print(open('e/g').read(), os.listdir('.'))
                """))
        .isEqualTo("b'first and more' False\nbegun and ended ['e']");
  }

  @Test
  void timesAndPermissionsArePartOfAVersion() throws Exception {
    up("ben", "--open", "--join", founder);
    shell("anna", "echo x > f; chmod 640 f; touch -d @1000000000 f; mkdir d; chmod 700 d");

    var look = "stat -c '%a %Y' f; stat -c %a d";
    assertThat(shell("anna", look)).isEqualTo("640 1000000000\n700\n");
    assertThat(shell("ben", look)).isEqualTo("640 1000000000\n700\n");
  }

  @Test
  void randomChangesAreThoseOfADisk() throws Exception {
    up("ben", "--open", "--join", founder);
    System.out.println("potluck.seed=" + SEED);
    var script = folder.resolve("fsx.py");
    try (var in = Objects.requireNonNull(getClass().getResourceAsStream("fsx.py"))) {
      Files.copy(in, script);
    }
    var random = new Random(SEED);
    for (int round = 0; round < 4; round++) {
      int seed = random.nextInt(1_000_000);

      assertThat(shell("anna", "/usr/bin/python3 " + script + " f" + round + " " + seed + " 400"))
          .startsWith("ok ");

      var file = "f" + round;
      var sum = shell("anna", "sha256sum " + file);
      eventually("ben", "sha256sum " + file, sum);
      assertThat(run(party.share("anna"), "sha256sum " + file)).isEqualTo(sum);
    }
  }

  @Test
  void gitWorksInTheMount() throws Exception {
    assumeTrue(Files.exists(Path.of("/usr/bin/git")), "no git here");
    up("ben", "--open", "--join", founder);

    shell(
        "anna",
        """
        export GIT_CONFIG_GLOBAL=/dev/null HOME=/nowhere
        git init -q -b main repo && cd repo
        git config user.name n && git config user.email n@e
        mkdir src && for i in 1 2 3 4 5 6 7 8 9; do echo $i > src/$i; done
        git add . && git commit -qm one
        echo more >> src/1 && git commit -qam two
        git gc -q && git fsck --strict
        """);

    assertThat(
            shell(
                "ben",
                "export GIT_CONFIG_GLOBAL=/dev/null HOME=/nowhere; cd repo;"
                    + " git -c safe.directory='*' log --format=%s; git -c safe.directory='*' fsck"))
        .isEqualTo("two\none\n");
  }

  @Test
  void afterAKillEachFileIsItsOldVersionOrItsNew() throws Exception {
    System.out.println("potluck.seed=" + SEED);
    var random = new Random(SEED);
    int known = 0;
    for (int round = 0; round < 3; round++) {
      var writer =
          program(
              at("anna"),
              List.of(
                  "/usr/bin/python3",
                  "-c",
                  """
                  import itertools, os, sys
                  for n in itertools.count(%d):
                      with open('f', 'wb') as f:
                          for part in range(64):
                              f.write(b'%%08d' %% n * 1024)
                      print(n, flush=True)
                  """
                      .formatted(known + 1)));
      var said = writer.inputReader(UTF_8);
      for (int left = 1 + random.nextInt(20); left > 0; left--) {
        known = Integer.parseInt(said.readLine());
      }
      party.kill("anna");
      for (String line = said.readLine(); line != null; line = said.readLine()) {
        if (line.matches("\\d+")) {
          known = Integer.parseInt(line);
        }
      }
      assertThat(writer.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
      up("anna");

      int least = known;
      Awaitility.await()
          .atMost(LIMIT)
          .ignoreExceptions()
          .untilAsserted(
              () -> {
                var whole = Files.readString(party.share("anna").resolve("f"));
                assertThat(whole).hasSize(64 * 8 * 1024);
                assertThat(whole).isEqualTo(whole.substring(0, 8).repeat(64 * 1024));
                assertThat(Integer.parseInt(whole.substring(0, 8))).isBetween(least, least + 1);
                assertThat(shell("anna", "cat f")).isEqualTo(whole);
              });
      known = least + 1;
    }
    assertThat(party.ask("anna", "status", Map.of()).path("skipped")).isEmpty();
  }

  @Test
  void withoutADirectoryWhatIsWrittenIsKeptBesideAndNothingNewIsOpened() throws Exception {
    up("ben", "--open", "--join", founder, "--write-timeout", "1s");
    var writer = halfway("ben");
    party.kill("anna");
    awaitDirectoryAway("ben");

    assertThat(goOn(writer)).isEqualTo("EIO");

    var unsaved = party.ask("ben", "status", Map.of()).path("unsaved");
    assertThat(unsaved).hasSize(1);
    var kept = unsaved.get(0).asString("");
    assertThat(kept).matches("f\\.unsaved-ben-\\d{8}-\\d{6}");
    assertThat(Files.readString(party.share("ben").resolve(kept))).isEqualTo("first and last");
    assertThat(python("ben", TRIES.formatted("open('g', 'w')"))).isEqualTo("EROFS");
    assertThat(python("ben", TRIES.formatted("os.mkdir('d')"))).isEqualTo("EROFS");
    up("anna", "--listen", founder);
    eventually("anna", "cat " + kept, "first and last");
  }

  @Test
  void whoWritesHasTheLockAndWhatIsChangedBehindItIsKeptBeside() throws Exception {
    up("ben", "--open", "--join", founder);
    shell("anna", "echo base > f");
    eventually("ben", "cat f", "base\n");
    var writer = halfway("ben");
    Files.writeString(party.share("anna").resolve("f"), "theirs\n");
    eventually("anna", "cat f.conflict-anna-*", "theirs\n");

    assertThat(goOn(writer)).isEqualTo("done");

    eventually("anna", "cat f", "first and last");
    eventually("ben", "cat f f.conflict-anna-*", "first and lasttheirs\n");
  }

  @Test
  void asynchronouslyCommittedIsWhatIsOnThisDisk() throws Exception {
    up("ben", "--open", "--join", founder, "--write-timeout", "1s", "--commit", "async");
    var writer = halfway("ben");
    party.kill("anna");
    awaitDirectoryAway("ben");

    assertThat(goOn(writer)).isEqualTo("done");

    assertThat(shell("ben", "cat f")).isEqualTo("first and last");
    party.kill("ben");
    up("anna", "--listen", founder);
    up("ben");
    eventually("anna", "cat f", "first and last");
  }

  private static final String TRIES =
      """
      import errno, os
      try:
          %s
          print('done')
      except OSError as e:
          print(errno.errorcode[e.errno])
      """;

  /// A program that has begun to write a file, and ends that when it is told to.
  private Process halfway(String name) throws IOException {
    var writer =
        program(
            at(name),
            List.of(
                "/usr/bin/python3",
                "-c",
                """
                import errno, os
                f = open('f', 'w'); f.write('first'); f.flush()
                print('begun', flush=True)
                input()
                f.write(' and last')
                try:
                    f.close()
                    print('done')
                except OSError as e:
                    print(errno.errorcode[e.errno])
                """));
    var line = new StringBuilder();
    for (int c = writer.getInputStream().read(); c != '\n' && c >= 0; ) {
      line.append((char) c);
      c = writer.getInputStream().read();
    }
    assertThat(line).hasToString("begun");
    return writer;
  }

  private static String goOn(Process writer) throws IOException, InterruptedException {
    try (var input = writer.getOutputStream()) {
      input.write('\n');
    }
    return ended(writer).strip();
  }

  private void awaitDirectoryAway(String name) {
    Awaitility.await()
        .atMost(LIMIT)
        .untilAsserted(
            () ->
                assertThat(
                        party
                            .ask(name, "status", Map.of())
                            .path("directory")
                            .path("state")
                            .asString(""))
                    .isEqualTo("away"));
  }

  /// Runs in the mount of a peer; must end with 0.
  private String shell(String name, String script) throws IOException, InterruptedException {
    return run(at(name), script);
  }

  private static String run(Path where, String script) throws IOException, InterruptedException {
    return ended(program(where, List.of("/bin/sh", "-ec", script)));
  }

  private String python(String name, String script) throws IOException, InterruptedException {
    return ended(program(at(name), List.of("/usr/bin/python3", "-c", script))).strip();
  }

  /// What comes over the watch is there a moment later.
  private void eventually(String name, String script, String expected) {
    Awaitility.await()
        .atMost(LIMIT)
        .untilAsserted(() -> assertThat(shell(name, script)).isEqualTo(expected));
  }

  private static Process program(Path where, List<String> command) throws IOException {
    return new ProcessBuilder(command).directory(where.toFile()).redirectErrorStream(true).start();
  }

  private static String ended(Process process) throws IOException, InterruptedException {
    var output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(PROGRAM_LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
    return output;
  }
}
