package dev.potluck.wire;

import dev.potluck.content.Name;
import dev.potluck.directory.Verdict;
import dev.potluck.directory.Welcome;
import java.util.List;

/// The directory's way to one peer in a session. Any thread; never blocks. A peer that does not
/// read is cut off once {@link WireLimits#OUTBOX_MESSAGES} messages wait for it.
public interface SessionSink {
  void welcome(Welcome welcome);

  /// What the facts of one announcement came to; a long list is split.
  void verdicts(long sequence, List<Verdict> verdicts);

  /// Asks for the full list: the digests differ.
  void sendAll();

  /// All that the peer said, up to this announcement, is judged, and it was sent the verdicts.
  void judged(long sequence);

  /// Somebody waits for a lock of the peer, which says {@link SessionHandler#lockInUse} if it still
  /// needs that, and gives it back as soon as it does not.
  void lockWanted(Name name, long token);

  /// Ends the session; nothing can be sent afterwards.
  void ended(String why);
}
