package dev.potluck.peer;

import dev.potluck.content.FailedException;
import dev.potluck.content.PotluckException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Lets the commands of this machine's user reach the daemon: a Unix socket of mode 0600, one
/// command a connection, JSON lines. Where a socket's path would be too long for the kernel, the
/// socket lies in a private folder of the run-time directory and `socket` in the state folder names
/// it.
final class ControlServer implements AutoCloseable {
  /// Longest path a socket may have here; the kernel's own limit is 107 bytes.
  static final int MAX_PATH_BYTES = 100;

  /// How the folder of a socket begins that would have too long a path in the state folder.
  private static final String ELSEWHERE = "potluck-";

  private static final Logger LOG = System.getLogger(ControlServer.class.getName());
  private static final int MAX_REQUEST_BYTES = 64 << 20;
  private static final int MAX_CLIENTS = 256;

  private final ServerSocketChannel server;
  private final Path socket;
  private final Path pointer;
  private final ControlHandler handler;
  private final JsonMapper json = JsonMapper.builder().build();
  private final Semaphore places = new Semaphore(MAX_CLIENTS);
  private final Set<SocketChannel> clients = ConcurrentHashMap.newKeySet();
  private final Thread acceptor;

  private ControlServer(
      ServerSocketChannel server, Path socket, Path pointer, ControlHandler handler) {
    this.server = server;
    this.socket = socket;
    this.pointer = pointer;
    this.handler = handler;
    this.acceptor = Thread.ofVirtual().name("control").start(this::acceptAll);
  }

  /// Listens in a state folder that is locked by this process: what lies at the socket's place was
  /// left by a dead one.
  static ControlServer open(Path stateFolder, ControlHandler handler) throws IOException {
    Path pointer = stateFolder.resolve("socket");
    Path socket = place(stateFolder, pointer);
    Files.deleteIfExists(socket);
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      server.bind(UnixDomainSocketAddress.of(socket));
      Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
      return new ControlServer(server, socket, pointer, handler);
    } catch (IOException e) {
      server.close();
      throw e;
    }
  }

  private static Path place(Path stateFolder, Path pointer) throws IOException {
    Path socket = stateFolder.resolve("control.sock");
    deleteElsewhere(pointer);
    if (socket.toString().getBytes(StandardCharsets.UTF_8).length <= MAX_PATH_BYTES) {
      return socket;
    }
    String runtime = System.getenv().getOrDefault("XDG_RUNTIME_DIR", "");
    Path base = Path.of(runtime.isEmpty() ? System.getProperty("java.io.tmpdir") : runtime);
    Path folder = Files.createTempDirectory(base, ELSEWHERE); // mode 0700
    Path elsewhere = folder.resolve("control.sock");
    Files.writeString(pointer, elsewhere.toString());
    return elsewhere;
  }

  /// Deletes the socket that lies outside the state folder: this one's, or one that a killed
  /// process left.
  private static void deleteElsewhere(Path pointer) throws IOException {
    if (!Files.exists(pointer)) {
      return;
    }
    Path elsewhere = Path.of(Files.readString(pointer));
    Path folder = elsewhere.getParent();
    if (folder != null && String.valueOf(folder.getFileName()).startsWith(ELSEWHERE)) {
      Files.deleteIfExists(elsewhere);
      Files.deleteIfExists(folder);
    }
    Files.delete(pointer);
  }

  private void acceptAll() {
    while (server.isOpen()) {
      try {
        SocketChannel client = server.accept();
        if (!places.tryAcquire()) {
          client.close();
          continue;
        }
        clients.add(client);
        Thread.ofVirtual().name("control-command").start(() -> serve(client));
      } catch (IOException e) {
        if (server.isOpen()) {
          LOG.log(Level.WARNING, "control socket: {0}", e.getMessage());
        }
      }
    }
  }

  private void serve(SocketChannel client) {
    try (client) {
      InputStream in = Channels.newInputStream(client);
      ControlReply reply = new ControlReply(json, Channels.newOutputStream(client));
      JsonNode request = json.readTree(readLine(in));
      answer(request, reply, in);
    } catch (JacksonException e) {
      LOG.log(
          Level.INFO, "control socket: not a request: {0}", String.valueOf(e.getOriginalMessage()));
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "a command went away: {0}", String.valueOf(e.getMessage()));
    } finally {
      clients.remove(client);
      places.release();
    }
  }

  private void answer(JsonNode request, ControlReply reply, InputStream in) throws IOException {
    Thread worker = Thread.currentThread();
    Thread watcher =
        Thread.ofVirtual().name("control-hangup").start(() -> interruptAtEnd(in, worker));
    try {
      handler.handle(request.path("command").asString(""), request.path("args"), reply);
    } catch (PotluckException e) {
      reply.error(ControlProtocol.status(e), e.getMessage());
    } catch (InterruptedException e) {
      LOG.log(Level.DEBUG, "a command was cancelled by its caller");
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "a command failed in a way it should not", e);
      reply.error(
          ControlProtocol.status(new FailedException("")),
          "internal error: " + e + "; the daemon's log has more");
    } finally {
      watcher.interrupt();
    }
  }

  /// The asker sends nothing more after its request: whatever ends the stream ends the command.
  private static void interruptAtEnd(InputStream in, Thread worker) {
    try {
      while (in.read() >= 0) {
        // Nothing is expected; bytes are dropped until the end.
      }
      worker.interrupt();
    } catch (IOException e) {
      worker.interrupt();
    }
  }

  private static byte[] readLine(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    byte[] chunk = new byte[64 << 10];
    for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
      if (line.size() + n > MAX_REQUEST_BYTES) {
        throw new IOException("a request of more than " + MAX_REQUEST_BYTES + " bytes");
      }
      line.write(chunk, 0, n);
      if (chunk[n - 1] == '\n') {
        return line.toByteArray();
      }
    }
    throw new IOException("the request ended early");
  }

  @Override
  public void close() throws IOException {
    server.close();
    Files.deleteIfExists(socket);
    deleteElsewhere(pointer);
    for (SocketChannel client : clients) {
      client.close();
    }
    acceptor.interrupt();
  }
}
