package dev.potluck.directory;

import dev.potluck.content.Name;

/// An order-independent digest of the facts a peer holds: their number, and the sum of a 64-bit
/// hash of each (name, version number, whole, reason). Peer and directory both keep one and compare
/// them at each heartbeat.
///
/// What counts: the last `Holds` of each name that was announced and not taken back by `GaveUp`,
/// whatever its verdict but `Rejected`; and for an `Edited` or a commit, from its verdict `Current`
/// on, the version that says. The peer counts what it has sent, not what it is about to send.
public record FactDigest(long sum, long count) {
  public static final FactDigest EMPTY = new FactDigest(0, 0);

  public FactDigest with(Name name, long number, boolean whole, Reason reason) {
    return new FactDigest(sum + term(name, number, whole, reason), count + 1);
  }

  public FactDigest without(Name name, long number, boolean whole, Reason reason) {
    return new FactDigest(sum - term(name, number, whole, reason), count - 1);
  }

  public FactDigest with(Fact.Holds held) {
    return with(held.name(), held.version().number(), held.whole(), held.reason());
  }

  public FactDigest without(Fact.Holds held) {
    return without(held.name(), held.version().number(), held.whole(), held.reason());
  }

  /// The hash of one fact. Part of the protocol: both sides must compute the same.
  static long term(Name name, long number, boolean whole, Reason reason) {
    String text = name.value();
    long hash = 0x9e37_79b9_7f4a_7c15L;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * 0x0000_0100_0000_01b3L;
      hash ^= hash >>> 29;
    }
    int flags = (whole ? 4 : 0) | code(reason);
    return mixed(mixed(hash + number) + flags);
  }

  /// Below 4; part of the protocol.
  static int code(Reason reason) {
    return switch (reason) {
      case KEPT -> 0;
      case FETCHED -> 1;
      case PLACED -> 2;
    };
  }

  /// The finaliser of MurmurHash3.
  private static long mixed(long value) {
    long hash = (value ^ (value >>> 33)) * 0xff51_afd7_ed55_8ccdL;
    hash = (hash ^ (hash >>> 33)) * 0xc4ce_b9fe_1a85_ec53L;
    return hash ^ (hash >>> 33);
  }
}
