package dev.potluck.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.MemorySegment;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is said to the kernel, byte by byte, without one.
@Timeout(120)
class ProtocolTest {
  private static final long ALL = -1L;
  private static final MountOptions OPTIONS =
      MountOptions.of("potluck-test", "potluck-test").withPassthrough(false);
  private static final byte[] NAME = "name\0".getBytes(StandardCharsets.UTF_8);

  /// Throws from every operation what it is told to.
  private static class Throwing implements FileSystem {
    volatile @Nullable Throwable thrown;
    volatile boolean apart;
    final CountDownLatch begun = new CountDownLatch(1);

    @Override
    public boolean mayBlock(Opcode opcode, long node, long handle) {
      return apart;
    }

    @Override
    public Entry lookup(Request request, long parent, String name)
        throws IOException, InterruptedException {
      return switch (thrown) {
        case IOException e -> throw e;
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        case null -> Entry.absent(Duration.ZERO);
        default -> {
          begun.countDown();
          new CountDownLatch(1).await();
          throw new IllegalStateException();
        }
      };
    }

    @Override
    public Stat getattr(Request request, long node, OptionalLong handle) {
      return new Stat(Attributes.directory(1, 0755, -1), Duration.ofMillis(1500));
    }

    @Override
    public Opened open(Request request, long node, int flags) {
      return Opened.keepingCache(7);
    }

    @Override
    public MemorySegment read(Request request, long node, long handle, long offset, int size) {
      return MemorySegment.ofArray(new byte[] {1, 2, 3});
    }

    @Override
    public void readdir(
        Request request, long node, long handle, long offset, DirectoryEntries entries) {}
  }

  private static FakeKernel begun(FileSystem files) {
    FakeKernel kernel = new FakeKernel(files, OPTIONS);
    assertThat(kernel.init(7, 45, ALL).error()).isZero();
    return kernel;
  }

  @Test
  void agreesOnWhatBothKnow() throws IOException, InterruptedException {
    try (FakeKernel kernel = new FakeKernel(new Throwing(), OPTIONS)) {
      FakeKernel.Answer answer = kernel.init(7, 46, ALL);

      MemorySegment out = answer.bytes();
      assertThat(out.byteSize()).isEqualTo(InitOut.BYTES);
      assertThat(Abi.get32(out, 0)).isEqualTo(7);
      assertThat(Abi.get32(out, 4)).isEqualTo(45);
      assertThat(Abi.get32(out, 20)).as("max_write").isEqualTo(1 << 20);
      assertThat(Abi.get16(out, 28)).as("max_pages").isEqualTo((short) 256);
      Features features = kernel.session.awaitReady(Duration.ofSeconds(30)).orElseThrow();
      assertThat(features.minor()).isEqualTo(45);
      assertThat(features.has(Handshake.DO_READDIRPLUS)).isTrue();
      assertThat(features.has(Handshake.POSIX_LOCKS)).isFalse();
      assertThat(features.has(1L << 16)).as("writeback cache").isFalse();
    }
  }

  @Test
  void speaksWithTheOldestKernelThatIsSupported() throws IOException, InterruptedException {
    try (FakeKernel kernel = new FakeKernel(new Throwing(), OPTIONS.withPassthrough(true))) {
      byte[] old = new byte[16];
      Abi.put32(MemorySegment.ofArray(old), 0, 7);
      Abi.put32(MemorySegment.ofArray(old), 4, 31);
      Abi.put32(MemorySegment.ofArray(old), 12, 1 << 13);

      FakeKernel.Answer answer = kernel.ask(Opcode.INIT.code(), 2, 0, old);

      assertThat(answer.error()).isZero();
      Features features = kernel.session.awaitReady(Duration.ofSeconds(30)).orElseThrow();
      assertThat(features).isEqualTo(new Features(31, 1 << 13, 1 << 20, false));
    }
  }

  @Test
  void refusesAKernelThatIsTooOld() throws IOException {
    try (FakeKernel kernel = new FakeKernel(new Throwing(), OPTIONS)) {
      assertThat(kernel.init(7, 30, ALL).error()).isEqualTo(-Errno.EIO.number());
    }
  }

  @Test
  void offersItsMajorVersionToANewerKernel() throws IOException {
    try (FakeKernel kernel = new FakeKernel(new Throwing(), OPTIONS)) {
      assertThat(Abi.get32(kernel.init(8, 0, ALL).bytes(), 0)).isEqualTo(7);
      assertThat(kernel.init(7, 45, ALL).error()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"INIT", "FORGET", "BATCH_FORGET", "INTERRUPT", "NOTIFY_REPLY"})
  void everyOperationHasAnAnswer(Opcode opcode) throws IOException {
    try (FakeKernel kernel = begun(new Throwing())) {
      FakeKernel.Answer answer = kernel.ask(opcode.code(), 4, 1, new byte[256]);

      assertThat(answer.unique()).isEqualTo(4);
      assertThat(answer.error()).isNotEqualTo(-Errno.EIO.number());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 7, 19, 54, 4096, 1 << 20, Integer.MIN_VALUE})
  void unknownOperationsAreNotImplemented(int opcode) throws IOException {
    try (FakeKernel kernel = begun(new Throwing())) {
      assertThat(kernel.ask(opcode, 4, 1, new byte[8]).error()).isEqualTo(-Errno.ENOSYS.number());
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"FORGET", "BATCH_FORGET", "INTERRUPT", "NOTIFY_REPLY"})
  void whatHasNoAnswerGetsNone(Opcode opcode) throws IOException {
    try (FakeKernel kernel = begun(new Throwing())) {
      kernel.send(opcode.code(), 3, 1, new byte[64]);

      assertThat(kernel.ask(Opcode.GETATTR.code(), 4, 1, new byte[16]).unique()).isEqualTo(4);
    }
  }

  static Stream<Map.Entry<Throwable, Errno>> errors() {
    return Stream.of(
        Map.entry(new ErrnoException(Errno.ELOOP), Errno.ELOOP),
        Map.entry(new NoSuchFileException("x"), Errno.ENOENT),
        Map.entry(new FileAlreadyExistsException("x"), Errno.EEXIST),
        Map.entry(new DirectoryNotEmptyException("x"), Errno.ENOTEMPTY),
        Map.entry(new AccessDeniedException("x"), Errno.EACCES),
        Map.entry(new SocketTimeoutException(), Errno.ETIMEDOUT),
        Map.entry(new InterruptedIOException(), Errno.EINTR),
        Map.entry(new IOException("disk"), Errno.EIO),
        Map.entry(new UnsupportedOperationException(), Errno.EOPNOTSUPP),
        Map.entry(new IllegalStateException("a bug, as expected"), Errno.EIO),
        Map.entry(new StackOverflowError("a bug, as expected"), Errno.EIO));
  }

  @ParameterizedTest
  @MethodSource("errors")
  void errorsHaveNumbers(Map.Entry<Throwable, Errno> error) throws IOException {
    Throwing files = new Throwing();
    files.thrown = error.getKey();
    try (FakeKernel kernel = begun(files)) {
      assertThat(kernel.ask(Opcode.LOOKUP.code(), 4, 1, NAME).error())
          .isEqualTo(-error.getValue().number());
    }
  }

  @Test
  void anInterruptEndsTheRequestThatItMeans() throws IOException, InterruptedException {
    Throwing files = new Throwing();
    files.apart = true;
    files.thrown = new InterruptedException("wait, please");
    try (FakeKernel kernel = begun(files)) {
      kernel.send(Opcode.LOOKUP.code(), 4, 1, NAME);
      assertThat(files.begun.await(30, TimeUnit.SECONDS)).isTrue();
      byte[] four = new byte[8];
      Abi.put64(MemorySegment.ofArray(four), 0, 4);
      kernel.send(Opcode.INTERRUPT.code(), 5, 0, four);

      FakeKernel.Answer answer = kernel.answer();

      assertThat(answer.unique()).isEqualTo(4);
      assertThat(answer.error()).isEqualTo(-Errno.EINTR.number());
    }
  }

  @Test
  void anInterruptThatIsReadBeforeItsRequestIsNotLost() throws IOException {
    Throwing files = new Throwing();
    files.apart = true;
    files.thrown = new InterruptedException("wait, please");
    try (FakeKernel kernel = begun(files)) {
      byte[] four = new byte[8];
      Abi.put64(MemorySegment.ofArray(four), 0, 4);
      kernel.send(Opcode.INTERRUPT.code(), 5, 0, four);
      kernel.ask(Opcode.GETATTR.code(), 6, 1, new byte[16]);
      kernel.send(Opcode.LOOKUP.code(), 4, 1, NAME);

      assertThat(kernel.answer().error()).isEqualTo(-Errno.EINTR.number());
    }
  }

  @Test
  void whatIsStillWaitedForEndsWithTheConnection() throws IOException, InterruptedException {
    Throwing files = new Throwing();
    files.apart = true;
    files.thrown = new InterruptedException("wait, please");
    FakeKernel kernel = begun(files);
    kernel.send(Opcode.LOOKUP.code(), 4, 1, NAME);
    assertThat(files.begun.await(30, TimeUnit.SECONDS)).isTrue();

    kernel.close();

    Awaitility.await().until(() -> kernel.session.inFlight().size() == 0);
  }

  @Test
  void moreRequestsThanAreAllowedAtOnceEndTooWithTheConnection()
      throws IOException, InterruptedException {
    Throwing files = new Throwing();
    files.apart = true;
    files.thrown = new InterruptedException("wait, please");
    FakeKernel kernel = new FakeKernel(files, OPTIONS.withRequestsMax(8));
    kernel.init(7, 45, ALL);
    for (int i = 0; i < 12; i++) {
      kernel.send(Opcode.LOOKUP.code(), 4 + 2L * i, 1, NAME);
    }
    // All readers but the last serve one themselves; that one waits to hand over a ninth.
    int served = 8 + OPTIONS.readers() - 1;
    Awaitility.await().until(() -> kernel.session.inFlight().size() == served);

    kernel.close();

    Awaitility.await().until(() -> kernel.session.inFlight().size() == 0);
  }

  @Test
  void namesThatAreNotUtf8AreNotThere() throws IOException {
    try (FakeKernel kernel = begun(new Throwing())) {
      byte[] name = {(byte) 0xff, 0};
      byte[] named = Arrays.copyOf(new byte[8], 10);
      named[8] = (byte) 0xff;

      assertThat(kernel.ask(Opcode.LOOKUP.code(), 4, 1, name).error())
          .isEqualTo(-Errno.ENOENT.number());
      assertThat(kernel.ask(Opcode.MKDIR.code(), 6, 1, named).error())
          .isEqualTo(-Errno.EILSEQ.number());
    }
  }

  @Test
  void heapMemoryIsReadToo() throws IOException {
    byte[] read = new byte[ReadIn.BYTES];
    Abi.put32(MemorySegment.ofArray(read), 16, 4096);
    try (FakeKernel kernel = begun(new Throwing())) {
      assertThat(kernel.ask(Opcode.READ.code(), 4, 2, read).payload()).containsExactly(1, 2, 3);
    }
  }

  @Test
  void timesBefore1970CountNanosecondsUpward() throws IOException {
    try (FakeKernel kernel = begun(new Throwing())) {
      MemorySegment out = kernel.ask(Opcode.GETATTR.code(), 4, 1, new byte[16]).bytes();

      assertThat(Abi.get64(out, 0)).as("attr_valid").isEqualTo(1);
      assertThat(Abi.get32(out, 8)).as("attr_valid_nsec").isEqualTo(500_000_000);
      assertThat(Abi.get64(out, 16 + 32)).as("mtime").isEqualTo(-1);
      assertThat(Abi.get32(out, 16 + 52)).as("mtimensec").isEqualTo(999_999_999);
    }
  }
}
