package dev.potluck.wire;

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

  /// Ends the session; nothing can be sent afterwards.
  void ended(String why);
}
