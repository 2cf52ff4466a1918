package dev.potluck.peer;

import dev.potluck.content.FailedException;
import dev.potluck.content.PotluckException;
import dev.potluck.content.UnavailableException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// One command to the daemon of a share on this machine, and its answer.
///
/// A client is one connection, good for one command; closing it, from any thread, cancels the
/// command. The daemon's errors are thrown as what they were there.
public final class ControlClient implements AutoCloseable {
  private static final int COPY_BYTES = 128 * 1024;

  private final Path share;
  private final SocketChannel channel;
  private final InputStream answers;

  private ControlClient(Path share, SocketChannel channel) {
    this.share = share;
    this.channel = channel;
    this.answers = new BufferedInputStream(Channels.newInputStream(channel), COPY_BYTES);
  }

  /// Connects to the daemon that serves `share`.
  ///
  /// @param share a peer's share or a tracker's state folder
  /// @throws UnavailableException if no daemon runs there
  public static ControlClient connect(Path share) {
    try {
      var socket = ControlProtocol.socketOf(share);
      if (Files.exists(socket) && !Files.isWritable(socket)) {
        throw new FailedException("the peer of " + share + " belongs to another user");
      }
      return new ControlClient(share, SocketChannel.open(UnixDomainSocketAddress.of(socket)));
    } catch (AccessDeniedException e) {
      throw new FailedException("the peer of " + share + " belongs to another user", e);
    } catch (IOException e) {
      throw unreachable(share, e);
    }
  }

  /// Asks one question: connects, calls, closes.
  ///
  /// @return the result's document
  /// @throws dev.potluck.content.PotluckException the daemon's error, or that it cannot be reached
  public static JsonNode ask(Path share, String command, Map<String, ?> args) {
    try (var client = connect(share)) {
      return client.call(command, args, Listener.SILENT);
    }
  }

  /// Runs a command to its end.
  ///
  /// @param args what the command wants; values are what JSON knows
  /// @return the result's document
  /// @throws dev.potluck.content.PotluckException the daemon's error, or that it went away
  public JsonNode call(String command, Map<String, ?> args, Listener listener) {
    send(command, args);
    while (true) {
      var line = readLine();
      if (line.has(ControlProtocol.RESULT)) {
        return line.get(ControlProtocol.RESULT);
      }
      heard(line, listener);
    }
  }

  /// Runs a command that answers with bytes, and writes them to `sink`.
  ///
  /// @return how many bytes there were
  /// @throws dev.potluck.content.PotluckException the daemon's error, or that it went away
  /// @throws IOException if `sink` fails
  public long stream(String command, Map<String, ?> args, Listener listener, OutputStream sink)
      throws IOException {
    send(command, args);
    while (true) {
      var line = readLine();
      if (line.has(ControlProtocol.STREAM)) {
        var size = line.get(ControlProtocol.STREAM).asLong();
        copy(size, sink);
        return size;
      }
      heard(line, listener);
    }
  }

  /// Hands every event to `sink`, until the daemon ends or this client is closed.
  ///
  /// @throws UnavailableException when the daemon ends
  public void events(Map<String, ?> args, Consumer<JsonNode> sink) {
    send("events", args);
    while (true) {
      var line = readLine();
      if (line.has(ControlProtocol.EVENT)) {
        sink.accept(line.get(ControlProtocol.EVENT));
      } else {
        heard(line, Listener.SILENT);
      }
    }
  }

  /// Cancels the command if it still runs.
  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new FailedException("cannot close the connection to the peer of " + share, e);
    }
  }

  private void send(String command, Map<String, ?> args) {
    var line = new LinkedHashMap<String, Object>();
    line.put(ControlProtocol.COMMAND, command);
    line.put(ControlProtocol.ARGS, args);
    var buffer = ByteBuffer.wrap(JsonText.line(line));
    try {
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
    } catch (IOException e) {
      throw ended(e);
    }
  }

  private static void heard(JsonNode line, Listener listener) {
    var error = line.get(ControlProtocol.ERROR);
    if (error != null) {
      throw ControlProtocol.error(
          error.path(ControlProtocol.STATUS).asInt(1),
          error.path(ControlProtocol.MESSAGE).asString("the peer gave no reason"));
    }
    var note = line.get(ControlProtocol.NOTE);
    if (note != null) {
      listener.note(note.asString());
    }
    var progress = line.get(ControlProtocol.PROGRESS);
    if (progress != null) {
      listener.progress(progress);
    }
  }

  private JsonNode readLine() {
    try {
      var line = new ByteArrayOutputStream(512);
      for (int next = answers.read(); next != '\n'; next = answers.read()) {
        if (next < 0) {
          throw ended(null);
        }
        line.write(next);
      }
      return JsonText.document(line.toByteArray());
    } catch (IOException | JacksonException e) {
      throw ended(e);
    }
  }

  private void copy(long size, OutputStream sink) throws IOException {
    var buffer = new byte[COPY_BYTES];
    for (long left = size; left > 0; ) {
      int count;
      try {
        count = answers.read(buffer, 0, (int) Math.min(buffer.length, left));
      } catch (IOException e) {
        throw ended(e);
      }
      if (count < 0) {
        throw ended(null);
      }
      sink.write(buffer, 0, count);
      left -= count;
    }
    sink.flush();
  }

  private PotluckException ended(@Nullable Exception cause) {
    if (Thread.currentThread().isInterrupted()) {
      return new FailedException("cancelled");
    }
    var message = "the peer of " + share + " went away before it had answered";
    return cause == null
        ? new UnavailableException(message)
        : new UnavailableException(message, cause);
  }

  private static UnavailableException unreachable(Path share, IOException cause) {
    if (Files.isDirectory(share.resolve(ControlProtocol.STATE_FOLDER))) {
      return new UnavailableException(
          "no peer runs for " + share + ": start it with potluck up --share " + share, cause);
    }
    return new UnavailableException(
        share + " is not shared yet: potluck up --share " + share + " does it", cause);
  }

  /// Who wants to know how a command goes on.
  public interface Listener {
    /// Takes no notice.
    Listener SILENT =
        new Listener() {
          @Override
          public void note(String text) {}

          @Override
          public void progress(JsonNode document) {}
        };

    /// The daemon has something to say to the user.
    void note(String text);

    /// How far the command is.
    void progress(JsonNode document);
  }
}
