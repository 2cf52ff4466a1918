package dev.potluck.peer;

import dev.potluck.content.Name;
import dev.potluck.content.PotluckException;
import dev.potluck.content.UnavailableException;
import dev.potluck.content.Version;
import dev.potluck.directory.Announcement;
import dev.potluck.directory.Entry;
import dev.potluck.directory.Fact;
import dev.potluck.directory.FactDigest;
import dev.potluck.directory.Reason;
import dev.potluck.directory.Verdict;
import dev.potluck.wire.Session;
import dev.potluck.wire.WireLimits;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Keeps the directory told of what this peer has. One thread owns the set of facts that were sent;
/// others hand it names that may have changed, and it works out what to say from the share.
final class Announcer implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Announcer.class.getName());
  private static final int QUEUED_MAX = 100_000;

  private final Share share;
  private final Namespace namespace;
  private final LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>(QUEUED_MAX);
  private final Map<Name, List<CompletableFuture<Verdict>>> waiting = new ConcurrentHashMap<>();
  private final Map<Name, Version> partials = new ConcurrentHashMap<>();
  private final Thread thread;
  private @Nullable Verdicts verdicts;

  // What follows belongs to the announcer's thread.
  private final Map<Name, Fact.Holds> told = new HashMap<>();
  private final Map<Name, Fact.Edited> proposed = new HashMap<>();
  private final SequencedSet<Name> dirty = new LinkedHashSet<>();
  private final Set<Name> removedByUser = new HashSet<>();
  private final List<CompletableFuture<Void>> settling = new ArrayList<>();
  private FactDigest digest = FactDigest.EMPTY;
  private @Nullable Session session;
  private long sequence;
  private long toldIncarnation;

  /// Acts on what the directory says of a file.
  interface Verdicts {
    void stale(Entry current);

    void buried(Entry tombstone);

    /// Another content has the name; this file must be kept under `keepAs`.
    void conflict(Name name, Entry current, Name keepAs);
  }

  Announcer(Share share, Namespace namespace) {
    this.share = share;
    this.namespace = namespace;
    this.thread = Thread.ofVirtual().name("announcer").unstarted(this::work);
  }

  /// Begins to work; once.
  void start(Verdicts acting) {
    verdicts = acting;
    thread.start();
  }

  private void work() {
    try {
      while (true) {
        Runnable task = tasks.take();
        try {
          task.run();
          // What waits besides is taken along, so that many changes make one message.
          for (Runnable more = tasks.poll(); more != null; more = tasks.poll()) {
            more.run();
          }
          sendDirty();
          releaseSettled();
        } catch (PotluckException e) {
          LOG.log(Level.INFO, "announcing waits for the directory: {0}", e.getMessage());
        } catch (RuntimeException e) {
          LOG.log(Level.ERROR, "announcing failed in a way it should not", e);
        }
      }
    } catch (InterruptedException e) {
      LOG.log(Level.DEBUG, "the announcer ends");
    }
  }

  private void submit(Runnable task) {
    try {
      tasks.put(task);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// These names may have changed here.
  void changed(Collection<Name> names) {
    List<Name> copy = List.copyOf(names);
    submit(() -> dirty.addAll(copy));
  }

  void changed(Name name) {
    changed(List.of(name));
  }

  /// The user deleted these files from the share.
  void removed(Collection<Name> names) {
    List<Name> copy = List.copyOf(names);
    submit(
        () -> {
          removedByUser.addAll(copy);
          dirty.addAll(copy);
        });
  }

  /// Pieces of this version are here and can be served.
  void partial(Name name, Version version) {
    partials.put(name, version);
    changed(name);
  }

  void partialEnded(Name name) {
    partials.remove(name);
    changed(name);
  }

  /// Tells the directory what it seems to have forgotten.
  void teach(List<Entry> entries) {
    List<Fact> known = entries.stream().<Fact>map(Fact.Known::new).toList();
    submit(() -> send(known));
  }

  /// The verdict on the next proposal for this name; say that the name changed after asking.
  CompletableFuture<Verdict> verdict(Name name) {
    CompletableFuture<Verdict> verdict = new CompletableFuture<>();
    waiting.merge(
        name,
        List.of(verdict),
        (before, more) -> Stream.concat(before.stream(), more.stream()).toList());
    return verdict;
  }

  /// A session has begun.
  ///
  /// @param incarnation which directory this is: another one than before has forgotten
  /// @param held what the directory still has on record
  void opened(Session opened, long incarnation, FactDigest held) {
    submit(
        () -> {
          boolean forgetful = incarnation != toldIncarnation;
          toldIncarnation = incarnation;
          session = opened;
          sequence = 0;
          proposed.clear();
          if (forgetful || !held.equals(digest) || digest.count() == 0) {
            sendAll(forgetful);
          }
        });
  }

  void lost() {
    submit(
        () -> {
          session = null;
          proposed.clear();
        });
  }

  /// The directory asks for everything.
  void sendAllAgain() {
    submit(() -> sendAll(false));
  }

  void heard(List<Verdict> heard) {
    submit(() -> heard.forEach(this::act));
  }

  /// Calls back with the digest of what was said, on the announcer's thread, so that it counts all
  /// that was sent before; nothing while an answer is due that would change it.
  void withDigest(Consumer<FactDigest> action) {
    submit(
        () -> {
          sendDirty();
          action.accept(digest);
        });
  }

  /// Completes when all that is known to have changed was said and answered.
  CompletableFuture<Void> settled() {
    CompletableFuture<Void> settled = new CompletableFuture<>();
    submit(() -> settling.add(settled));
    return settled;
  }

  private void releaseSettled() {
    if (session != null && dirty.isEmpty() && proposed.isEmpty()) {
      settling.forEach(waiter -> waiter.complete(null));
      settling.clear();
    }
  }

  private void sendDirty() {
    if (session == null || dirty.isEmpty()) {
      return;
    }
    List<Fact> facts = new ArrayList<>();
    for (Name name : dirty) {
      factNow(name).ifPresent(facts::add);
    }
    dirty.clear();
    send(facts);
  }

  /// What is to be said of a name now, if it is news.
  private Optional<Fact> factNow(Name name) {
    Optional<Fact> fact = fact(name);
    Fact.Holds before = told.get(name);
    if (fact.isEmpty()) {
      boolean byUser = removedByUser.remove(name);
      proposed.remove(name);
      return before == null
          ? Optional.empty()
          : Optional.of(new Fact.GaveUp(name, before.version().number(), byUser));
    }
    removedByUser.remove(name);
    boolean news = !fact.get().equals(before) && !fact.get().equals(proposed.get(name));
    return news ? fact : Optional.empty();
  }

  private Optional<Fact> fact(Name name) {
    Optional<LocalFile> file = share.find(name);
    if (file.isPresent()) {
      return Optional.of(fact(file.get()));
    }
    return Optional.ofNullable(partials.get(name))
        .map(version -> new Fact.Holds(name, version, Reason.FETCHED, false));
  }

  private static Fact fact(LocalFile file) {
    return file.edited()
        ? new Fact.Edited(file.name(), file.base(), file.version(), file.reason())
        : new Fact.Holds(file.name(), file.version(), file.reason(), true);
  }

  /// Sends everything, first what a forgetful directory must know before anybody's old copies.
  private void sendAll(boolean forgetful) {
    told.clear();
    proposed.clear();
    dirty.clear();
    digest = FactDigest.EMPTY;
    List<Fact> facts = new ArrayList<>();
    List<LocalFile> files = share.files();
    if (forgetful) {
      facts.addAll(memories(files));
    }
    files.forEach(file -> facts.add(fact(file)));
    partials.forEach((name, v) -> facts.add(new Fact.Holds(name, v, Reason.FETCHED, false)));
    sendInParts(facts, true);
  }

  /// Tombstones, and what this peer knows to be newer than its copy.
  private List<Fact> memories(List<LocalFile> files) {
    Map<Name, LocalFile> here = new HashMap<>();
    files.forEach(file -> here.put(file.name(), file));
    List<Fact> memories = new ArrayList<>();
    for (Entry entry : namespace.all()) {
      LocalFile file = here.get(entry.name());
      boolean newer = file != null && file.base() < entry.version().number();
      if (entry.deleted() || newer) {
        memories.add(new Fact.Known(entry));
      }
    }
    return memories;
  }

  private void send(List<Fact> facts) {
    if (session != null && !facts.isEmpty()) {
      sendInParts(facts, false);
    }
  }

  private void sendInParts(List<Fact> facts, boolean full) {
    Session open = session;
    if (open == null) {
      return;
    }
    int from = 0;
    do {
      int to = Math.min(from + WireLimits.FACTS_PER_MESSAGE, facts.size());
      List<Fact> part = facts.subList(from, to);
      part.forEach(this::count);
      open.announce(
          new Announcement(++sequence, full && from == 0, full && to == facts.size(), part));
      from = to;
    } while (from < facts.size());
  }

  private void count(Fact fact) {
    switch (fact) {
      case Fact.Holds holds -> tell(holds);
      case Fact.Edited edited -> proposed.put(edited.name(), edited);
      case Fact.GaveUp gaveUp -> untell(gaveUp.name());
      case Fact.Known _ -> {}
    }
  }

  private void tell(Fact.Holds holds) {
    untell(holds.name());
    told.put(holds.name(), holds);
    digest = digest.with(holds);
  }

  private void untell(Name name) {
    Fact.Holds before = told.remove(name);
    if (before != null) {
      digest = digest.without(before);
    }
  }

  private Verdicts acting() {
    return Objects.requireNonNull(verdicts, "started");
  }

  private void act(Verdict verdict) {
    Fact.Edited answered = proposed.remove(verdict.name());
    switch (verdict) {
      case Verdict.Current(var name, var version) -> {
        share.recordVersion(name, version);
        if (answered != null) {
          tell(new Fact.Holds(name, version, answered.reason(), true));
        }
        dirty.add(name);
      }
      case Verdict.Stale(_, var current) -> acting().stale(current);
      case Verdict.Buried(_, var tombstone) -> acting().buried(tombstone);
      case Verdict.Conflict(var name, var current, var keepAs) ->
          acting().conflict(name, current, keepAs);
      case Verdict.Rejected(var name, var why) -> {
        untell(name);
        LOG.log(Level.WARNING, "the directory does not take {0}: {1}", name, why);
      }
    }
    List<CompletableFuture<Verdict>> waiters = waiting.remove(verdict.name());
    if (waiters != null) {
      waiters.forEach(waiter -> waiter.complete(verdict));
    }
  }

  @Override
  public void close() {
    thread.interrupt();
    waiting
        .values()
        .forEach(
            all ->
                all.forEach(
                    w -> w.completeExceptionally(new UnavailableException("the peer is ending"))));
  }
}
