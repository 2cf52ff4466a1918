package dev.potluck.consensus;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;

/// What the log's entries make: the same on every seat. One method at a time, but for the notices
/// ({@link #leads}, {@link #follows}, {@link #failed}), which may come while another runs and must
/// not wait for the log.
public interface ReplicatedState {
  /// Applies an entry that is agreed on; in order, each once since the state was cleared or loaded.
  /// Must not throw for what an entry says: every seat has to come to the same state.
  void apply(byte[] entry);

  /// Back to the state before the first entry.
  void clear();

  /// Replaces the state by what {@link #save} wrote.
  void load(InputStream in) throws IOException;

  /// Writes all of the state; entries wait meanwhile.
  void save(OutputStream out) throws IOException;

  /// This seat leads from now on, and has applied all that was agreed on before.
  void leads();

  /// This seat does not lead (any more).
  ///
  /// @param leader who does, if that is known
  void follows(Optional<String> leader);

  /// The log can't be written any more: this seat is over.
  void failed(String why);
}
