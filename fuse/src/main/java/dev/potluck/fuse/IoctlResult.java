package dev.potluck.fuse;

/// What ioctl(2) returns, and what it writes.
@SuppressWarnings("ArrayRecordComponent") // made, written to the kernel, and gone
public record IoctlResult(int result, byte[] output) {}
