package dev.potluck.peer;

import dev.potluck.content.ContentId;
import dev.potluck.content.Name;
import dev.potluck.content.Version;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

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
  private final Map<ContentId, Used> used = new HashMap<>();
  private final SequencedMap<ContentId, Stream> idle = new LinkedHashMap<>();

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
    ContentId content = version.content();
    Used already = used.get(content);
    if (already != null) {
      already.users++;
      return already.stream;
    }
    Stream waiting = idle.remove(content);
    Stream stream =
        waiting != null
            ? waiting
            : new Stream(
                name, version, swarms, transfers, this::fetch, () -> share.openFile(content));
    used.put(content, new Used(stream));
    return stream;
  }

  void leave(Stream stream) {
    Stream over = left(stream);
    if (over != null) {
      end(over);
    }
  }

  private synchronized @Nullable Stream left(Stream stream) {
    ContentId content = stream.version().content();
    Used entry = used.get(content);
    if (entry == null || entry.stream != stream || --entry.users > 0) {
      return null;
    }
    used.remove(content);
    if (stream.isWhole() || !stream.isBegun() || !isCurrent(stream)) {
      return stream;
    }
    idle.put(content, stream);
    return idle.size() > IDLE_MAX ? idle.pollFirstEntry().getValue() : null;
  }

  private boolean isCurrent(Stream stream) {
    return namespace
        .living(stream.name())
        .filter(entry -> entry.version().equals(stream.version()))
        .isPresent();
  }

  private void end(Stream stream) {
    stream.close();
    if (!isCurrent(stream)) {
      share.forgetDownload(stream.version().content());
    }
  }

  private void fetch(Stream stream) throws InterruptedException {
    Name name = stream.name();
    fetcher.onDemand(
        name,
        stream.version(),
        () -> isCurrent(stream),
        locator.source(name, stream.version().content()),
        fetch -> stream.attach(fetch.partial()));
  }

  @Override
  public synchronized void close() {
    used.values().forEach(entry -> entry.stream.close());
    idle.values().forEach(Stream::close);
    used.clear();
    idle.clear();
  }
}
