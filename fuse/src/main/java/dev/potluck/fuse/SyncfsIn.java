package dev.potluck.fuse;

import java.lang.foreign.StructLayout;

/// `struct fuse_syncfs_in`: SYNCFS: nothing but padding.
record SyncfsIn() {
  static final StructLayout LAYOUT = Abi.struct("fuse_syncfs_in", Abi.u64("padding"));
  static final int BYTES = (int) LAYOUT.byteSize();
}
