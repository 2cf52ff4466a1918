package dev.potluck.peer;

import dev.potluck.content.ContentId;
import dev.potluck.content.Name;
import dev.potluck.content.Version;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// The contents that are read while they are fetched. One that nobody reads any more is kept for a
/// while, not to fetch more, but so that what has come of it is passed on. Thread-safe.
final class Streams implements AutoCloseable {
  private static final int IDLE_MAX = 32;

  private static final class Used {
    final Stream stream;
    int users = 1;

    Used(Stream stream) {
      this.stream = stream;
    }
  }

  private final Share share;
  private final Namespace namespace;
  private final Fetcher fetcher;
  private final Locator locator;
  private final Swarms swarms;
  private final Transfers transfers;
  private final Map<Key, Used> used = new HashMap<>();
  private final SequencedMap<Key, Stream> idle = new LinkedHashMap<>();

  /// By name too: where a content is looked for follows from the name.
  private record Key(Name name, ContentId content) {
    static Key of(Stream stream) {
      return new Key(stream.name(), stream.version().content());
    }
  }

  Streams(
      Share share,
      Namespace namespace,
      Fetcher fetcher,
      Locator locator,
      Swarms swarms,
      Transfers transfers) {
    this.share = share;
    this.namespace = namespace;
    this.fetcher = fetcher;
    this.locator = locator;
    this.swarms = swarms;
    this.transfers = transfers;
  }

  /// To be given back to {@link #leave}.
  synchronized Stream enter(Name name, Version version) {
    Key key = new Key(name, version.content());
    Used already = used.get(key);
    if (already != null) {
      already.users++;
      return already.stream;
    }
    Stream waiting = idle.remove(key);
    Stream stream =
        waiting != null
            ? waiting
            : new Stream(
                name, version, swarms, transfers, this::fetch, () -> share.openFile(key.content));
    used.put(key, new Used(stream));
    return stream;
  }

  void leave(Stream stream) {
    left(stream).forEach(Stream::close);
  }

  /// @return those that are of no use any more
  private synchronized List<Stream> left(Stream stream) {
    Key key = Key.of(stream);
    Used entry = used.get(key);
    if (entry == null || entry.stream != stream || --entry.users > 0) {
      return List.of();
    }
    used.remove(key);
    List<Stream> over = new ArrayList<>();
    if (stream.isWhole() || !stream.isBegun()) {
      over.add(stream);
    } else {
      idle.put(key, stream);
    }
    idle.values().stream().filter(waiting -> !isCurrent(waiting)).forEach(over::add);
    over.forEach(ended -> idle.remove(Key.of(ended)));
    if (idle.size() > IDLE_MAX) {
      over.add(idle.pollFirstEntry().getValue());
    }
    return over;
  }

  private boolean isCurrent(Stream stream) {
    return namespace
        .living(stream.name())
        .filter(entry -> entry.version().equals(stream.version()))
        .isPresent();
  }

  private void fetch(Stream stream) throws InterruptedException {
    Name name = stream.name();
    ContentId content = stream.version().content();
    try {
      fetcher.onDemand(
          name,
          stream.version(),
          () -> isCurrent(stream),
          locator.keepers(name, content),
          fetch -> stream.attach(fetch.partial()));
    } finally {
      if (stream.isClosed() && !isCurrent(stream)) {
        share.forgetDownload(content);
      }
    }
  }

  @Override
  public synchronized void close() {
    used.values().forEach(entry -> entry.stream.abort());
    idle.values().forEach(Stream::abort);
    used.clear();
    idle.clear();
  }
}
