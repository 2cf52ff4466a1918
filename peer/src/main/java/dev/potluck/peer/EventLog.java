package dev.potluck.peer;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/// What happened lately on this peer, for `potluck events`: the last few hundred events, and a
/// bounded queue for each listener. A listener that does not keep up loses the oldest.
final class EventLog {
  private static final int REMEMBERED = 500;
  private static final int QUEUED = 10_000;

  private final Clock clock;
  private final ArrayDeque<Map<String, Object>> recent = new ArrayDeque<>();
  private final Collection<BlockingQueue<Map<String, Object>>> listeners =
      new CopyOnWriteArrayList<>();

  EventLog(Clock clock) {
    this.clock = clock;
  }

  /// Notes an event, such as `fetched` with a name and a number of bytes.
  ///
  /// @param facts alternating keys and values
  void add(String kind, Object... facts) {
    Map<String, Object> event = new LinkedHashMap<>();
    event.put("time", Instant.now(clock).toString());
    event.put("event", kind);
    for (int i = 0; i + 1 < facts.length; i += 2) {
      event.put((String) facts[i], facts[i + 1]);
    }
    synchronized (recent) {
      recent.addLast(event);
      if (recent.size() > REMEMBERED) {
        recent.removeFirst();
      }
      listeners.forEach(queue -> offer(queue, event));
    }
  }

  /// Starts listening: what is remembered comes first, then what happens.
  Listener listen() {
    BlockingQueue<Map<String, Object>> queue = new ArrayBlockingQueue<>(QUEUED);
    synchronized (recent) {
      recent.forEach(event -> offer(queue, event));
      listeners.add(queue);
    }
    return new Listener(queue);
  }

  private static void offer(BlockingQueue<Map<String, Object>> queue, Map<String, Object> event) {
    while (!queue.offer(event)) {
      queue.poll();
    }
  }

  /// One listener's place; closing it ends the listening.
  final class Listener implements AutoCloseable {
    private final BlockingQueue<Map<String, Object>> queue;

    private Listener(BlockingQueue<Map<String, Object>> queue) {
      this.queue = queue;
    }

    Map<String, Object> next() throws InterruptedException {
      return queue.take();
    }

    @Override
    public void close() {
      listeners.removeAll(List.of(queue));
    }
  }
}
