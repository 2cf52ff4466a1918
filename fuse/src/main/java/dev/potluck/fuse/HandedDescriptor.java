package dev.potluck.fuse;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.Optional;

/// What became of a program that hands over a descriptor by a Unix socket (`SCM_RIGHTS`, unix(7)):
/// the descriptor, which is the caller's from here on, or -1, and what the program said. A
/// [ProcessBuilder] can't give a socket to its child, so it is started by posix_spawn(3).
record HandedDescriptor(int descriptor, int exitStatus, String message) {
  /// `struct msghdr` of 64-bit Linux, with the gaps a C compiler leaves in it.
  static final StructLayout MSGHDR =
      Abi.struct(
          "msghdr",
          Abi.u64("msg_name"),
          Abi.u32("msg_namelen"),
          Abi.u32("gap1"),
          Abi.u64("msg_iov"),
          Abi.u64("msg_iovlen"),
          Abi.u64("msg_control"),
          Abi.u64("msg_controllen"),
          Abi.u32("msg_flags"),
          Abi.u32("gap2"));

  /// `struct cmsghdr`; what is sent with it follows.
  static final StructLayout CMSGHDR =
      Abi.struct("cmsghdr", Abi.u64("cmsg_len"), Abi.u32("cmsg_level"), Abi.u32("cmsg_type"));

  private static final int AF_UNIX = 1;
  private static final int SOCK_STREAM = 1;
  private static final int SOL_SOCKET = 1;
  private static final int SO_RCVTIMEO = 20;
  private static final int SCM_RIGHTS = 1;
  private static final int MSG_CMSG_CLOEXEC = 0x4000_0000;
  private static final int SIGKILL = 9;
  private static final int STANDARD_INPUT = 0;
  private static final int STANDARD_OUTPUT = 1;
  private static final int STANDARD_ERROR = 2;

  /// How long the program may take.
  private static final long SECONDS_MAX = 20;

  private static final int CONTROL_BYTES = 64;
  private static final int MESSAGE_BYTES_MAX = 4096;

  /// More than `posix_spawn_file_actions_t` has anywhere (80 with glibc).
  private static final int ACTIONS_BYTES = 512;

  private static final MethodHandle SOCKETPAIR =
      handle("socketpair", JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS);
  private static final MethodHandle PIPE2 = handle("pipe2", ADDRESS, JAVA_INT);
  private static final MethodHandle SETSOCKOPT =
      handle("setsockopt", JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle RECVMSG =
      Libc.handle("recvmsg", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle KILL = handle("kill", JAVA_INT, JAVA_INT);
  private static final MethodHandle WAITPID = handle("waitpid", JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle SPAWN =
      handle("posix_spawn", ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
  private static final MethodHandle ACTIONS_INIT = handle("posix_spawn_file_actions_init", ADDRESS);
  private static final MethodHandle ACTIONS_DUP2 =
      handle("posix_spawn_file_actions_adddup2", ADDRESS, JAVA_INT, JAVA_INT);
  private static final MethodHandle ACTIONS_DESTROY =
      handle("posix_spawn_file_actions_destroy", ADDRESS);

  /// Closes what the JVM left open to children; glibc 2.34 and later.
  private static final Optional<MethodHandle> ACTIONS_CLOSE_FROM =
      Linker.nativeLinker()
          .defaultLookup()
          .find("posix_spawn_file_actions_addclosefrom_np")
          .map(_ -> handle("posix_spawn_file_actions_addclosefrom_np", ADDRESS, JAVA_INT));

  private static MethodHandle handle(String function, MemoryLayout... arguments) {
    return Libc.handle(function, FunctionDescriptor.of(JAVA_INT, arguments));
  }

  /// Runs a program to its end.
  ///
  /// @param command its path and its arguments
  /// @param variable the environment variable that tells it the number of the socket
  static HandedDescriptor from(List<String> command, String variable) throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errno = arena.allocate(Libc.ERRNO);
      MemorySegment sockets = arena.allocate(JAVA_INT, 2);
      MemorySegment pipe = arena.allocate(JAVA_INT, 2);
      int result =
          (int) SOCKETPAIR.invokeExact(errno, AF_UNIX, SOCK_STREAM | Libc.O_CLOEXEC, 0, sockets);
      check("a pair of sockets", result, errno);
      result = (int) PIPE2.invokeExact(errno, pipe, Libc.O_CLOEXEC);
      if (result < 0) {
        closeBoth(sockets);
      }
      check("a pipe", result, errno);
      int pid;
      try {
        pid = spawn(arena, command, variable, sockets.getAtIndex(JAVA_INT, 1), second(pipe));
      } catch (ErrnoException e) {
        closeBoth(sockets);
        closeBoth(pipe);
        throw e;
      }
      Libc.close(second(sockets));
      Libc.close(second(pipe));
      return finish(arena, pid, sockets.get(JAVA_INT, 0), pipe.get(JAVA_INT, 0));
    } catch (ErrnoException | Error | RuntimeException e) {
      throw e;
    } catch (Throwable e) {
      throw Libc.impossible(e);
    }
  }

  private static HandedDescriptor finish(Arena arena, int pid, int socket, int messages)
      throws Throwable {
    MemorySegment errno = arena.allocate(Libc.ERRNO);
    MemorySegment patience = arena.allocate(JAVA_LONG, 2);
    patience.set(JAVA_LONG, 0, SECONDS_MAX);
    int _ =
        (int)
            SETSOCKOPT.invokeExact(
                errno, socket, SOL_SOCKET, SO_RCVTIMEO, patience, (int) patience.byteSize());
    int received = receive(arena, socket);
    Libc.close(socket);
    if (received == -Errno.EAGAIN.number()) {
      int _ = (int) KILL.invokeExact(errno, pid, SIGKILL); // it hangs
    }
    String message = readAll(arena, messages);
    Libc.close(messages);
    MemorySegment status = arena.allocate(JAVA_INT);
    int waited;
    do {
      waited = (int) WAITPID.invokeExact(errno, pid, status, 0);
    } while (waited < 0 && Libc.errno(errno) == Errno.EINTR.number());
    return new HandedDescriptor(Math.max(received, -1), status.get(JAVA_INT, 0), message);
  }

  private static int spawn(
      Arena arena, List<String> command, String variable, int socket, int messages)
      throws Throwable {
    MemorySegment errno = arena.allocate(Libc.ERRNO);
    MemorySegment actions = arena.allocate(ACTIONS_BYTES, Long.BYTES);
    MemorySegment pid = arena.allocate(JAVA_INT);
    int failed = (int) ACTIONS_INIT.invokeExact(errno, actions);
    failed |= (int) ACTIONS_DUP2.invokeExact(errno, actions, socket, STANDARD_INPUT);
    failed |= (int) ACTIONS_DUP2.invokeExact(errno, actions, messages, STANDARD_OUTPUT);
    failed |= (int) ACTIONS_DUP2.invokeExact(errno, actions, messages, STANDARD_ERROR);
    if (ACTIONS_CLOSE_FROM.isPresent()) {
      MethodHandle closeFrom = ACTIONS_CLOSE_FROM.get();
      failed |= (int) closeFrom.invokeExact(errno, actions, STANDARD_ERROR + 1);
    }
    if (failed == 0) {
      failed =
          (int)
              SPAWN.invokeExact(
                  errno,
                  pid,
                  arena.allocateFrom(command.getFirst()),
                  actions,
                  MemorySegment.NULL,
                  strings(arena, command),
                  strings(
                      arena,
                      List.of("PATH=/usr/bin:/bin", "LC_ALL=C", variable + "=" + STANDARD_INPUT)));
    }
    int _ = (int) ACTIONS_DESTROY.invokeExact(errno, actions);
    if (failed != 0) {
      throw ErrnoException.of("can't start " + command.getFirst(), failed);
    }
    return pid.get(JAVA_INT, 0);
  }

  /// @return a descriptor; -1 if the other end was closed without any; or a negative errno
  private static int receive(Arena arena, int socket) throws Throwable {
    MemorySegment errno = arena.allocate(Libc.ERRNO);
    MemorySegment data = arena.allocate(1);
    MemorySegment vector = arena.allocate(ADDRESS.byteSize() + Long.BYTES, Long.BYTES);
    vector.set(ADDRESS, 0, data);
    vector.set(JAVA_LONG, ADDRESS.byteSize(), data.byteSize());
    MemorySegment control = arena.allocate(CONTROL_BYTES, Long.BYTES);
    MemorySegment header = arena.allocate(MSGHDR);
    header.set(JAVA_LONG, Abi.offset(MSGHDR, "msg_iov"), vector.address());
    header.set(JAVA_LONG, Abi.offset(MSGHDR, "msg_iovlen"), 1);
    header.set(JAVA_LONG, Abi.offset(MSGHDR, "msg_control"), control.address());
    header.set(JAVA_LONG, Abi.offset(MSGHDR, "msg_controllen"), CONTROL_BYTES);
    long received;
    do {
      received = (long) RECVMSG.invokeExact(errno, socket, header, MSG_CMSG_CLOEXEC);
    } while (received < 0 && Libc.errno(errno) == Errno.EINTR.number());
    if (received < 0) {
      return -Libc.errno(errno);
    }
    boolean carriesOne =
        received > 0
            && header.get(JAVA_LONG, Abi.offset(MSGHDR, "msg_controllen"))
                >= CMSGHDR.byteSize() + Integer.BYTES
            && control.get(JAVA_INT, Abi.offset(CMSGHDR, "cmsg_level")) == SOL_SOCKET
            && control.get(JAVA_INT, Abi.offset(CMSGHDR, "cmsg_type")) == SCM_RIGHTS;
    return carriesOne ? control.get(JAVA_INT, CMSGHDR.byteSize()) : -1;
  }

  private static String readAll(Arena arena, int descriptor) {
    MemorySegment errno = arena.allocate(Libc.ERRNO);
    MemorySegment bytes = arena.allocate(MESSAGE_BYTES_MAX + 1L);
    long length = 0;
    while (length < MESSAGE_BYTES_MAX) {
      MemorySegment rest = bytes.asSlice(length, MESSAGE_BYTES_MAX - length);
      long n = Libc.read(errno, descriptor, rest);
      if (n == 0 || (n < 0 && n != -Errno.EINTR.number())) {
        break;
      }
      length += Math.max(n, 0);
    }
    return bytes.getString(0);
  }

  private static MemorySegment strings(Arena arena, List<String> strings) {
    MemorySegment pointers = arena.allocate(ADDRESS, strings.size() + 1L); // the last is NULL
    for (int i = 0; i < strings.size(); i++) {
      pointers.setAtIndex(ADDRESS, i, arena.allocateFrom(strings.get(i)));
    }
    return pointers;
  }

  private static int second(MemorySegment pair) {
    return pair.getAtIndex(JAVA_INT, 1);
  }

  private static void closeBoth(MemorySegment pair) {
    Libc.close(pair.get(JAVA_INT, 0));
    Libc.close(second(pair));
  }

  private static void check(String what, int result, MemorySegment errno) throws ErrnoException {
    if (result < 0) {
      throw ErrnoException.of("can't make " + what, Libc.errno(errno));
    }
  }
}
