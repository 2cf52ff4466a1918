/// The FUSE kernel protocol, 7.31 and later, spoken on /dev/fuse through the foreign function API:
/// no libfuse, no native code. A [FileSystem] of nodes and handles is mounted by [FuseMount]. The
/// package knows nothing of what the files are. Source of every number and structure:
/// `include/uapi/linux/fuse.h` of Linux 6.19 (protocol 7.45).
@NullMarked
package dev.potluck.fuse;

import org.jspecify.annotations.NullMarked;
