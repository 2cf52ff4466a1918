package dev.potluck.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// How much the kernel asks for at once.
@Timeout(120)
class ReadAheadTest {
  private static final int MIB = 1 << 20;

  private static final class Counting extends MemoryFileSystem {
    final AtomicInteger greatest = new AtomicInteger();

    Counting() {
      super(Mounted.LONG, false);
      put("file", new byte[8 * MIB]);
    }

    @Override
    public MemorySegment read(Request request, long node, long handle, long offset, int size)
        throws IOException, InterruptedException {
      greatest.accumulateAndGet(size, Math::max);
      return super.read(request, node, handle, offset, size);
    }
  }

  @Test
  void oneRequestReadsAMebibyteIfAsked() throws IOException, InterruptedException {
    try (var mounted = Mounted.of(new Counting(), Mounted.options().withReadAheadBytes(MIB))) {
      assertThat(Files.readAllBytes(mounted.path("file"))).hasSize(8 * MIB);

      assertThat(mounted.files.greatest).hasValue(MIB);
    }
  }
}
