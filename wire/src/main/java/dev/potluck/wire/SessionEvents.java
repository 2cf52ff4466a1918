package dev.potluck.wire;

import dev.potluck.directory.Verdict;
import java.util.List;

/// The peer's end of its session with the directory. Called by one virtual thread at a time.
public interface SessionEvents {
  void verdicts(long sequence, List<Verdict> verdicts);

  void sendAll();

  /// The session is over, by either end or because the directory went silent; the last call.
  void lost(String why);
}
