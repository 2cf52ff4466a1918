package dev.potluck.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// TCP ports of this machine.
final class Ports {
  private static final int POLL_MS = 20;

  private Ports() {}

  /// One that nothing listens at.
  static int free() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /// Waits until something listens there.
  ///
  /// @throws IOException if nothing does in time
  static void await(int port, Duration limit) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    CountDownLatch never = new CountDownLatch(1);
    while (true) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        // A connection to a port in the range of the callers' may meet itself.
        if (socket.getLocalPort() != port) {
          return;
        }
      } catch (IOException e) {
        if (System.nanoTime() > deadline) {
          throw e;
        }
      }
      never.await(POLL_MS, TimeUnit.MILLISECONDS);
    }
  }
}
