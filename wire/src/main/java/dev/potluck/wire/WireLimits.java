package dev.potluck.wire;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// The bounds of everything that comes from the network. What exceeds them is refused before it is
/// allocated.
public final class WireLimits {
  /// Longest control message, in bytes.
  public static final int MESSAGE_BYTES = 6 << 20;

  /// Longest command of the directory: in an entry of its log it still fits a message.
  public static final int COMMAND_BYTES = 4 << 20;

  /// Most facts in one announcement: with the longest names they still fit a message.
  public static final int FACTS_PER_MESSAGE = 1_000;

  /// Most names in one page of a list.
  public static final int LIST_PAGE = 1_000;

  /// Bytes of names and holders after which a page goes on in the next message.
  static final int LIST_PAGE_BYTES = 1 << 20;

  /// Most names or edits in one commit or delete.
  public static final int EDITS_PER_CALL = 1_000;

  /// How long a call may wait for a lock before it has to ask again.
  public static final Duration LOCK_WAIT = Duration.ofHours(1);

  /// Messages that may wait for a peer that does not read its session.
  public static final int OUTBOX_MESSAGES = 1_024;

  /// Most bytes that wait for one reader of a stream before it is cut.
  public static final int OUTBOX_BYTES = 16 << 20;

  /// How long a reader of a snapshot may take nothing before it is cut.
  public static final Duration SLOW_READER = Duration.ofSeconds(30);

  public static final int LOCATE_IDS = 10_000;
  public static final int SUGGESTIONS = 1_024;

  /// Most contents asked for in one batch.
  public static final int BATCH_IDS = 1_024;

  /// Most bytes the contents of one batch may have together.
  public static final int BATCH_BYTES = 8 << 20;

  /// Most members a party can have.
  public static final int MEMBERS = 10_000;

  /// Most members whose addresses are told in one greeting.
  public static final int WHEREABOUTS = 1_000;

  /// Most seats a directory can have.
  public static final int SEATS = 64;

  /// Most bytes of commands in one entry of the log: with what is around them they fit a message.
  public static final int ENTRY_BYTES = 2 << 20;

  /// Longest name of a peer for people.
  public static final int PEER_NAME_BYTES = 255;

  /// Most versions of one name in an answer.
  static final int HISTORY = 1_000;

  static final int HOST_BYTES = 255;
  static final int WHY_BYTES = 4_096;
  static final int ADDRESSES = 16;
  static final int CERTIFICATE_BYTES = 8 << 10;
  static final int REDIRECTS = 4;

  private WireLimits() {}

  static void checkText(String text, int maxBytes, String what) {
    if (text.length() > maxBytes || text.getBytes(StandardCharsets.UTF_8).length > maxBytes) {
      throw new IllegalArgumentException(what + " longer than " + maxBytes + " bytes");
    }
  }
}
