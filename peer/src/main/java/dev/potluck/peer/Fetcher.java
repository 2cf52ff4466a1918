package dev.potluck.peer;

import dev.potluck.content.ByteSource;
import dev.potluck.content.ContentId;
import dev.potluck.content.FailedException;
import dev.potluck.content.Name;
import dev.potluck.content.PotluckException;
import dev.potluck.content.UnavailableException;
import dev.potluck.content.Version;
import dev.potluck.directory.Holder;
import dev.potluck.directory.PeerId;
import dev.potluck.directory.Reason;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Brings contents here and puts them in their place. Each call blocks its (virtual) thread; a
/// content is fetched once however many want it at a time.
final class Fetcher {
  private static final int CONCURRENT_MAX = 64;

  private final Share share;
  private final Swarms swarms;
  private final Announcer announcer;
  private final EventLog events;
  private final Semaphore places = new Semaphore(CONCURRENT_MAX, true);
  private final ConcurrentHashMap<ContentId, Turn> turns = new ConcurrentHashMap<>();

  Fetcher(Share share, Swarms swarms, Announcer announcer, EventLog events) {
    this.share = share;
    this.swarms = swarms;
    this.announcer = announcer;
    this.events = events;
  }

  /// What was done to have a content.
  ///
  /// @param movedBytes over the network
  /// @param from whom how many bytes came
  record Fetched(LocalFile file, long movedBytes, double seconds, Map<PeerId, Long> from) {}

  /// What to do with a content once it is here.
  private interface Use<T> {
    T with(ReadyContent content) throws IOException;
  }

  private record Got<T>(T result, long movedBytes, Map<PeerId, Long> from) {}

  /// Fetches of a version what readers want ({@link dev.potluck.exchange.Event.Wanted}), until all
  /// of it is here; then puts it into the share if it is still what its name stands for, and what
  /// lies there is not an edit: reading changes nothing of the user's. Returns then; ends without
  /// it when interrupted.
  ///
  /// @param isCurrent whether the name stands for it
  void onDemand(
      Name name,
      Version version,
      BooleanSupplier isCurrent,
      HolderSource source,
      Consumer<Fetch> watcher)
      throws InterruptedException {
    ContentId content = version.content();
    Turn turn = enter(content, false);
    try {
      turn.lock.lockInterruptibly();
      try {
        // A file that was changed since it was hashed does not count.
        if (share.hasFile(content)) {
          return;
        }
        Consumer<Fetch> begun =
            fetch -> {
              watcher.accept(fetch);
              if (turn.isWaitedFor()) {
                fetch.wantWhole();
              }
            };
        download(
            name,
            version,
            () -> unlessWaitedFor(turn, source),
            true,
            Retry.NEVER_NANOS,
            begun,
            ready -> {
              if (isCurrent.getAsBoolean() && share.isReplaceable(name)) {
                announced(name, share.install(ready, name, version, Reason.FETCHED));
              } else {
                share.discard(ready);
              }
              return ready;
            });
      } catch (PotluckException e) {
        if (!turn.isWaitedFor()) {
          throw e;
        } // Else whoever wants all of it goes on with what has come.
      } catch (IOException e) {
        throw new FailedException("cannot store " + name + ": " + e.getMessage(), e);
      } finally {
        turn.lock.unlock();
      }
    } finally {
      leave(content, false);
    }
  }

  /// Looking for holders without end would keep whoever wants all of it from giving up in time.
  private static List<Holder> unlessWaitedFor(Turn turn, HolderSource source) {
    if (turn.isWaitedFor()) {
      throw new UnavailableException("left to who wants all of it");
    }
    return source.holders();
  }

  private void announced(Name name, Installed installed) {
    announcer.changed(name);
    installed
        .conflictCopy()
        .ifPresent(
            copy -> {
              announcer.changed(copy);
              events.add("conflict", "name", name.value(), "kept_as", copy.value());
            });
  }

  /// Fetches a version into the share.
  ///
  /// @param watcher is given the fetch if one is needed, for its progress
  Fetched intoShare(
      Name name,
      Version version,
      Reason reason,
      HolderSource source,
      long deadlineNanos,
      Consumer<Fetch> watcher)
      throws InterruptedException {
    long began = System.nanoTime();
    Got<Installed> got =
        obtain(
            name,
            version,
            source,
            deadlineNanos,
            watcher,
            ready -> share.install(ready, name, version, reason));
    double seconds = (System.nanoTime() - began) / 1e9;
    announced(name, got.result);
    events.add(
        "fetched", "name", name.value(), "version", version.number(), "bytes", got.movedBytes);
    return new Fetched(got.result.file(), got.movedBytes, seconds, got.from);
  }

  /// Fetches a version to a place outside the share, replacing what lies there at once or not at
  /// all.
  Map<PeerId, Long> intoFile(
      Name name,
      Version version,
      Exports.Place place,
      HolderSource source,
      long deadlineNanos,
      Consumer<Fetch> watcher)
      throws InterruptedException {
    return obtain(
            name,
            version,
            source,
            deadlineNanos,
            watcher,
            ready -> {
              boolean placed = false;
              try {
                share.export(ready, place, version);
                placed = true;
              } finally {
                if (!placed) {
                  share.discard(ready);
                }
              }
              return place;
            })
        .from;
  }

  /// Makes a content available to a reader, and throws it away again afterwards.
  <T> T read(Name name, Version version, HolderSource source, long deadlineNanos, Reader<T> reader)
      throws InterruptedException {
    Optional<OpenContent> here = share.open(version.content());
    if (here.isPresent()) {
      try (OpenContent open = here.get()) {
        return reader.read(open);
      } catch (IOException e) {
        throw new FailedException("cannot read " + name + ": " + e.getMessage(), e);
      }
    }
    return obtain(
            name,
            version,
            source,
            deadlineNanos,
            _ -> {},
            ready -> {
              try (FileChannel channel = FileChannel.open(pathOf(ready))) {
                return reader.read((position, target) -> channel.read(target, position));
              } finally {
                share.discard(ready);
              }
            })
        .result;
  }

  /// Takes a content as bytes.
  interface Reader<T> {
    T read(ByteSource content) throws IOException;
  }

  private <T> Got<T> obtain(
      Name name,
      Version version,
      HolderSource source,
      long deadlineNanos,
      Consumer<Fetch> watcher,
      Use<T> use)
      throws InterruptedException {
    ContentId content = version.content();
    places.acquire();
    Turn turn = enter(content, true);
    try {
      // A download that was begun for a reader is to come to its end.
      swarms.onFetch(content, Fetch::wantWhole);
      turn.lock.lockInterruptibly();
      try {
        Optional<ReadyContent> here = share.copyOf(content);
        if (here.isPresent()) {
          return new Got<>(use.with(here.get()), 0, Map.of());
        }
        return download(name, version, source, false, deadlineNanos, watcher, use);
      } catch (IOException e) {
        throw new FailedException("cannot store " + name + ": " + e.getMessage(), e);
      } catch (PotluckException e) {
        throw Failures.named(name, e);
      } finally {
        turn.lock.unlock();
      }
    } finally {
      leave(content, true);
      places.release();
    }
  }

  /// @param whole whether all of it is wanted, not only what readers ask for
  private Turn enter(ContentId content, boolean whole) {
    return Objects.requireNonNull(turns.compute(content, (_, t) -> Turn.entered(t, whole)));
  }

  private void leave(ContentId content, boolean whole) {
    var _ = turns.computeIfPresent(content, (_, t) -> t.left(whole));
  }

  /// Whoever wants a content takes turns; counted, so that the last one can forget it.
  private static final class Turn {
    final ReentrantLock lock = new ReentrantLock();
    private int users;
    private volatile int wholeWanted;

    // This and left() only within compute() of the map, which lets in one at a time.
    @SuppressWarnings("NonAtomicVolatileUpdate")
    static Turn entered(@Nullable Turn turn, boolean whole) {
      Turn entered = turn == null ? new Turn() : turn;
      entered.users++;
      if (whole) {
        entered.wholeWanted++;
      }
      return entered;
    }

    /// Whether somebody wants all of the content while one who wants parts has its turn.
    boolean isWaitedFor() {
      return wholeWanted > 0;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate")
    @Nullable Turn left(boolean whole) {
      users--;
      if (whole) {
        wholeWanted--;
      }
      return users == 0 ? null : this;
    }
  }

  private <T> Got<T> download(
      Name name,
      Version version,
      HolderSource source,
      boolean onDemand,
      long deadlineNanos,
      Consumer<Fetch> watcher,
      Use<T> use)
      throws InterruptedException, IOException {
    Fetch[] begun = new Fetch[1];
    boolean announce = version.content().pieces().count() > 1;
    if (announce) {
      announcer.partial(name, version);
    }
    try {
      ReadyContent ready =
          swarms.fetch(
              version.content(),
              share.find(name).map(LocalFile::content),
              source,
              onDemand,
              deadlineNanos,
              fetch -> {
                begun[0] = fetch;
                watcher.accept(fetch);
              });
      Map<PeerId, Long> from = begun[0].from();
      long moved = from.values().stream().mapToLong(Long::longValue).sum();
      return new Got<>(use.with(ready), moved, from);
    } finally {
      if (announce) {
        announcer.partialEnded(name, version);
      }
    }
  }

  private Path pathOf(ReadyContent ready) {
    return share.folder().resolve(ready.path());
  }
}
