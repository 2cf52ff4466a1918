package dev.potluck.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Programs on two machines lock files in their mounts by flock(2) and fcntl(2): real processes,
/// since a JVM must not wait for a mount that it serves.
@Timeout(300)
final class MountLockTest {
  /// What every program begins with. `told` waits for a line, `tell` prints one.
  private static final String PRELUDE =
      """
      import errno, fcntl, os, signal, struct, sys, time
      def tell(*words):
          print(*words, flush=True)
      def told():
          return sys.stdin.readline()
      def attempt(call, *args):
          try:
              call(*args)
              return 'done'
          except OSError as e:
              return 'deadlock' if e.errno == errno.EDEADLK else errno.errorcode[e.errno]
      NB = fcntl.LOCK_NB
      EX = fcntl.LOCK_EX
      SH = fcntl.LOCK_SH
      UN = fcntl.LOCK_UN
      """;

  /// Has locked `f` and written `mine`, until it is told to go on.
  private static final String WRITING =
      """
      f = open('f', 'a'); fcntl.flock(f, EX)
      f.write('mine'); f.flush(); os.fsync(f.fileno())
      tell('has it')
      told()
      """;

  @TempDir private Path folder;
  @AutoClose private Mounts mounts;
  private Party party;
  private String founder = "";

  @BeforeEach
  void mount() throws Exception {
    mounts = Mounts.in(folder);
    party = mounts.party();
    founder = mounts.up("anna", "--open", "--refresh", "300ms", "--lease", "5s");
    mounts.up("ben", "--open", "--join", founder);
  }

  @Test
  void appendingUnderFlockFromTwoMachinesLosesNoLine() throws Exception {
    var appending =
        """
        n = 150
        fd = os.open('log', os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o644)
        for i in range(n):
            fcntl.flock(fd, EX)
            size = os.fstat(fd).st_size
            last = os.pread(fd, 100, max(0, size - 12))
            assert size % 12 == 0 and (size == 0 or len(last) == 12 and last[-1:] == b'\\n'), (size, last)
            assert os.write(fd, b'%s %9d\\n' % (NAME, i)) == 12
            fcntl.flock(fd, UN)
        """;
    var anna = program("anna", "NAME = b'A'\n" + appending);
    var ben = program("ben", "NAME = b'B'\n" + appending);

    assertThat(Mounts.ended(anna) + Mounts.ended(ben)).isEmpty();
    awaitSame("log");
    var lines = Files.readAllLines(mounts.at("anna").resolve("log"));
    assertThat(lines).hasSize(300).doesNotHaveDuplicates();
    assertThat(lines.stream().filter(line -> line.startsWith("A"))).hasSize(150).isSorted();
    assertThat(lines.stream().filter(line -> line.startsWith("B"))).hasSize(150).isSorted();
    assertThat(namesLike("log.")).isEmpty();
  }

  @Test
  void theShellAppendsUnderFlockFromTwoMachines() throws Exception {
    assumeTrue(Files.exists(Path.of("/usr/bin/flock")), "flock(1) is not here");
    var appending =
        """
        import subprocess
        for i in range(15):
            subprocess.run(['flock', LOCK, '-c', 'echo x >> log'], check=True)
        """;
    for (var lock : List.of("lock", "log")) {
      var anna = program("anna", "LOCK = '" + lock + "'\n" + appending);
      var ben = program("ben", "LOCK = '" + lock + "'\n" + appending);
      assertThat(Mounts.ended(anna) + Mounts.ended(ben)).isEmpty();
    }

    awaitSame("log");
    assertThat(Files.readAllLines(mounts.at("anna").resolve("log"))).hasSize(60);
    assertThat(namesLike("log.")).isEmpty();
  }

  @Test
  void sqliteTakesTurnsOnTwoMachinesAndWritesOnBothAtOnce() throws Exception {
    var inserting =
        """
        import sqlite3
        c = sqlite3.connect('db', timeout=120, isolation_level=None)
        c.execute('create table if not exists t(who text, i int)')
        for i in range(10):
            c.execute('begin immediate')
            before = c.execute('select count(*) from t').fetchone()[0]
            c.execute('insert into t values(?, ?)', (NAME, i))
            assert c.execute('select count(*) from t').fetchone()[0] == before + 1
            c.execute('commit')
        """;
    assertThat(Mounts.ended(program("anna", "NAME = 'A'\n" + inserting))).isEmpty();
    assertThat(Mounts.ended(program("ben", "NAME = 'B'\n" + inserting))).isEmpty();
    var anna = program("anna", "NAME = 'A'\n" + inserting);
    var ben = program("ben", "NAME = 'B'\n" + inserting);
    assertThat(Mounts.ended(anna) + Mounts.ended(ben)).isEmpty();

    var counted =
        """
        import sqlite3
        c = sqlite3.connect('db', timeout=120)
        tell(c.execute('select who, count(*) from t group by who').fetchall())
        tell(c.execute('pragma integrity_check').fetchone()[0])
        """;
    var expected = "[('A', 20), ('B', 20)]\nok\n";
    assertThat(Mounts.ended(program("anna", counted))).isEqualTo(expected);
    assertThat(Mounts.ended(program("ben", counted))).isEqualTo(expected);
    assertThat(namesLike("db")).containsExactly("db");
  }

  @Test
  void whoDoesNotWaitIsToldThatAnotherMachineHasIt() throws Exception {
    var anna =
        program(
            "anna",
            """
            f = open('f', 'w'); f.write('begun'); f.flush(); os.fsync(f.fileno())
            for mode in (EX, SH, UN):
                fcntl.flock(f, mode)
                tell('has it')
                told()
            """);
    assertThat(line(anna)).isEqualTo("has it");
    awaitSame("f");
    var ben =
        program(
            "ben",
            """
            f = open('f', 'r+b')
            while True:
                tell(attempt(fcntl.flock, f, SH | NB), attempt(fcntl.flock, f, EX | NB),
                     attempt(fcntl.lockf, f, EX | NB, 1, 1000))
                fcntl.lockf(f, UN); fcntl.flock(f, UN)
                told()
            """);

    assertThat(line(ben)).isEqualTo("EAGAIN EAGAIN EAGAIN");
    goOn(anna);
    assertThat(line(anna)).isEqualTo("has it");
    goOn(ben);
    assertThat(line(ben)).isEqualTo("done EAGAIN EAGAIN");
    goOn(anna);
    assertThat(line(anna)).isEqualTo("has it");
    goOn(ben);
    assertThat(line(ben)).isEqualTo("done done done");
  }

  @Test
  void fcntlRangesAreOfOneMachineAndItsWholeFileOfAnother() throws Exception {
    var anna =
        program(
            "anna",
            """
            f = open('f', 'w+b'); f.write(b'0' * 100); f.flush(); os.fsync(f.fileno())
            fcntl.lockf(f, EX, 50, 0)
            fcntl.lockf(f, UN, 10, 20)
            tell('has it')
            told()
            fcntl.lockf(f, EX, 10, 60)
            tell('has it')
            told()
            f.close()
            tell('closed')
            told()
            """);
    assertThat(line(anna)).isEqualTo("has it");
    awaitSame("f");
    var asking =
        """
        def blocker(f):
            asked = struct.pack('hhqqi4x', fcntl.F_WRLCK, 0, 0, 0, 0)
            kind, _, start, length, pid = struct.unpack('hhqqi4x', fcntl.fcntl(f, fcntl.F_GETLK, asked))
            return 'free' if kind == fcntl.F_UNLCK else (start, length, pid > 0)
        f = open('f', 'r+b')
        while True:
            tell(attempt(fcntl.lockf, f, EX | NB, 10, 20), attempt(fcntl.lockf, f, EX | NB, 1, 9),
                 attempt(fcntl.lockf, f, SH | NB, 1, 30), blocker(f))
            fcntl.lockf(f, UN)
            told()
        """;
    var beside = program("anna", asking);
    var ben = program("ben", asking);

    assertThat(line(beside)).isEqualTo("done EAGAIN EAGAIN (0, 20, True)");
    assertThat(line(ben)).isEqualTo("EAGAIN EAGAIN EAGAIN (0, 0, False)");
    goOn(anna);
    assertThat(line(anna)).isEqualTo("has it");
    goOn(anna);
    assertThat(line(anna)).isEqualTo("closed");
    goOn(beside);
    assertThat(line(beside)).isEqualTo("done done done free");
    goOn(ben);
    assertThat(line(ben)).isEqualTo("done done done free");
  }

  @Test
  void twoWhoWaitForEachOtherAreTold() throws Exception {
    var waiting =
        """
        f = open('f', 'r+b')
        fcntl.lockf(f, EX, 1, MINE)
        tell('has it')
        told()
        tell(attempt(fcntl.lockf, f, EX, 1, 1 - MINE))
        """;
    Mounts.ended(program("anna", "open('f', 'w').write('ab')"));
    var first = program("anna", "MINE = 0\n" + waiting);
    assertThat(line(first)).isEqualTo("has it");
    var second = program("anna", "MINE = 1\n" + waiting);
    assertThat(line(second)).isEqualTo("has it");

    goOn(first);
    goOn(second);

    assertThat(List.of(line(first), line(second))).containsExactlyInAnyOrder("deadlock", "done");
  }

  @Test
  void aSignalEndsWaitingForALock() throws Exception {
    var anna =
        program(
            "anna", "f = open('f', 'w'); fcntl.flock(f, EX); tell('has it'); told(); f.close()");
    assertThat(line(anna)).isEqualTo("has it");
    var ben =
        program(
            "ben",
            """
            class Alarm(Exception):
                pass
            def alarm(*_):
                raise Alarm
            signal.signal(signal.SIGALRM, alarm)
            f = open('f', 'a')
            signal.alarm(1)
            try:
                fcntl.flock(f, EX)
                tell('has it')
            except Alarm:
                tell('interrupted')
            told()
            fcntl.flock(f, EX)
            tell('has it')
            """);

    assertThat(line(ben)).isEqualTo("interrupted");
    goOn(ben);
    goOn(anna);
    assertThat(line(ben)).isEqualTo("has it");
  }

  @Test
  void whatADeadProgramOrMachineHadLockedIsFree() throws Exception {
    var holding = "f = open('f', 'a'); fcntl.flock(f, EX); tell('has it'); told()";
    var killed = program("ben", holding);
    assertThat(line(killed)).isEqualTo("has it");
    var next = program("anna", holding);
    killed.destroyForcibly();
    assertThat(line(next)).isEqualTo("has it");
    goOn(next);

    var cutOff = program("ben", holding);
    assertThat(line(cutOff)).isEqualTo("has it");
    var last = program("anna", holding);
    party.kill("ben");

    assertThat(line(last)).isEqualTo("has it");
  }

  @Test
  void ofThreeMachinesALockStaysWithWhoHasItWhenTheLeaderDies() throws Exception {
    mounts.up("clara", "--open", "--join", founder);
    Awaitility.await()
        .atMost(60, TimeUnit.SECONDS)
        .until(() -> directory("clara").path("members").size() == 3);
    var ben =
        program(
            "ben",
            WRITING
                + """
            f.write(', and more'); f.flush()
            fcntl.flock(f, UN)
            tell('gave it back')
            """);
    assertThat(line(ben)).isEqualTo("has it");
    var clara =
        program(
            "clara",
            """
            f = open('f', 'a+')
            while True:
                tell(attempt(fcntl.flock, f, EX | NB))
                told()
                f.seek(0)
                tell(f.read())
            """);
    assertThat(line(clara)).isEqualTo("EAGAIN");
    assertThat(leader("clara")).isEqualTo(founder);

    party.kill("anna");
    Awaitility.await()
        .atMost(60, TimeUnit.SECONDS)
        .until(() -> !Set.of("", founder).contains(leader("clara")));

    goOn(clara);
    assertThat(line(clara)).isEqualTo("mine");
    assertThat(line(clara)).isEqualTo("EAGAIN");
    goOn(ben);
    assertThat(line(ben)).isEqualTo("gave it back");
    goOn(clara);
    assertThat(line(clara)).isEqualTo("mine");
    assertThat(line(clara)).isEqualTo("done");
    goOn(clara);
    assertThat(line(clara)).isEqualTo("mine, and more");
  }

  private String leader(String as) {
    return directory(as).path("leader").asString("");
  }

  private JsonNode directory(String name) {
    return party.ask(name, "status", Map.of()).path("directory");
  }

  @Test
  void whoWasAwayForLongerThanALeaseCannotWriteUnderItsLock() throws Exception {
    var ben =
        program(
            "ben",
            WRITING
                + """
            tell(attempt(os.write, f.fileno(), b'late'))
            fcntl.flock(f, EX)
            tell(attempt(os.write, f.fileno(), b', mine again'))
            """);
    assertThat(line(ben)).isEqualTo("has it");
    awaitSame("f");
    party.freeze("ben");
    var anna =
        program(
            "anna",
            "f = open('f', 'a'); fcntl.flock(f, EX); f.write(', hers'); f.close(); tell('done')");
    assertThat(line(anna)).isEqualTo("done");
    party.thaw("ben");

    Awaitility.await()
        .atMost(30, TimeUnit.SECONDS)
        .until(() -> party.process("ben").log().contains("the lock on f is lost"));
    goOn(ben);
    assertThat(line(ben)).isEqualTo("EIO");
    assertThat(line(ben)).isEqualTo("done");
    assertThat(Mounts.ended(ben)).isEmpty();
    awaitSame("f");
    assertThat(Files.readString(party.share("anna").resolve("f")))
        .isEqualTo("mine, hers, mine again");
  }

  @Test
  void whoReadsUnderALockReadsWhatIsCurrentHoweverLongTheFileIsOpen() throws Exception {
    Mounts.ended(program("anna", "open('f', 'w').write('first')"));
    awaitSame("f");
    var reading =
        """
        f = open('f', 'rb', buffering=0)
        tell(f.read())
        while told():
            fcntl.flock(f, SH)
            f.seek(0)
            tell(f.read(), os.fstat(f.fileno()).st_size, os.path.getsize('f'))
            fcntl.flock(f, UN)
        """;
    var ben = program("ben", reading);
    assertThat(line(ben)).isEqualTo("b'first'");

    for (var text : List.of("the second", "3rd", "4", "and the fifth")) {
      Mounts.ended(
          program(
              "anna",
              "f = open('f', 'r+'); fcntl.flock(f, EX); f.truncate(0); f.write('" + text + "')"));
      goOn(ben);
      int size = text.length();
      assertThat(line(ben)).isEqualTo("b'" + text + "' " + size + " " + size);
    }
  }

  @Test
  void aLockFileThatBothMakeAtOnceExcludesThem() throws Exception {
    var counting =
        """
        import subprocess
        subprocess.run(['sh', '-ec', '''
            for i in 1 2 3 4 5 6 7 8 9 10; do
              exec 9>lock; flock 9
              n=$(cat count 2>/dev/null || echo 0); echo $((n + 1)) > count
              exec 9>&-
            done'''], check=True)
        """;
    assumeTrue(Files.exists(Path.of("/usr/bin/flock")), "flock(1) is not here");
    var anna = program("anna", counting);
    var ben = program("ben", counting);

    assertThat(Mounts.ended(anna) + Mounts.ended(ben)).isEmpty();
    awaitSame("count");
    assertThat(Files.readString(party.share("anna").resolve("count"))).isEqualTo("20\n");
  }

  /// Runs Python in the mount of a peer.
  private Process program(String name, String script) throws IOException {
    return mounts.program(name, "/usr/bin/python3", "-c", PRELUDE + script);
  }

  private static String line(Process program) throws IOException {
    BufferedReader output = program.inputReader(UTF_8);
    return String.valueOf(output.readLine());
  }

  private static void goOn(Process program) throws IOException {
    var input = program.outputWriter(UTF_8);
    input.write("\n");
    input.flush();
  }

  /// Copies follow a moment later.
  private void awaitSame(String name) {
    Awaitility.await()
        .atMost(30, TimeUnit.SECONDS)
        .untilAsserted(
            () ->
                assertThat(Files.readString(mounts.at("anna").resolve(name)))
                    .isNotEmpty()
                    .isEqualTo(Files.readString(mounts.at("ben").resolve(name))));
  }

  private List<String> namesLike(String prefix) {
    return List.of(Objects.requireNonNull(party.share("anna").toFile().list())).stream()
        .filter(name -> name.startsWith(prefix))
        .toList();
  }
}
