package dev.potluck.cli;

import dev.potluck.peer.ControlProtocol;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// A daemon's control socket that gives every command the same answer and keeps what it was asked.
final class FakePeer implements AutoCloseable {
  private final ServerSocketChannel server;
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final Path socket;

  private FakePeer(ServerSocketChannel server, Path socket, String answer) {
    this.server = server;
    this.socket = socket;
    Thread.ofVirtual().name("fake-peer").start(() -> serve(answer));
  }

  /// Listens for the share, which becomes one.
  static FakePeer at(Path share, String answer) throws IOException {
    var state = Files.createDirectories(share.resolve(ControlProtocol.STATE_FOLDER));
    var socket = state.resolve(ControlProtocol.SOCKET);
    var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(socket));
    return new FakePeer(server, socket, answer);
  }

  /// The lines it was sent.
  List<String> asked() {
    return asked;
  }

  @Override
  public void close() throws IOException {
    server.close();
    Files.deleteIfExists(socket);
  }

  private void serve(String answer) {
    while (true) {
      try (var client = server.accept()) {
        var lines = new BufferedReader(Channels.newReader(client, StandardCharsets.UTF_8));
        asked.add(lines.readLine());
        client.write(ByteBuffer.wrap(answer.getBytes(StandardCharsets.UTF_8)));
      } catch (ClosedChannelException e) {
        return;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
