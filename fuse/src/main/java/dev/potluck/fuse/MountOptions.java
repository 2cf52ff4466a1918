package dev.potluck.fuse;

/// How a file system is mounted. Always nosuid, nodev, `default_permissions` (the kernel checks
/// permissions by the attributes), and reads and writes of up to 1 MiB.
///
/// @param source what mount(8) shows as the device
/// @param subtype what it shows as the type, after `fuse.`; both together tell our mounts from
///   others
/// @param readOnly the kernel refuses what would change something
/// @param allowOther other users see it too; an ordinary user needs `user_allow_other` in
///   /etc/fuse.conf
/// @param readers threads that read requests
/// @param requestsMax how many requests are worked on at once on virtual threads; more wait in the
///   kernel
/// @param listing when the kernel asks for attributes with the entries of a directory
/// @param locks locks of fcntl(2) and flock(2) are the file system's; else the kernel keeps them
///   for this machine
/// @param userXattrsOnly extended attributes not named `user.…` are EOPNOTSUPP without asking;
///   ls(1) then asks no more
/// @param explicitInvalidation cached content stays until a [Notifier] or an open drops it; else
///   also a new mtime or size drops it
/// @param passthrough ask for it
/// @param backingStackDepth 1; 2 if backing files lie on a file system that lies on another one
///   (overlayfs). With 2 nothing can be stacked on the mount
public record MountOptions(
    String source,
    String subtype,
    boolean readOnly,
    boolean allowOther,
    int readers,
    int requestsMax,
    Listing listing,
    boolean locks,
    boolean userXattrsOnly,
    boolean explicitInvalidation,
    boolean passthrough,
    int backingStackDepth,
    int readAheadBytes) {
  private static final int READERS = 3;
  private static final int REQUESTS_MAX = 1024;
  private static final int REQUESTS_LEAST = 8;

  /// When READDIRPLUS is used.
  public enum Listing {
    /// The kernel never asks for attributes with entries.
    BARE,
    /// As the kernel thinks best: at first, and where entries are looked up.
    ADAPTIVE,
    /// Always: right where attributes cost nothing.
    WITH_ATTRIBUTES
  }

  public MountOptions {
    if (!subtype.matches("[A-Za-z0-9_-]{1,32}")) {
      throw new IllegalArgumentException("not a subtype: " + subtype);
    }
    if (!source.matches("[^\\s,\\\\\\x00]{1,255}")) {
      throw new IllegalArgumentException("not a source: " + source);
    }
    if (readers < 1
        || requestsMax < REQUESTS_LEAST
        || backingStackDepth < 1
        || backingStackDepth > 2
        || readAheadBytes < 0) {
      throw new IllegalArgumentException(
          "readers %d, requests %d, stack depth %d"
              .formatted(readers, requestsMax, backingStackDepth));
    }
  }

  /// Read and write, for this user alone (root: for all), three readers, attributes with listings,
  /// locks kept by the kernel, passthrough where it can be had.
  public static MountOptions of(String source, String subtype) {
    return new MountOptions(
        source,
        subtype,
        false,
        Libc.effectiveUser() == 0,
        READERS,
        REQUESTS_MAX,
        Listing.WITH_ATTRIBUTES,
        false,
        true,
        false,
        true,
        1,
        0);
  }

  public MountOptions withReadOnly(boolean value) {
    return new MountOptions(
        source,
        subtype,
        value,
        allowOther,
        readers,
        requestsMax,
        listing,
        locks,
        userXattrsOnly,
        explicitInvalidation,
        passthrough,
        backingStackDepth,
        readAheadBytes);
  }

  public MountOptions withAllowOther(boolean value) {
    return new MountOptions(
        source,
        subtype,
        readOnly,
        value,
        readers,
        requestsMax,
        listing,
        locks,
        userXattrsOnly,
        explicitInvalidation,
        passthrough,
        backingStackDepth,
        readAheadBytes);
  }

  public MountOptions withReaders(int value) {
    return new MountOptions(
        source,
        subtype,
        readOnly,
        allowOther,
        value,
        requestsMax,
        listing,
        locks,
        userXattrsOnly,
        explicitInvalidation,
        passthrough,
        backingStackDepth,
        readAheadBytes);
  }

  public MountOptions withRequestsMax(int value) {
    return new MountOptions(
        source,
        subtype,
        readOnly,
        allowOther,
        readers,
        value,
        listing,
        locks,
        userXattrsOnly,
        explicitInvalidation,
        passthrough,
        backingStackDepth,
        readAheadBytes);
  }

  public MountOptions withListing(Listing value) {
    return new MountOptions(
        source,
        subtype,
        readOnly,
        allowOther,
        readers,
        requestsMax,
        value,
        locks,
        userXattrsOnly,
        explicitInvalidation,
        passthrough,
        backingStackDepth,
        readAheadBytes);
  }

  public MountOptions withLocks(boolean value) {
    return new MountOptions(
        source,
        subtype,
        readOnly,
        allowOther,
        readers,
        requestsMax,
        listing,
        value,
        userXattrsOnly,
        explicitInvalidation,
        passthrough,
        backingStackDepth,
        readAheadBytes);
  }

  public MountOptions withUserXattrsOnly(boolean value) {
    return new MountOptions(
        source,
        subtype,
        readOnly,
        allowOther,
        readers,
        requestsMax,
        listing,
        locks,
        value,
        explicitInvalidation,
        passthrough,
        backingStackDepth,
        readAheadBytes);
  }

  public MountOptions withExplicitInvalidation(boolean value) {
    return new MountOptions(
        source,
        subtype,
        readOnly,
        allowOther,
        readers,
        requestsMax,
        listing,
        locks,
        userXattrsOnly,
        value,
        passthrough,
        backingStackDepth,
        readAheadBytes);
  }

  public MountOptions withPassthrough(boolean value) {
    return new MountOptions(
        source,
        subtype,
        readOnly,
        allowOther,
        readers,
        requestsMax,
        listing,
        locks,
        userXattrsOnly,
        explicitInvalidation,
        value,
        backingStackDepth,
        readAheadBytes);
  }

  public MountOptions withBackingStackDepth(int value) {
    return new MountOptions(
        source,
        subtype,
        readOnly,
        allowOther,
        readers,
        requestsMax,
        listing,
        locks,
        userXattrsOnly,
        explicitInvalidation,
        passthrough,
        value,
        readAheadBytes);
  }

  public MountOptions withReadAheadBytes(int value) {
    return new MountOptions(
        source,
        subtype,
        readOnly,
        allowOther,
        readers,
        requestsMax,
        listing,
        locks,
        userXattrsOnly,
        explicitInvalidation,
        passthrough,
        backingStackDepth,
        value);
  }
}
