package dev.potluck.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Changes elsewhere are seen at once by a program that has everything cached for an hour.
@Timeout(120)
class NotifierTest {
  /// Does what it reads, a Python expression a line, and says what comes of it.
  private static final String PROGRAM =
      """
      import os, mmap, sys
      f = open('file', 'rb', buffering=0)
      m = mmap.mmap(f.fileno(), 0, prot=mmap.PROT_READ)
      d = os.open('.', os.O_RDONLY | os.O_DIRECTORY)
      for line in sys.stdin:
          try: print(eval(line), flush=True)
          except OSError as e: print(e.strerror, flush=True)
      """;

  /// The kernel keeps listings too.
  private static final class Listed extends MemoryFileSystem {
    Listed() {
      super(Mounted.LONG, false);
    }

    @Override
    public synchronized Opened opendir(Request request, long node) throws IOException {
      return Opened.cachedDirectory(super.opendir(request, node).handle());
    }
  }

  private Mounted<Listed> mounted;
  private Process program;
  private BufferedReader answers;
  private BufferedWriter questions;
  private MemoryNode file;

  @BeforeEach
  void start() throws IOException, InterruptedException {
    mounted = Mounted.of(new Listed(), Mounted.options().withExplicitInvalidation(true));
    file = mounted.files.put("file", bytes("version one"));
    program =
        new ProcessBuilder("/usr/bin/python3", "-c", PROGRAM)
            .directory(mounted.directory.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    answers = program.inputReader(StandardCharsets.UTF_8);
    questions = program.outputWriter(StandardCharsets.UTF_8);
  }

  @AfterEach
  void stop() throws IOException, InterruptedException {
    if (mounted != null) {
      program.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
      mounted.close();
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private String ask(String expression) throws IOException {
    questions.write(expression + "\n");
    questions.flush();
    return answers.readLine();
  }

  private long number() {
    return mounted.files.nodes.numberOf(file);
  }

  private Notifier notifier() {
    return mounted.mount.notifier();
  }

  @Test
  void newContentIsReadByWhoHasTheOldOneCached() throws IOException, InterruptedException {
    assertThat(ask("os.pread(f.fileno(), 99, 0), bytes(m[8:11])"))
        .isEqualTo("(b'version one', b'one')");
    mounted.files.replace(file, bytes("version two"));
    assertThat(ask("os.pread(f.fileno(), 99, 0)")).as("cached").isEqualTo("b'version one'");

    notifier().invalidateContent(number(), 0, 0);
    notifier().await();

    assertThat(ask("os.pread(f.fileno(), 99, 0), bytes(m[8:11])"))
        .isEqualTo("(b'version two', b'two')");
  }

  @Test
  void newAttributesAreSeen() throws IOException, InterruptedException {
    assertThat(ask("os.stat('file').st_size")).isEqualTo("11");
    mounted.files.replace(file, bytes("longer than it was"));
    assertThat(ask("os.stat('file').st_size")).as("cached").isEqualTo("11");

    notifier().invalidateAttributes(number());
    notifier().await();

    assertThat(ask("os.stat('file').st_size")).isEqualTo("18");
  }

  @Test
  void aNameThatLeadsElsewhereIsLookedUpAgain() throws IOException, InterruptedException {
    assertThat(ask("open('file').read()")).isEqualTo("version one");
    mounted.files.put("file", bytes("another file"));
    assertThat(ask("open('file').read()")).as("cached").isEqualTo("version one");

    notifier().invalidateEntry(FileSystem.ROOT, "file");
    notifier().await();

    assertThat(ask("open('file').read()")).isEqualTo("another file");
    assertThat(ask("os.pread(f.fileno(), 99, 0)")).as("open").isEqualTo("b'version one'");
  }

  @Test
  void aNameThatExpiresIsLookedUpAgain() throws IOException, InterruptedException {
    assertThat(ask("open('file').read()")).isEqualTo("version one");
    mounted.files.put("file", bytes("another file"));

    notifier().expireEntry(FileSystem.ROOT, "file");
    notifier().await();

    assertThat(ask("open('file').read()")).isEqualTo("another file");
  }

  @Test
  void allNamesExpireAtOnceWhereTheKernelCan() throws IOException, InterruptedException {
    assertThat(ask("open('file').read()")).isEqualTo("version one");
    mounted.files.put("file", bytes("another file"));

    boolean can = notifier().expireAllEntries();
    notifier().await();

    assertThat(ask("open('file').read()")).isEqualTo(can ? "another file" : "version one");
  }

  @Test
  void aNameThatIsGoneIsGone() throws IOException, InterruptedException {
    assertThat(ask("os.path.exists('file')")).isEqualTo("True");
    mounted.files.drop("file");
    assertThat(ask("os.path.exists('file')")).as("cached").isEqualTo("True");

    notifier().delete(FileSystem.ROOT, number(), "file");
    notifier().await();

    assertThat(ask("os.path.exists('file')")).isEqualTo("False");
  }

  @Test
  void aNewNameIsListedByWhoKeepsTheDirectoryOpen() throws IOException, InterruptedException {
    assertThat(ask("os.listdir(d), os.listdir(d)")).isEqualTo("(['file'], ['file'])");
    mounted.files.put("new", bytes("new"));
    assertThat(ask("os.listdir(d)")).as("cached").isEqualTo("['file']");

    notifier().invalidateEntry(FileSystem.ROOT, "new");
    // The kernel finds nothing of that name, and leaves the listing as it is.
    notifier().invalidateContent(FileSystem.ROOT, 0, 0);
    notifier().await();

    assertThat(ask("sorted(os.listdir(d))")).isEqualTo("['file', 'new']");
    assertThat(ask("open('new').read()")).isEqualTo("new");
  }

  @Test
  void aNameThatGoesIsNotListedByWhoKeepsTheDirectoryOpen()
      throws IOException, InterruptedException {
    assertThat(ask("os.listdir(d), os.listdir(d)")).isEqualTo("(['file'], ['file'])");
    mounted.files.drop("file");
    assertThat(ask("os.listdir(d)")).as("cached").isEqualTo("['file']");

    notifier().invalidateEntry(FileSystem.ROOT, "file");
    notifier().await();

    assertThat(ask("os.listdir(d)")).isEqualTo("[]");
  }

  @Test
  void contentIsPutIntoTheCache() throws IOException, InterruptedException {
    assertThat(ask("os.pread(f.fileno(), 7, 0)")).isEqualTo("b'version'");

    notifier().store(number(), 0, MemorySegment.ofArray(bytes("VERSION")));
    notifier().await();

    assertThat(ask("os.pread(f.fileno(), 11, 0)")).isEqualTo("b'VERSION one'");
  }

  @Test
  void whatTheKernelDoesNotKnowIsNoError() throws IOException, InterruptedException {
    notifier().invalidateAttributes(4711);
    notifier().invalidateEntry(FileSystem.ROOT, "nothing");
    notifier().invalidateEntry(4711, "x".repeat(5000));
    notifier().await();

    assertThat(ask("open('file').read()")).isEqualTo("version one");
  }
}
