package dev.potluck.fuse;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;

/// A thread that reads requests from a device, and serves itself what will not wait, and what may
/// wait as long as there is a reader that does not: no switch of threads, which costs more than a
/// look-up does.
final class Reader implements Runnable {
  private static final Logger LOG = System.getLogger(Reader.class.getName());

  private final Session session;
  private final Device device;
  private final BufferPool pool;
  private final Buffer answers;
  private Buffer requests;

  /// Whether the next request is likely to follow at once: a program goes on as soon as it has its
  /// answer to a look-up, but first does something with what it has read.
  private boolean moreSoon;

  /// @param device given up when the thread ends
  Reader(Session session, Device device, BufferPool pool) {
    this.session = session;
    this.device = device;
    this.pool = pool;
    this.requests = pool.large();
    this.answers = pool.large();
  }

  @Override
  public void run() {
    try {
      while (!session.isClosing()) {
        long bytes = device.read(requests, moreSoon);
        if (bytes >= InHeader.BYTES) {
          moreSoon = false;
          take((int) bytes);
        } else if (isOver((int) -bytes)) {
          return;
        }
      }
    } catch (Throwable e) { // without readers the mount would hang
      LOG.log(Level.ERROR, "a reader failed; the mount ends", e);
    } finally {
      device.release();
      session.readerEnded();
    }
  }

  /// What read(2) says when the mount is gone; all else passes: a signal, or a request whose caller
  /// was gone before it was read.
  private static boolean isOver(int errno) {
    if (errno == Errno.EINTR.number()
        || errno == Errno.ENOENT.number()
        || errno == Errno.EAGAIN.number()) {
      return false;
    }
    boolean known = errno == Errno.ENODEV.number() || errno == Errno.ECONNABORTED.number();
    if (errno > 0 && !known) {
      LOG.log(Level.WARNING, "{0}: {1}", Device.PATH, Errno.describe(errno));
    }
    return true;
  }

  private void take(int bytes) {
    MemorySegment in = requests.memory().asSlice(0, bytes);
    InHeader header = InHeader.read(in, 0);
    Opcode opcode = Opcode.of(header.opcode());
    switch (opcode) {
      case null ->
          new Request(header, device, in, pool, answers).answerError(Errno.ENOSYS.number());
      case FORGET -> forget(header.nodeid(), ForgetIn.read(in, InHeader.BYTES).nlookup());
      case BATCH_FORGET -> forgetAll(in);
      case INTERRUPT -> session.inFlight().interrupt(InterruptIn.read(in, InHeader.BYTES).unique());
      case NOTIFY_REPLY -> LOG.log(Level.DEBUG, "nothing was asked of the kernel");
      case INIT -> session.initialise(new Request(header, device, in, pool, answers));
      default -> {
        boolean waits = mayBlock(opcode, header, in);
        boolean apart = opcode == Opcode.SETLKW || session.isClosing();
        if (waits && (apart || !session.beginWaiting())) {
          handOver(opcode, header, in);
        } else {
          Request request = new Request(header, device, in, pool, answers);
          session.busy().note(opcode, request);
          if (waits) {
            session.serveHere(opcode, request);
          } else {
            session.serve(opcode, request);
          }
          moreSoon = opcode != Opcode.READ;
        }
      }
    }
  }

  private boolean mayBlock(Opcode opcode, InHeader header, MemorySegment in) {
    if (opcode == Opcode.SETLKW) {
      return true;
    }
    try {
      if (opcode == Opcode.READ) {
        ReadIn read = ReadIn.read(in, InHeader.BYTES);
        return session.files().readMayBlock(header.nodeid(), read.fh(), read.offset(), read.size());
      }
      long handle = opcode.beginsWithHandle() ? Abi.get64(in, InHeader.BYTES) : 0;
      return session.files().mayBlock(opcode, header.nodeid(), handle);
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "the file system failed", e);
      return true;
    }
  }

  /// Gives a request to a thread of its own, with its bytes: small ones are copied, so that the
  /// great buffer stays here; that of a write goes with it.
  private void handOver(Opcode opcode, InHeader header, MemorySegment in) {
    Buffer buffer;
    if (in.byteSize() <= BufferPool.SMALL_BYTES) {
      buffer = pool.take(BufferPool.SMALL_BYTES);
      MemorySegment.copy(in, 0, buffer.memory(), 0, in.byteSize());
    } else {
      buffer = requests;
      requests = pool.large();
    }
    MemorySegment bytes = buffer.memory().asSlice(0, in.byteSize());
    Request request = new Request(header, device.retain(), bytes, pool, null);
    session.busy().note(opcode, request);
    session.serveApart(opcode, request, buffer);
  }

  private void forgetAll(MemorySegment in) {
    int count = BatchForgetIn.read(in, InHeader.BYTES).count();
    long at = InHeader.BYTES + (long) BatchForgetIn.BYTES;
    for (int i = 0; i < count; i++) {
      ForgetOne one = ForgetOne.read(in, at);
      forget(one.nodeid(), one.nlookup());
      at += ForgetOne.BYTES;
    }
  }

  private void forget(long node, long lookups) {
    try {
      session.files().forget(node, lookups);
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "the file system failed", e);
    }
  }
}
