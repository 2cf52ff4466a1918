package dev.potluck.fuse;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.time.Duration;

/// The other end of a connection, played by a test: a socket that keeps the bounds of messages, as
/// the device does.
final class FakeKernel implements AutoCloseable {
  private static final int AF_UNIX = 1;
  private static final int SOCK_SEQPACKET = 5;
  private static final MethodHandle SOCKETPAIR =
      Libc.handle(
          "socketpair", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS));
  private static final MethodHandle SHUTDOWN =
      Libc.handle("shutdown", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));

  private final Arena arena = Arena.ofShared();
  private final int socket;
  private final MemorySegment out = arena.allocate(1 << 16);
  private final MemorySegment in = arena.allocate(1 << 16);
  private final MemorySegment errno = arena.allocate(Libc.ERRNO);
  final Session session;

  /// An answer: its header, and what follows.
  @SuppressWarnings("ArrayRecordComponent") // a message, compared with nothing
  record Answer(int error, long unique, byte[] payload) {
    MemorySegment bytes() {
      return MemorySegment.ofArray(payload);
    }
  }

  FakeKernel(FileSystem files, MountOptions options) {
    try {
      MemorySegment pair = arena.allocate(JAVA_INT, 2);
      int result = (int) SOCKETPAIR.invokeExact(errno, AF_UNIX, SOCK_SEQPACKET, 0, pair);
      if (result < 0) {
        throw new IllegalStateException(Errno.describe(Libc.errno(errno)));
      }
      socket = pair.get(JAVA_INT, 0);
      session = new Session(files, new Device(pair.getAtIndex(JAVA_INT, 1)), options);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
    session.start();
  }

  /// INIT as kernels send it that know `FUSE_INIT_EXT`.
  Answer init(int major, int minor, long flags) {
    byte[] body = new byte[InitIn.BYTES];
    MemorySegment structure = MemorySegment.ofArray(body);
    Abi.put32(structure, 0, major);
    Abi.put32(structure, 4, minor);
    Abi.put32(structure, 8, 1 << 17);
    Abi.put32(structure, 12, (int) flags);
    Abi.put32(structure, 16, (int) (flags >>> 32));
    return ask(Opcode.INIT.code(), 2, 0, body);
  }

  Answer ask(int opcode, long unique, long node, byte[] body) {
    send(opcode, unique, node, body);
    return answer();
  }

  void send(int opcode, long unique, long node, byte[] body) {
    int length = InHeader.BYTES + body.length;
    out.fill((byte) 0);
    Abi.put32(out, 0, length);
    Abi.put32(out, 4, opcode);
    Abi.put64(out, 8, unique);
    Abi.put64(out, 16, node);
    MemorySegment.copy(body, 0, out, JAVA_BYTE, InHeader.BYTES, body.length);
    long written = Libc.write(errno, socket, out, length);
    if (written != length) {
      throw new IllegalStateException("not sent: " + written);
    }
  }

  Answer answer() {
    long length = Libc.read(errno, socket, in);
    if (length < OutHeader.BYTES || length != Abi.get32(in, 0)) {
      throw new IllegalStateException("not an answer: " + length);
    }
    byte[] payload = in.asSlice(OutHeader.BYTES, length - OutHeader.BYTES).toArray(JAVA_BYTE);
    return new Answer(Abi.get32(in, 4), Abi.get64(in, 8), payload);
  }

  @Override
  public void close() throws IOException {
    session.closeSoon();
    try {
      int _ = (int) SHUTDOWN.invokeExact(errno, socket, 2);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
    Libc.close(socket);
    try {
      if (!session.awaitEnd(Duration.ofSeconds(10))) {
        throw new IllegalStateException("the session does not end");
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
    arena.close();
  }
}
