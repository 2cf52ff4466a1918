package dev.potluck.directory;

import dev.potluck.content.UsageException;

/// What a name is owed.
public sealed interface Policy {
  Policy NONE = new None();
  int MAX_COPIES = 64;
  int MAX_SHARDS = 255;

  /// It lives wherever someone has it, and goes with its last kept copy.
  record None() implements Policy {
    @Override
    public String toString() {
      return "none";
    }
  }

  /// So many whole copies, each on another peer.
  record Copies(int count) implements Policy {
    public Copies {
      if (count < 1 || count > MAX_COPIES) {
        throw new UsageException("copies must be within 1 to " + MAX_COPIES);
      }
    }

    @Override
    public String toString() {
      return "copies=" + count;
    }
  }

  /// `data` shards of content and `parity` more, each on another peer; any `data` of them rebuild
  /// it.
  record Stripe(int data, int parity) implements Policy {
    public Stripe {
      if (data < 1 || parity < 1 || data + parity > MAX_SHARDS) {
        throw new UsageException("a stripe has K and M of at least 1, together " + MAX_SHARDS);
      }
    }

    @Override
    public String toString() {
      return "stripe=" + data + "+" + parity;
    }
  }

  /// Reads `none`, `copies`, `copies=N`, `stripe` or `stripe=K+M`, the forms of `toString`.
  ///
  /// @throws UsageException if the text is none of them
  static Policy parse(String text) {
    return switch (text) {
      case "none" -> NONE;
      case "copies" -> new Copies(2);
      case "stripe" -> new Stripe(2, 1);
      default -> parseCounted(text);
    };
  }

  private static Policy parseCounted(String text) {
    int plus = text.indexOf('+');
    try {
      if (text.startsWith("copies=")) {
        return new Copies(Integer.parseInt(text, 7, text.length(), 10));
      }
      if (text.startsWith("stripe=") && plus > 7) {
        return new Stripe(
            Integer.parseInt(text, 7, plus, 10),
            Integer.parseInt(text, plus + 1, text.length(), 10));
      }
    } catch (NumberFormatException e) {
      throw new UsageException("not a policy: its numbers are none", e);
    }
    throw new UsageException("not a policy: expected none, copies=N or stripe=K+M");
  }
}
