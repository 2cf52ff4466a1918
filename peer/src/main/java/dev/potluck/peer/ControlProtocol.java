package dev.potluck.peer;

import dev.potluck.content.ConflictException;
import dev.potluck.content.CorruptException;
import dev.potluck.content.DeniedException;
import dev.potluck.content.FailedException;
import dev.potluck.content.NoSuchNameException;
import dev.potluck.content.PotluckException;
import dev.potluck.content.UnavailableException;
import dev.potluck.content.UsageException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// The words of local control: one Unix socket in `SHARE/.potluck/`, one connection a command.
///
/// The client sends one line `{"command":"find","args":{…}}`. The daemon answers lines: any number
/// of `{"progress":{…}}` and `{"note":"…"}`, at last `{"result":…}` or
/// `{"error":{"status":4,"message":"…"}}`. `cat` answers `{"stream":SIZE}` and SIZE raw bytes,
/// `events` answers `{"event":{…}}` without end. Closing the connection cancels the command.
public final class ControlProtocol {
  public static final String COMMAND = "command";
  public static final String ARGS = "args";
  public static final String PROGRESS = "progress";
  public static final String NOTE = "note";
  public static final String RESULT = "result";
  public static final String ERROR = "error";
  public static final String STATUS = "status";
  public static final String MESSAGE = "message";
  public static final String STREAM = "stream";
  public static final String EVENT = "event";

  /// The folder of Potluck's own state in a share, or in a tracker's state folder.
  public static final String STATE_FOLDER = ".potluck";

  /// The socket in the state folder.
  public static final String SOCKET = "control.sock";

  /// A text file beside it that names the real socket, when the path would be too long.
  public static final String SOCKET_ELSEWHERE = "socket";

  /// A socket's path may not be longer: the kernel's `sun_path` holds 108 bytes.
  public static final int MAX_SOCKET_PATH_BYTES = 100;

  private ControlProtocol() {}

  /// Where the daemon of this share listens, whether or not it runs.
  ///
  /// @param share the share, or a tracker's state folder
  static Path socketOf(Path share) throws IOException {
    var state = share.resolve(STATE_FOLDER);
    try {
      var named = Files.readString(state.resolve(SOCKET_ELSEWHERE)).strip();
      if (!named.isEmpty()) {
        return Path.of(named);
      }
    } catch (NoSuchFileException _) {
      // The usual case: it lies in the state folder itself.
    }
    return state.resolve(SOCKET);
  }

  /// Whether a socket can have this path.
  static boolean fits(Path socket) {
    return socket.toString().getBytes(StandardCharsets.UTF_8).length <= MAX_SOCKET_PATH_BYTES;
  }

  /// The number of an error: the `status` of an error line, and a command's exit status.
  public static int status(PotluckException error) {
    return switch (error) {
      case FailedException _ -> 1;
      case UsageException _ -> 2;
      case NoSuchNameException _ -> 3;
      case UnavailableException _ -> 4;
      case ConflictException _ -> 5;
      case DeniedException _ -> 6;
      case CorruptException _ -> 7;
    };
  }

  /// The error that {@link #status} gives this number; a number nobody knows is a plain failure.
  public static PotluckException error(int status, String message) {
    return switch (status) {
      case 2 -> new UsageException(message);
      case 3 -> new NoSuchNameException(message);
      case 4 -> new UnavailableException(message);
      case 5 -> new ConflictException(message);
      case 6 -> new DeniedException(message);
      case 7 -> new CorruptException(message);
      default -> new FailedException(message);
    };
  }
}
