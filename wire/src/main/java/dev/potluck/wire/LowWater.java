package dev.potluck.wire;

import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.IntegerUnixChannelOption;

/// Has the kernel wait until so much of an answer has come that reading it is worth a wake-up: on a
/// line that is slower than the processor, one would come with every packet. Of use where the
/// socket has SO_RCVLOWAT and Netty reaches it, which is Linux with epoll; elsewhere nothing is
/// done. Belongs to the connection's event loop.
final class LowWater {
  private static final int SOL_SOCKET = 1;
  private static final int SO_RCVLOWAT = 18;
  private static final IntegerUnixChannelOption OPTION =
      new IntegerUnixChannelOption("SO_RCVLOWAT", SOL_SOCKET, SO_RCVLOWAT);

  private static final int[] LEVELS = {64 << 10, 16 << 10};

  /// A TLS record that is here in part and not decrypted yet.
  private static final int RECORD_BYTES = 20 << 10;

  private static final double SECONDS_MAX = 0.05;

  private final Channel channel;
  private final boolean possible;
  private int level = 1;
  private long beganNanos;
  private long arrivedBytes;

  LowWater(Channel channel) {
    this.channel = channel;
    this.possible = channel instanceof EpollSocketChannel;
  }

  /// An answer begins.
  void begin() {
    beganNanos = System.nanoTime();
    arrivedBytes = 0;
  }

  void arrived(int bytes) {
    arrivedBytes += bytes;
  }

  /// What was there has been read.
  ///
  /// @param left bytes that are still to come, of the answer that is being read
  void adjust(long left) {
    if (!possible || arrivedBytes == 0) {
      return;
    }
    double seconds = Math.max(1e-6, (System.nanoTime() - beganNanos) / 1e9);
    double soon = SECONDS_MAX * arrivedBytes / seconds;
    int wanted = 1;
    for (int candidate : LEVELS) {
      if (candidate <= soon && candidate + RECORD_BYTES <= left) {
        wanted = candidate;
        break;
      }
    }
    set(wanted);
  }

  /// Every byte counts again: little comes.
  void reset() {
    set(1);
  }

  private void set(int wanted) {
    if (wanted != level && channel.isActive()) {
      level = wanted;
      channel.config().setOption(OPTION, wanted);
    }
  }
}
