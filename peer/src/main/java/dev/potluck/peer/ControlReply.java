package dev.potluck.peer;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// The way back to whoever asked: JSON lines, or the bytes of a content. Thread-safe, since
/// progress comes from elsewhere than the result.
final class ControlReply {
  private static final int BUFFER_BYTES = 64 << 10;

  private final JsonMapper json;
  private final OutputStream out;

  ControlReply(JsonMapper json, OutputStream out) {
    this.json = json;
    this.out = new BufferedOutputStream(out, BUFFER_BYTES);
  }

  /// The document that `--json` prints; the last line.
  void result(Object document) throws IOException {
    line("result", document);
  }

  void progress(Object document) throws IOException {
    line("progress", document);
  }

  /// A remark for the user's standard error.
  void note(String text) throws IOException {
    line("note", text);
  }

  void event(Object document) throws IOException {
    line("event", document);
  }

  void error(int status, String message) throws IOException {
    line("error", Map.of("status", status, "message", message));
  }

  /// Announces that many raw bytes, to be written to the stream that is returned.
  OutputStream stream(long size) throws IOException {
    line("stream", size);
    return out;
  }

  private synchronized void line(String key, Object document) throws IOException {
    out.write(json.writeValueAsBytes(Map.of(key, document)));
    out.write('\n');
    out.flush();
  }
}
