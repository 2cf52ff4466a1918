package dev.potluck.fuse;

import java.lang.foreign.MemorySegment;
import java.util.Optional;

/// What is agreed in INIT: of what the kernel offers, all that makes it faster or safer and that
/// this package does.
///
/// Not asked for, on purpose: writeback cache (the kernel would be the authority for sizes and
/// times), splice (a copy of the reads that passthrough does not take is what it would save),
/// io_uring, DAX, POSIX ACLs, security labels, submounts, export by handle.
final class Handshake {
  static final int MAJOR = 7;

  /// The newest protocol this package knows; the kernel speaks the older of both.
  static final int MINOR = 45;

  /// Linux 5.4; what is older lacks too much.
  static final int MINOR_LEAST = 31;

  /// What one request reads or writes at most.
  static final int MAX_BYTES = 1 << 20;

  static final long ASYNC_READ = 1;
  static final long POSIX_LOCKS = 1L << 1;
  static final long ATOMIC_O_TRUNC = 1L << 3;
  static final long BIG_WRITES = 1L << 5;
  static final long FLOCK_LOCKS = 1L << 10;
  static final long AUTO_INVAL_DATA = 1L << 12;
  static final long DO_READDIRPLUS = 1L << 13;
  static final long READDIRPLUS_AUTO = 1L << 14;
  static final long ASYNC_DIO = 1L << 15;
  static final long PARALLEL_DIROPS = 1L << 18;
  static final long ABORT_ERROR = 1L << 21;
  static final long MAX_PAGES = 1L << 22;
  static final long CACHE_SYMLINKS = 1L << 23;
  static final long NO_OPENDIR_SUPPORT = 1L << 24;
  static final long EXPLICIT_INVAL_DATA = 1L << 25;
  static final long HANDLE_KILLPRIV_V2 = 1L << 28;
  static final long SETXATTR_EXT = 1L << 29;
  static final long INIT_EXT = 1L << 30;
  static final long HAS_EXPIRE_ONLY = 1L << 35;
  static final long DIRECT_IO_ALLOW_MMAP = 1L << 36;
  static final long PASSTHROUGH = 1L << 37;

  private static final long ALWAYS =
      ASYNC_READ
          | ATOMIC_O_TRUNC
          | BIG_WRITES
          | ASYNC_DIO
          | PARALLEL_DIROPS
          | ABORT_ERROR
          | MAX_PAGES
          | CACHE_SYMLINKS
          | NO_OPENDIR_SUPPORT
          | HANDLE_KILLPRIV_V2
          | SETXATTR_EXT
          | INIT_EXT
          | HAS_EXPIRE_ONLY
          | DIRECT_IO_ALLOW_MMAP;

  private static final int PAGE = 4096;
  private static final int MAX_BACKGROUND_MOST = 0xffff; // a u16

  private Handshake() {}

  /// What an INIT of an older kernel lacks is 0.
  static InitIn read(MemorySegment in, long at) {
    long bytes = in.byteSize() - at;
    if (bytes >= InitIn.BYTES) {
      return InitIn.read(in, at);
    }
    return new InitIn(
        Abi.get32(in, at), Abi.get32(in, at + 4), Abi.get32(in, at + 8), Abi.get32(in, at + 12), 0);
  }

  /// The flags of the kernel and this program.
  ///
  /// @return nothing if the kernel is too old, or of another major version
  static Optional<Features> agree(InitIn in, MountOptions options) {
    if (in.major() != MAJOR || in.minor() < MINOR_LEAST) {
      return Optional.empty();
    }
    long offered = Integer.toUnsignedLong(in.flags());
    if ((offered & INIT_EXT) != 0) {
      offered |= Integer.toUnsignedLong(in.flags2()) << 32;
    }
    long agreed = offered & wanted(options);
    return Optional.of(
        new Features(Math.min(in.minor(), MINOR), agreed, MAX_BYTES, (agreed & PASSTHROUGH) != 0));
  }

  private static long wanted(MountOptions options) {
    long wanted = ALWAYS;
    wanted |= options.explicitInvalidation() ? EXPLICIT_INVAL_DATA : AUTO_INVAL_DATA;
    wanted |= options.locks() ? POSIX_LOCKS | FLOCK_LOCKS : 0;
    wanted |= options.passthrough() ? PASSTHROUGH : 0;
    wanted |=
        switch (options.listing()) {
          case BARE -> 0;
          case ADAPTIVE -> DO_READDIRPLUS | READDIRPLUS_AUTO;
          case WITH_ATTRIBUTES -> DO_READDIRPLUS;
        };
    return wanted;
  }

  /// Cached reads and RELEASE are requests in the background, of all files together: as many may be
  /// there as are worked on at once, so that reads which wait for somebody who is away don't keep
  /// those of other files in the kernel.
  static InitOut answer(InitIn in, Features features, MountOptions options) {
    int maxBackground = Math.min(options.requestsMax(), MAX_BACKGROUND_MOST);
    return new InitOut(
        MAJOR,
        MINOR,
        in.maxReadahead(),
        (int) features.flags(),
        (short) maxBackground,
        (short) (maxBackground * 3 / 4),
        MAX_BYTES,
        1,
        (short) (MAX_BYTES / PAGE),
        (short) 0,
        (int) (features.flags() >>> 32),
        features.passthrough() ? options.backingStackDepth() : 0,
        (short) 0);
  }
}
