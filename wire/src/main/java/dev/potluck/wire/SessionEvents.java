package dev.potluck.wire;

import dev.potluck.content.Name;
import dev.potluck.directory.Verdict;
import java.util.List;

/// The peer's end of its session with the directory. Called by one virtual thread at a time.
public interface SessionEvents {
  void verdicts(long sequence, List<Verdict> verdicts);

  void sendAll();

  /// All that was said, up to this announcement, is judged; the verdicts came before.
  void judged(long sequence);

  /// Somebody waits for this lock: it is to be given back when nobody needs it.
  void lockWanted(Name name, long token);

  /// The session is over, by either end or because the directory went silent; the last call.
  void lost(String why);
}
