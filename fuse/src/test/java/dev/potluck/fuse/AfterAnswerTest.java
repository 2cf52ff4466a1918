package dev.potluck.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What is done after an answer, and that it changes nothing of what the kernel has heard.
@Timeout(60)
class AfterAnswerTest {
  private static final long CHILD = 2;

  /// A directory of one entry, with so many actions after its listing.
  private static final class Listing implements FileSystem {
    private final int actions;
    private final int throwing;
    final AtomicInteger done = new AtomicInteger();
    final Set<Long> forgotten = ConcurrentHashMap.newKeySet();

    /// @param throwing which of the actions fails; -1: none
    Listing(int actions, int throwing) {
      this.actions = actions;
      this.throwing = throwing;
    }

    @Override
    public boolean mayBlock(Opcode opcode, long node, long handle) {
      return false;
    }

    @Override
    public void forget(long node, long lookups) {
      forgotten.add(node);
    }

    @Override
    public Entry lookup(Request request, long parent, String name) throws IOException {
      throw new ErrnoException(Errno.ENOENT);
    }

    @Override
    public Stat getattr(Request request, long node, OptionalLong handle) throws IOException {
      throw new ErrnoException(Errno.ENOENT);
    }

    @Override
    public Opened open(Request request, long node, int flags) throws IOException {
      throw new ErrnoException(Errno.ENOENT);
    }

    @Override
    public MemorySegment read(Request request, long node, long handle, long offset, int size)
        throws IOException {
      throw new ErrnoException(Errno.ENOENT);
    }

    @Override
    public void readdir(
        Request request, long node, long handle, long offset, DirectoryEntries entries) {
      Attributes attributes = Attributes.directory(CHILD, 0755, -1);
      entries.add("child", Entry.of(CHILD, attributes, Duration.ZERO), 1);
      for (int i = 0; i < actions; i++) {
        boolean fails = i == throwing;
        request.afterAnswer(
            () -> {
              done.incrementAndGet();
              if (fails) {
                throw new IllegalStateException("a bug, as expected");
              }
            });
      }
    }
  }

  /// Lists the directory, and ends the connection: then all is done that is done.
  private static void list(Listing files) throws IOException {
    byte[] read = new byte[ReadIn.BYTES];
    Abi.put32(MemorySegment.ofArray(read), 16, 4096);
    MountOptions options =
        MountOptions.of("potluck-test", "potluck-test").withPassthrough(false).withReaders(1);
    try (FakeKernel kernel = new FakeKernel(files, options)) {
      assertThat(kernel.init(7, 45, -1L).error()).isZero();

      FakeKernel.Answer answer = kernel.ask(Opcode.READDIRPLUS.code(), 4, 1, read);

      assertThat(answer.error()).isZero();
      assertThat(answer.payload()).isNotEmpty();
      Awaitility.await().untilAsserted(() -> assertThat(files.done).hasPositiveValue());
    }
  }

  @Test
  void asManyActionsAsAListingHasEntriesAreDone() throws IOException {
    Listing files = new Listing(100_000, -1);

    list(files);

    assertThat(files.done).hasValue(100_000);
    assertThat(files.forgotten).isEmpty();
  }

  @Test
  void anActionThatFailsTakesNothingBackThatTheKernelHasCounted() throws IOException {
    Listing files = new Listing(3, 1);

    list(files);

    assertThat(files.done).hasValue(3);
    assertThat(files.forgotten).isEmpty();
  }
}
