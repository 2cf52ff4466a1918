package dev.potluck.fuse;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A request of the kernel: who asks, and the way to answer. Belongs to the thread that serves it,
/// until it is answered.
public final class Request {
  private static final Logger LOG = System.getLogger(Request.class.getName());

  private final InHeader header;
  private final Device device;
  private final MemorySegment in;
  private final BufferPool pool;
  private final @Nullable Buffer lent;
  private @Nullable Buffer out;
  private boolean answered;
  private long lockOwner;
  private int openFlags;
  private @Nullable List<Runnable> after;

  /// @param in the whole request
  /// @param lent where the answer is put together; null: taken from the pool when it is needed
  Request(
      InHeader header, Device device, MemorySegment in, BufferPool pool, @Nullable Buffer lent) {
    this.header = header;
    this.device = device;
    this.in = in;
    this.pool = pool;
    this.lent = lent;
    this.out = lent;
  }

  /// The user who asks, as the readers' user namespace numbers it; 0xffffffff (-1) if it has none
  /// there.
  public int uid() {
    return header.uid();
  }

  /// The group who asks.
  public int gid() {
    return header.gid();
  }

  /// The process (thread) that asks; 0 if it is none of this PID namespace, or the kernel itself.
  public int pid() {
    return header.pid();
  }

  /// Who owns locks of fcntl(2), in `read`, `write`, `flush`; of flock(2), in `release`. 0: nobody.
  public long lockOwner() {
    return lockOwner;
  }

  /// The flags with which the file of `read`, `write`, `release` is open now.
  public int openFlags() {
    return openFlags;
  }

  /// Native memory for the answer to a read: filled and returned, it goes to the kernel as it is.
  ///
  /// @param size at most what the request asks for
  public MemorySegment buffer(int size) {
    return room(size).memory().asSlice(OutHeader.BYTES, size);
  }

  /// Has something done once the kernel has the answer: memory that was returned from a read may be
  /// used again. In the order in which it was asked for; what it throws is logged.
  public void afterAnswer(Runnable action) {
    List<Runnable> actions = after;
    if (actions == null) {
      actions = new ArrayList<>();
      after = actions;
    }
    actions.add(action); // a listing may have one for each of its thousands of entries
  }

  InHeader header() {
    return header;
  }

  long node() {
    return header.nodeid();
  }

  Device device() {
    return device;
  }

  /// The whole request; the header takes the first [InHeader#BYTES].
  MemorySegment in() {
    return in;
  }

  /// Reads the strings behind the structure of the request.
  Names names(int structureBytes) {
    return new Names(in, InHeader.BYTES + structureBytes);
  }

  void file(long owner, int flags) {
    lockOwner = owner;
    openFlags = flags;
  }

  boolean isAnswered() {
    return answered;
  }

  /// Where the structure of an answer is written, from [OutHeader#BYTES] on.
  ///
  /// @param bytes what it needs, without the header
  MemorySegment out(int bytes) {
    return room(bytes).memory();
  }

  private Buffer room(int bytes) {
    int needed = bytes + OutHeader.BYTES;
    Buffer buffer = out;
    if (buffer == null || buffer.bytes() < needed) {
      Buffer taken = pool.take(needed);
      if (buffer != null) {
        giveBack(buffer);
      }
      out = taken;
      return taken;
    }
    return buffer;
  }

  private void giveBack(Buffer buffer) {
    if (buffer != lent) {
      pool.give(buffer);
    }
  }

  /// Answers with what was written behind the header.
  ///
  /// @return whether somebody still waited for it
  boolean answer(int bytes) {
    return send(0, bytes, null);
  }

  boolean answerError(int errno) {
    return send(-errno, 0, null);
  }

  /// Answers with memory of anybody; heap memory is copied.
  boolean answerData(MemorySegment data) {
    long bytes = data.byteSize();
    if (!data.isNative()) {
      MemorySegment.copy(data, 0, out((int) bytes), OutHeader.BYTES, bytes);
      return send(0, (int) bytes, null);
    }
    Buffer buffer = room(0);
    if (data.address() == buffer.memory().address() + OutHeader.BYTES) {
      return send(0, (int) bytes, null);
    }
    return send(0, (int) bytes, data);
  }

  private boolean send(int error, int bytes, @Nullable MemorySegment data) {
    if (answered) {
      throw new IllegalStateException("answered twice");
    }
    answered = true;
    Buffer buffer = room(0);
    new OutHeader(OutHeader.BYTES + bytes, error, header.unique()).write(buffer.memory(), 0);
    long written;
    try {
      written =
          data == null || bytes == 0
              ? device.write(buffer, OutHeader.BYTES + (long) bytes)
              : device.write(buffer, OutHeader.BYTES, data);
    } finally {
      Reference.reachabilityFence(data); // the kernel was given its address alone
    }
    if (written < 0 && refused((int) -written)) {
      // The kernel does not like the answer; without any, the caller would wait for ever.
      LOG.log(
          Level.ERROR,
          "the kernel refused an answer to {0}: {1}",
          header,
          Errno.describe((int) -written));
      new OutHeader(OutHeader.BYTES, -Errno.EIO.number(), header.unique())
          .write(buffer.memory(), 0);
      device.write(buffer, OutHeader.BYTES);
    }
    runAfter();
    return written >= 0;
  }

  /// Whatever becomes of it: the answer is with the kernel, and what that counted must not be taken
  /// back.
  private void runAfter() {
    List<Runnable> actions = after;
    if (actions == null) {
      return;
    }
    for (Runnable action : actions) {
      try {
        action.run();
      } catch (Throwable e) { // also the stack's end: the next action has its own
        LOG.log(Level.ERROR, "what was to follow an answer failed", e);
      }
    }
  }

  /// Whether an error says more than that nobody waits any more: interrupted before it was taken
  /// up, aborted, unmounted.
  private static boolean refused(int errno) {
    return errno != Errno.ENOENT.number()
        && errno != Errno.ENODEV.number()
        && errno != Errno.ENOTCONN.number()
        && errno != Errno.ECONNABORTED.number();
  }

  /// Gives memory back; the request is over.
  void done() {
    answered = true;
    Buffer buffer = out;
    out = null;
    if (buffer != null) {
      giveBack(buffer);
    }
  }
}
