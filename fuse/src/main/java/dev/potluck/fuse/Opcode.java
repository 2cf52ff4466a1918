package dev.potluck.fuse;

import org.jspecify.annotations.Nullable;

/// What the kernel can ask for (`enum fuse_opcode`); fuse(4) and the header say what each means.
public enum Opcode {
  LOOKUP(1),
  FORGET(2),
  GETATTR(3),
  SETATTR(4),
  READLINK(5),
  SYMLINK(6),
  MKNOD(8),
  MKDIR(9),
  UNLINK(10),
  RMDIR(11),
  RENAME(12),
  LINK(13),
  OPEN(14),
  READ(15),
  WRITE(16),
  STATFS(17),
  RELEASE(18),
  FSYNC(20),
  SETXATTR(21),
  GETXATTR(22),
  LISTXATTR(23),
  REMOVEXATTR(24),
  FLUSH(25),
  INIT(26),
  OPENDIR(27),
  READDIR(28),
  RELEASEDIR(29),
  FSYNCDIR(30),
  GETLK(31),
  SETLK(32),
  SETLKW(33),
  ACCESS(34),
  CREATE(35),
  INTERRUPT(36),
  BMAP(37),
  DESTROY(38),
  IOCTL(39),
  POLL(40),
  NOTIFY_REPLY(41),
  BATCH_FORGET(42),
  FALLOCATE(43),
  READDIRPLUS(44),
  RENAME2(45),
  LSEEK(46),
  COPY_FILE_RANGE(47),
  SETUPMAPPING(48),
  REMOVEMAPPING(49),
  SYNCFS(50),
  TMPFILE(51),
  STATX(52),
  COPY_FILE_RANGE_64(53);

  private static final @Nullable Opcode[] BY_CODE = byCode();

  private final int code;

  Opcode(int code) {
    this.code = code;
  }

  private static @Nullable Opcode[] byCode() {
    @Nullable Opcode[] table = new @Nullable Opcode[COPY_FILE_RANGE_64.code + 1];
    for (Opcode opcode : values()) {
      table[opcode.code] = opcode;
    }
    return table;
  }

  /// The number in the header of a request.
  public int code() {
    return code;
  }

  /// The operation with a number; null: one that is younger than this program.
  static @Nullable Opcode of(int code) {
    return code >= 0 && code < BY_CODE.length ? BY_CODE[code] : null;
  }

  /// Whether the structure of the request begins with a file handle.
  boolean beginsWithHandle() {
    return switch (this) {
      case READ,
          WRITE,
          RELEASE,
          FSYNC,
          FLUSH,
          READDIR,
          READDIRPLUS,
          RELEASEDIR,
          FSYNCDIR,
          GETLK,
          SETLK,
          SETLKW,
          IOCTL,
          POLL,
          FALLOCATE,
          LSEEK,
          COPY_FILE_RANGE,
          COPY_FILE_RANGE_64 ->
          true;
      default -> false;
    };
  }

  /// Whether it changes names in a directory, the request's node, which the kernel locks until it
  /// is answered.
  boolean locksDirectory() {
    return switch (this) {
      case SYMLINK, MKNOD, MKDIR, UNLINK, RMDIR, RENAME, RENAME2, LINK, CREATE -> true;
      default -> false;
    };
  }
}
