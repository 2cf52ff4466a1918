package dev.potluck.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Programs write in the mount of one peer, and others read in that of another: real processes,
/// since a JVM must not wait for a mount that it serves.
final class MountWriteTest {
  private static final long SEED =
      Long.getLong("potluck.seed", System.nanoTime() & Integer.MAX_VALUE);
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir private Path folder;
  @AutoClose private Mounts mounts;
  private Party party;
  private String founder = "";

  @BeforeEach
  void mount() throws Exception {
    mounts = Mounts.in(folder);
    party = mounts.party();
    founder = mounts.up("anna", "--open");
  }

  @Test
  void whatIsClosedHereIsReadThere() throws Exception {
    mounts.up("ben", "--open", "--join", founder);

    mounts.shell("anna", "echo x > f; echo y >> f; mkdir -p d/empty; echo deep > d/g");

    mounts.eventually("ben", "cat f d/g; ls d", "x\ny\ndeep\nempty\ng\n");
    mounts.shell("ben", "echo z >> f");
    mounts.eventually("anna", "cat f", "x\ny\nz\n");
    assertThat(Files.readString(party.share("ben").resolve("f"))).isEqualTo("x\ny\nz\n");
  }

  @Test
  void filesAreRenamedReplacedAndDeletedAsOnADisk() throws Exception {
    mounts.shell("anna", "echo one > a; echo two > b; mv a b; cat b; test ! -e a");
    assertThat(mounts.shell("anna", "cat b")).isEqualTo("one\n");

    assertThat(
            mounts.python(
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
            "EEXIST EINVAL EPERM EPERM EEXIST EEXIST ENOTDIR ENOTEMPTY EISDIR EPERM"
                + " ENAMETOOLONG EPERM");
    assertThat(mounts.shell("anna", "rm d/x; ls -A d; rmdir d; rm b c; ls -A")).isEmpty();
  }

  @Test
  void anOpenFileOutlivesItsNameAndItsFolder() throws Exception {
    assertThat(
            mounts.python(
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
    mounts.up("ben", "--open", "--join", founder);
    mounts.shell("anna", "echo x > f; chmod 640 f; touch -d @1000000000 f; mkdir d; chmod 700 d");

    var look = "stat -c '%a %Y' f; stat -c %a d";
    assertThat(mounts.shell("anna", look)).isEqualTo("640 1000000000\n700\n");
    mounts.eventually("ben", look, "640 1000000000\n700\n");
  }

  @Test
  void randomChangesAreThoseOfADisk() throws Exception {
    mounts.up("ben", "--open", "--join", founder);
    System.out.println("potluck.seed=" + SEED);
    var script = folder.resolve("fsx.py");
    try (var in = Objects.requireNonNull(getClass().getResourceAsStream("fsx.py"))) {
      Files.copy(in, script);
    }
    var random = new Random(SEED);
    for (int round = 0; round < 4; round++) {
      int seed = random.nextInt(1_000_000);

      assertThat(
              mounts.shell(
                  "anna", "/usr/bin/python3 " + script + " f" + round + " " + seed + " 400"))
          .startsWith("ok ");

      var file = "f" + round;
      var sum = mounts.shell("anna", "sha256sum " + file);
      mounts.eventually("ben", "sha256sum " + file, sum);
      assertThat(mounts.shell(party.share("anna"), "sha256sum " + file)).isEqualTo(sum);
    }
  }

  @Test
  void whoHasAFileMappedOrReadsItSeesWhatOthersWriteIntoIt() throws Exception {
    assertThat(
            mounts.python(
                "anna",
                """
                import mmap, os, random, threading
                size = 300_000
                model = bytearray(size)
                reading = os.open('f', os.O_RDWR | os.O_CREAT)
                os.write(reading, model)
                mapped = mmap.mmap(reading, size)
                writing = os.open('f', os.O_WRONLY)
                for n in range(400):
                    at = random.randrange(size - 10_000)
                    data = os.urandom(random.randrange(1, 10_000))
                    how = n % 4
                    if how == 0: mapped[at:at + len(data)] = data
                    elif how == 1: os.pwrite(reading, data, at)
                    else: os.pwrite(writing, data, at)
                    model[at:at + len(data)] = data
                    assert os.pread(reading, size, 0) == model, n
                    assert mapped[:] == model, n
                def look():
                    while not over.is_set(): mapped[:]; os.pread(reading, size, 0)
                over = threading.Event()
                others = [threading.Thread(target=look) for _ in range(2)]
                for other in others: other.start()
                for n in range(1_000):
                    at = random.randrange(size - 10_000)
                    data = os.urandom(random.randrange(1, 10_000))
                    os.pwrite(writing, data, at)
                    model[at:at + len(data)] = data
                over.set()
                for other in others: other.join()
                assert os.pread(reading, size, 0) == model
                assert mapped[:] == model
                mapped.close(); os.close(writing); os.close(reading)
                assert open('f', 'rb').read() == model
                print('same')
                """))
        .isEqualTo("same");
  }

  /// The kernel tells of a close when it has returned: the next open comes at the same moment.
  @Test
  void openingWhatWasJustClosedOpensTheFileThatOthersOpenAfterwards() throws Exception {
    assertThat(
            mounts.python(
                "anna",
                """
                import os
                f = os.open('f', os.O_RDWR | os.O_CREAT)
                size = 0
                for i in range(300):
                    os.pwrite(f, b'a', size)
                    os.close(f)
                    f = os.open('f', os.O_RDWR)
                    other = os.open('f', os.O_WRONLY | os.O_APPEND)
                    os.write(other, b'bc')
                    os.close(other)
                    size += 3
                    assert os.fstat(f).st_size == size, (i, os.fstat(f).st_size, size)
                print(open('f').read() == 'abc' * 300)
                """))
        .isEqualTo("True");
  }

  @Test
  void gitWorksInTheMount() throws Exception {
    assumeTrue(Files.exists(Path.of("/usr/bin/git")), "no git here");
    mounts.up("ben", "--open", "--join", founder);

    mounts.shell(
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

    mounts.eventually(
        "ben",
        "export GIT_CONFIG_GLOBAL=/dev/null HOME=/nowhere; cd repo;"
            + " git -c safe.directory='*' log --format=%s; git -c safe.directory='*' fsck",
        "two\none\n");
  }

  @Test
  void afterAKillEachFileIsItsOldVersionOrItsNew() throws Exception {
    System.out.println("potluck.seed=" + SEED);
    var random = new Random(SEED);
    int known = 0;
    for (int round = 0; round < 3; round++) {
      var writer =
          mounts.program(
              "anna",
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
                  .formatted(known + 1));
      var said = writer.inputReader(UTF_8);
      for (int left = 1 + random.nextInt(20); left > 0; left--) {
        known = Integer.parseInt(said.readLine());
      }
      party.kill("anna");
      mounts.up("anna"); // Programs may hang in the mount until then.
      for (String line = said.readLine(); line != null; line = said.readLine()) {
        if (line.matches("\\d+")) {
          known = Integer.parseInt(line);
        }
      }
      assertThat(writer.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();

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
                assertThat(mounts.shell("anna", "cat f")).isEqualTo(whole);
              });
      known = least + 1;
    }
    assertThat(party.ask("anna", "status", Map.of()).path("skipped")).isEmpty();
  }

  @Test
  void everySmallFileThatWasClosedOutlivesAKill() throws Exception {
    var random = new Random(SEED);
    System.out.println("potluck.seed=" + SEED);
    for (int round = 0; round < 3; round++) {
      var writers =
          mounts.program("anna", "/usr/bin/python3", "-c", MANY_FILES, Integer.toString(round));
      var said = writers.inputReader(UTF_8);
      List<String> closed = new ArrayList<>();
      for (int left = 50 + random.nextInt(400); left > 0; left--) {
        closed.add(said.readLine());
      }
      party.kill("anna");
      mounts.up("anna"); // Programs may hang in the mount until then.
      said.lines().filter(line -> line.matches("\\d+-\\d+-\\d+")).forEach(closed::add);
      assertThat(writers.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();

      for (var name : closed) {
        var file = party.share("anna").resolve(name);
        assertThat(file).hasContent(name.repeat(500));
        assertThat(party.ask("anna", "find", Map.of("name", name, "wait_ms", 0)).path("version"))
            .hasToString("1");
      }
      assertThat(mounts.shell("anna", "cat " + closed.getLast()))
          .isEqualTo(closed.getLast().repeat(500));
    }
  }

  /// Four programs at the same time, that say of each file when it is closed.
  private static final String MANY_FILES =
      """
      import itertools, os, sys
      for writer in range(4):
          if os.fork() == 0:
              for n in itertools.count():
                  name = f'{sys.argv[1]}-{writer}-{n}'
                  file = os.open(name, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644)
                  os.write(file, name.encode() * 500)
                  os.close(file)
                  os.write(1, name.encode() + b'\\n')
      for writer in range(4):
          os.wait()
      """;

  @Test
  void ofALargeFileOnlyWhatWasChangedIsFetchedAgain() throws Exception {
    var large = new byte[48 << 20];
    new Random(SEED).nextBytes(large);
    Files.write(party.share("anna").resolve("large"), large);
    mounts.eventually("anna", "stat -c %s large", large.length + "\n");
    mounts.up("ben", "--open", "--join", founder);
    assertThat(party.run("ben", "get", "large").status()).isZero();

    try (var events = party.follow("ben", "events")) {
      mounts.shell(
          "anna", "printf changed | dd of=large bs=1 seek=20000000 conv=notrunc status=none");
      byte[] change = "changed".getBytes(UTF_8);
      System.arraycopy(change, 0, large, 20_000_000, change.length);

      Awaitility.await()
          .atMost(LIMIT)
          .untilAsserted(
              () -> assertThat(party.share("ben").resolve("large")).hasBinaryContent(large));
      Awaitility.await()
          .atMost(LIMIT)
          .untilAsserted(() -> assertThat(fetchedBytes(events)).isBetween(1L, 4L << 20));
    }
  }

  /// By the last fetch that a peer told of.
  private static long fetchedBytes(PotluckProcess events) {
    long bytes = -1;
    var told = Pattern.compile("\"fetched\".*\"version\":2.*\"bytes\":(\\d+)");
    for (var line : events.output().lines().toList()) {
      var fetched = told.matcher(line);
      bytes = fetched.find() ? Long.parseLong(fetched.group(1)) : bytes;
    }
    return bytes;
  }

  @Test
  void withoutADirectoryWhatIsWrittenIsKeptBesideAndNothingNewIsOpened() throws Exception {
    mounts.up("ben", "--open", "--join", founder, "--write-timeout", "1s");
    var writer = halfway("ben");
    party.kill("anna");
    awaitDirectoryAway("ben");

    assertThat(goOn(writer)).isEqualTo("EIO");

    var unsaved = party.ask("ben", "status", Map.of()).path("unsaved");
    assertThat(unsaved).hasSize(1);
    var kept = unsaved.get(0).asString("");
    assertThat(kept).matches("f\\.unsaved-ben-\\d{8}-\\d{6}");
    assertThat(Files.readString(party.share("ben").resolve(kept))).isEqualTo("first and last");
    assertThat(mounts.python("ben", TRIES.formatted("open('g', 'w')"))).isEqualTo("EROFS");
    assertThat(mounts.python("ben", TRIES.formatted("os.mkdir('d')"))).isEqualTo("EROFS");
    mounts.up("anna", "--listen", founder);
    mounts.eventually("anna", "cat " + kept, "first and last");
  }

  @Test
  void whoWritesHasTheLockAndWhatIsChangedBehindItIsKeptBeside() throws Exception {
    mounts.up("ben", "--open", "--join", founder);
    mounts.shell("anna", "echo base > f");
    mounts.eventually("ben", "cat f", "base\n");
    var writer = halfway("ben");
    Files.writeString(party.share("anna").resolve("f"), "theirs\n");
    mounts.eventually("anna", "cat f.conflict-anna-*", "theirs\n");

    assertThat(goOn(writer)).isEqualTo("done");

    mounts.eventually("anna", "cat f", "first and last");
    mounts.eventually("ben", "cat f f.conflict-anna-*", "first and lasttheirs\n");
  }

  @Test
  void attributesOfAFileThatIsBeingWrittenAreOfTheSameVersion() throws Exception {
    mounts.python(
        "anna",
        """
        import os
        f = os.open('f', os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        os.write(f, b'content')
        os.utime(f, (1_000_000_000, 1_000_000_000))
        os.fchmod(f, 0o640)
        os.close(f)
        """);

    assertThat(mounts.shell("anna", "stat -c '%a %Y %s' f")).isEqualTo("640 1000000000 7\n");
    assertThat(party.ask("anna", "history", Map.of("name", "f")).path("versions")).hasSize(1);
  }

  @Test
  void attributesAreCommittedAsynchronouslyTooAndOutliveTheEnd() throws Exception {
    var options = List.of("--open", "--join", founder, "--commit", "async");
    mounts.up("ben", options.toArray(String[]::new));

    mounts.shell("ben", "for i in $(seq 100); do echo $i > f$i; touch -d @1000000000 f$i; done");
    mounts.shell("ben", "chmod 640 f100; mv f100 g; touch -d @1100000000 g; chmod 600 g");
    assertThat(mounts.shell("ben", "stat -c '%a %Y' f1 g"))
        .isEqualTo("644 1000000000\n600 1100000000\n");
    party.stop("ben");

    mounts.eventually("anna", "stat -c %Y f* | sort | uniq -c | tr -s ' '", " 99 1000000000\n");
    mounts.eventually("anna", "stat -c '%a %Y' g", "600 1100000000\n");
    mounts.up("ben", options.toArray(String[]::new));
    assertThat(mounts.shell("ben", "stat -c '%a %Y' f1 g; cat g"))
        .isEqualTo("644 1000000000\n600 1100000000\n100\n");
  }

  @Test
  void attributesOfWhatIsHereAreSeenAtOnceAndDoNotStandInTheWayOfARename() throws Exception {
    mounts.up("ben", "--open", "--join", founder, "--commit", "async");
    mounts.shell("ben", "for i in $(seq 40); do echo old > f$i; echo new > n$i; done; sync");

    assertThat(
            mounts.shell(
                "ben",
                "for i in $(seq 20); do"
                    + " chmod 600 f$i; touch -d @1000000000 f$i; chmod u+x f$i; stat -c '%a %Y' f$i;"
                    + " done | sort | uniq -c | tr -s ' '"))
        .isEqualTo(" 20 700 1000000000\n");
    mounts.shell(
        "ben",
        "for i in $(seq 40); do"
            + " if [ $i -gt 30 ]; then echo x > f$i; fi; chmod 640 f$i; mv n$i f$i; done; sync");

    assertThat(mounts.shell("ben", "cat f* | sort | uniq -c | tr -s ' '; ls | wc -l"))
        .isEqualTo(" 40 new\n40\n");
  }

  @Test
  void whatIsDeletedOrReplacedBeforeItWasCommittedStaysSo() throws Exception {
    mounts.up("ben", "--open", "--join", founder, "--commit", "async");

    assertThat(
            mounts.python(
                "ben",
                """
                import os
                os.mkdir('d')
                for i in range(30):
                    with open(f'd/f{i}', 'w') as f: f.write('gone')
                    os.unlink(f'd/f{i}')
                    with open('d/target', 'w') as f: f.write('old')
                    with open('d/source', 'w') as f: f.write(str(i))
                    os.rename('d/source', 'd/target')
                    assert open('d/target').read() == str(i)
                    os.unlink('d/target')
                with open('d/last', 'w') as f: f.write('stays')
                os.rename('d/last', 'd/end')
                print(os.listdir('d'))
                """))
        .isEqualTo("['end']");
    assertThat(party.ask("ben", "find", Map.of("name", "d/end")).path("version").asInt())
        .isEqualTo(1);
    mounts.eventually("anna", "ls d; cat d/end", "end\nstays");
    assertThat(mounts.shell("ben", "ls d")).isEqualTo("end\n");
  }

  @Test
  void whoIsAloneFindsInTheDirectoryWhatWasJustClosed() throws Exception {
    for (int i = 1; i <= 12; i++) {
      mounts.shell("anna", "for n in $(seq 20); do echo " + i + " > f$n; done");
      var versions = party.ask("anna", "history", Map.of("name", "f20")).path("versions");
      assertThat(versions.get(versions.size() - 1).path("version").asInt()).isEqualTo(i);
    }
  }

  @Test
  void attributesThatWhoIsAloneHasSetAfterClosingAreSeenAtOnceAndOutliveTheEnd() throws Exception {
    mounts.shell(
        "anna",
        "for i in $(seq 300); do echo $i > f$i; touch -d @1000000000 f$i; chmod 640 f$i;"
            + " [ $(cat f$i) = $i ] || exit 1; done");
    assertThat(mounts.shell("anna", "stat -c '%a %Y' f1 f300"))
        .isEqualTo("640 1000000000\n640 1000000000\n");

    var versions = party.ask("anna", "history", Map.of("name", "f300")).path("versions");
    party.stop("anna");
    mounts.up("anna", "--listen", founder);

    assertThat(versions.get(versions.size() - 1).path("mtime").asString(""))
        .startsWith("2001-09-09T01:46:40");
    assertThat(mounts.shell("anna", "stat -c '%a %Y' f* | sort | uniq -c | tr -s ' '"))
        .isEqualTo(" 300 640 1000000000\n");
  }

  @Test
  void whatWhoIsAloneHasClosedOutlivesAKillAndIsThereForWhoJoins() throws Exception {
    for (int round = 0; round < 3; round++) {
      mounts.shell(
          "anna",
          "mkdir d"
              + round
              + "; cd d"
              + round
              + "; for n in $(seq 300); do"
              + " echo $n > f$n; touch -d @1000000000 f$n; chmod 640 f$n; done");
      party.kill("anna");
      mounts.up("anna", "--listen", founder);
      assertThat(mounts.shell("anna", "cat d" + round + "/* | sort -n | md5sum"))
          .isEqualTo(mounts.shell("anna", "seq 300 | md5sum"));
    }
    mounts.shell("anna", "echo last > last");

    mounts.up("ben", "--open", "--join", founder);

    assertThat(mounts.shell("ben", "cat last; cat d?/* | wc -l")).isEqualTo("last\n900\n");
    assertThat(mounts.shell("ben", "stat -c '%a %Y' d?/* | sort | uniq -c | tr -s ' '"))
        .isEqualTo(" 900 640 1000000000\n");
  }

  @Test
  void whoHasWhatWasJustSavedOpenReadsItThoughItIsGivenOtherTimes() throws Exception {
    mounts.up("ben", "--open", "--join", founder);

    String read =
        mounts.shell(
            "anna",
            "for i in $(seq 20); do exec 4<>n$i; echo one > n$i; touch -d @1000000000 n$i;"
                + " dd iflag=direct bs=4096 count=1 status=none <&4; exec 4<&-; done");

    assertThat(read).isEqualTo("one\n".repeat(20));
  }

  @Test
  void asynchronouslyCommittedIsWhatIsOnThisDisk() throws Exception {
    mounts.up("ben", "--open", "--join", founder, "--write-timeout", "1s", "--commit", "async");
    var writer = halfway("ben");
    party.kill("anna");
    awaitDirectoryAway("ben");

    assertThat(goOn(writer)).isEqualTo("done");

    assertThat(mounts.shell("ben", "cat f")).isEqualTo("first and last");
    assertThat(mounts.shell("ben", "chmod 640 f; touch -d @1000000000 f; stat -c '%a %Y' f"))
        .isEqualTo("640 1000000000\n");
    party.kill("ben");
    mounts.up("anna", "--listen", founder);
    mounts.up("ben");
    mounts.eventually("anna", "cat f; stat --printf ' %a %Y' f", "first and last 640 1000000000");
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
        mounts.program(
            name,
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
                """);
    assertThat(writer.inputReader(UTF_8).readLine()).isEqualTo("begun");
    return writer;
  }

  private static String goOn(Process writer) throws IOException, InterruptedException {
    try (var input = writer.getOutputStream()) {
      input.write('\n');
    }
    return Mounts.ended(writer).strip();
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
}
