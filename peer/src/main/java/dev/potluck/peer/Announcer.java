package dev.potluck.peer;

import dev.potluck.content.Kind;
import dev.potluck.content.Name;
import dev.potluck.content.PotluckException;
import dev.potluck.content.Version;
import dev.potluck.directory.Announcement;
import dev.potluck.directory.Contact;
import dev.potluck.directory.Entry;
import dev.potluck.directory.Fact;
import dev.potluck.directory.FactDigest;
import dev.potluck.directory.Reason;
import dev.potluck.directory.Verdict;
import dev.potluck.wire.Session;
import dev.potluck.wire.WireLimits;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Keeps the directory told of what this peer has. One thread owns the set of facts that were sent;
/// others hand it names that may have changed, and it works out what to say from the share.
///
/// While an edit waits for its verdict nothing more is said of its name: on top of which version
/// the next edit was made is known only then.
final class Announcer implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Announcer.class.getName());
  private static final int QUEUED_MAX = 100_000;
  private static final long OFFER_SECONDS = 1;

  /// A message and an entry of the log then do for all files that were written meanwhile.
  private static final long LINGER_NANOS = 20_000_000;

  /// How long to wait for what was written here a moment ago; as a rule, it is heard of by then.
  static final Duration HEARD_WITHIN = Duration.ofSeconds(2);

  /// How long edits wait at most for those of others who wrote at the same time before.
  private static final long COMPANY_NANOS = 10_000_000;

  private final Share share;
  private final Namespace namespace;
  private final LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>(QUEUED_MAX);
  private final AwaitedVerdicts awaited = new AwaitedVerdicts();
  private final Map<Name, Version> partials = new ConcurrentHashMap<>();
  private final Thread thread;
  private volatile boolean closed;
  private @Nullable Verdicts verdicts;

  // What follows belongs to the announcer's thread.
  private final ToldFacts told = new ToldFacts();
  private final SequencedSet<Name> dirty = new LinkedHashSet<>();
  private final SequencedSet<Name> lingering = new LinkedHashSet<>();
  private long lingerUntilNanos;
  private final Company company = new Company(COMPANY_NANOS);
  private final Map<Name, LocalFile> removedByUser = new HashMap<>();
  private final Map<Name, Entry> lessons = new LinkedHashMap<>();
  private final List<CompletableFuture<Void>> settling = new ArrayList<>();
  private volatile @Nullable Session session; // read by others
  private long sequence;
  private long incarnation;
  private long toldIncarnation;

  /// Up to which announcement of this session all is judged; before the first word of it -1.
  private long judged;

  /// Whether all files were known when that was last asked; ...
  private boolean allKnown;

  /// ... by which announcement all of them were said, -1 if that is not sure; ...
  private long allSaid = -1;

  /// ... and how far the names were followed.
  private Contact followed = Contact.NONE;

  /// Whether all that the directory said was done here.
  private boolean obeyed = true;

  /// Acts on what the directory says of a file.
  interface Verdicts {
    void stale(Entry current);

    void buried(Entry tombstone);

    /// The party has forgotten the name, and this peer was away meanwhile.
    void forgotten(Name name);

    /// Another content has the name; this file must be kept under `keepAs`.
    void conflict(Name name, Entry current, Name keepAs);
  }

  Announcer(Share share, Namespace namespace) {
    this.share = share;
    this.namespace = namespace;
    this.thread = Thread.ofVirtual().name("announcer").unstarted(this::work);
    share.editsOfEarlierRuns().forEach(file -> told.doubts(edit(file)));
  }

  /// Begins to work; once.
  void start(Verdicts acting) {
    verdicts = acting;
    thread.start();
  }

  private void work() {
    try {
      while (true) {
        guarded(next());
        // What waits besides is taken along, so that many changes make one message.
        for (Runnable more = tasks.poll(); more != null; more = tasks.poll()) {
          guarded(more);
        }
        endLinger();
        guarded(this::sendDirty);
        releaseSettled();
      }
    } catch (InterruptedException e) {
      LOG.log(Level.DEBUG, "the announcer ends");
    }
  }

  /// What is to be done next; nothing, if that is to send what has lingered.
  private Runnable next() throws InterruptedException {
    if (lingering.isEmpty() && !company.isAwaited()) {
      return tasks.take();
    }
    long now = System.nanoTime();
    long lingers = lingering.isEmpty() ? Long.MAX_VALUE : lingerUntilNanos - now;
    Runnable task = tasks.poll(Math.min(lingers, company.leftNanos(now)), TimeUnit.NANOSECONDS);
    return task == null ? () -> {} : task;
  }

  private void endLinger() {
    if (!lingering.isEmpty() && lingerUntilNanos - System.nanoTime() <= 0) {
      dirty.addAll(lingering);
      lingering.clear();
    }
  }

  private static void guarded(Runnable task) {
    try {
      task.run();
    } catch (PotluckException e) {
      LOG.log(Level.INFO, "announcing waits for the directory: {0}", e.getMessage());
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "announcing failed in a way it should not", e);
    }
  }

  private void submit(Runnable task) {
    if (Thread.currentThread().equals(thread)) {
      // Acting on a verdict changes files: waiting for a place in its own queue it would wait for
      // ever.
      task.run();
      return;
    }
    // Also for who is interrupted: what is not said now nobody would say.
    boolean interrupted = false;
    boolean taken = false;
    while (!taken && !closed) {
      try {
        taken = tasks.offer(task, OFFER_SECONDS, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
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

  /// The same of a name whose verdict nobody waits for: it is said in a moment, with others.
  void changedSoon(Name name) {
    submit(
        () -> {
          if (lingering.isEmpty()) {
            lingerUntilNanos = System.nanoTime() + LINGER_NANOS;
          }
          lingering.add(name);
        });
  }

  /// Somebody has come to wait for a verdict: nothing lingers any more.
  void hurry() {
    submit(() -> lingerUntilNanos = System.nanoTime());
  }

  /// The user deleted these files from the share.
  void removed(Collection<LocalFile> files) {
    List<LocalFile> copy = List.copyOf(files);
    submit(
        () -> {
          for (LocalFile file : copy) {
            removedByUser.put(file.name(), file);
            dirty.add(file.name());
            if (file.edited()
                && !told.isProposed(file.name())
                && share.find(file.name()).isEmpty()) {
              awaited.complete(new Verdict.Forgotten(file.name())); // It will not be said any more.
            }
          }
        });
  }

  /// Pieces of this version are here and can be served.
  void partial(Name name, Version version) {
    partials.put(name, version);
    changed(name);
  }

  void partialEnded(Name name, Version version) {
    partials.remove(name, version);
    changed(name);
  }

  /// Tells the directory what it seems to have forgotten, as soon as there is a session.
  void teach(List<Entry> entries) {
    List<Entry> copy = List.copyOf(entries);
    submit(() -> copy.forEach(entry -> lessons.put(entry.name(), entry)));
  }

  /// The verdict on what this name is now; say that the name changed after asking. Cancel the
  /// future to stop waiting.
  CompletableFuture<Verdict> verdict(Name name) {
    return awaited.await(name);
  }

  /// A session has begun.
  ///
  /// @param with which directory this is: another one than before has forgotten
  /// @param held what the directory still has on record
  void opened(Session opened, long with, FactDigest held) {
    submit(
        () -> {
          session = opened;
          incarnation = with;
          sequence = 0;
          judged = -1;
          allKnown = false;
          allSaid = -1;
          dirty.addAll(told.takeProposed());
          boolean known = incarnation == toldIncarnation && held.equals(told.digest());
          if (!known || held.count() == 0) {
            sendAll();
          }
        });
  }

  void lost() {
    submit(
        () -> {
          session = null;
          dirty.addAll(told.takeProposed());
        });
  }

  /// The directory asks for everything.
  void sendAllAgain() {
    submit(this::sendAll);
  }

  void heard(List<Verdict> heard) {
    submit(
        () -> {
          heard.forEach(verdict -> guarded(() -> act(verdict)));
          if (!told.awaitsVerdicts()) {
            company.answered(System.nanoTime());
          }
        });
  }

  /// Calls back with the digest of what was said, on the announcer's thread, so that it counts all
  /// that was sent before.
  void withDigest(Consumer<FactDigest> action) {
    submit(
        () -> {
          sendDirty();
          action.accept(told.digest());
        });
  }

  /// The directory has judged what was announced, up to this.
  void judged(long upTo) {
    submit(() -> judged = upTo);
  }

  /// Calls back with how far this peer has followed the directory, on the announcer's thread, if
  /// that has judged all files that were here since: what was deleted before does not come back
  /// through this peer. To be called again and again.
  void withContact(Consumer<Contact> action) {
    submit(
        () -> {
          if (session != null) {
            contact().ifPresent(action);
            lookAround();
          }
        });
  }

  private Optional<Contact> contact() {
    boolean judgedAll = allSaid >= 0 && judged >= allSaid && obeyed;
    if (judgedAll && followed.incarnation() == incarnation) {
      return Optional.of(followed);
    }
    return share.hasNothingOfAParty() ? Optional.of(new Contact(incarnation, 0)) : Optional.empty();
  }

  /// What came a moment ago may not be said or done here yet: it counts the next time.
  private void lookAround() {
    followed = namespace.followed();
    if (allSaid < 0 && allKnown && dirty.isEmpty() && lingering.isEmpty()) {
      allSaid = sequence;
    }
    allKnown = share.isWhollyKnown();
  }

  /// How many edits wait to be heard of.
  int waiting() {
    return awaited.size();
  }

  /// Waits until the edits that were to become versions before are, or the directory says why not;
  /// not for long, and not for a directory that is away.
  void awaitEdits(Duration atMost) throws InterruptedException {
    CompletableFuture<Void> heard = awaited.all();
    if (heard.isDone() || session == null) {
      return;
    }
    hurry();
    try {
      heard.get(atMost.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.log(Level.DEBUG, "not all edits are heard of: {0}", e.getMessage());
    }
  }

  /// Completes when all that is known to have changed was said and answered.
  CompletableFuture<Void> settled() {
    CompletableFuture<Void> settled = new CompletableFuture<>();
    submit(() -> settling.add(settled));
    return settled;
  }

  private void releaseSettled() {
    if (session != null && dirty.isEmpty() && lingering.isEmpty() && !told.awaitsVerdicts()) {
      settling.forEach(waiter -> waiter.complete(null));
      settling.clear();
    }
    settling.removeIf(CompletableFuture::isDone);
  }

  /// Says what is news. What could not be said stays dirty, for the next session; and until the
  /// edits that were said are answered, since the directory takes one announcement of a peer after
  /// the other: what comes meanwhile makes one message, and one entry of the log.
  private void sendDirty() {
    if (session == null || told.awaitsVerdicts()) {
      company.forget();
      return;
    }
    List<Fact> facts = new ArrayList<>();
    lessons.values().forEach(entry -> facts.add(new Fact.Known(entry)));
    for (Name name : List.copyOf(dirty)) {
      Optional<Fact> news = told.isProposed(name) ? Optional.empty() : factNow(name);
      if (news.isPresent()) {
        facts.add(news.get());
      } else {
        dirty.remove(name);
      }
    }
    int edits = (int) facts.stream().filter(Fact.Edited.class::isInstance).count();
    if (!company.isWorthAwaiting(edits, System.nanoTime()) && !facts.isEmpty()) {
      sendInParts(facts, false);
    }
  }

  /// What is to be said of a name now, if it is news.
  private Optional<Fact> factNow(Name name) {
    Fact.Holds before = told.held(name);
    Optional<Fact> fact = fact(name);
    if (fact.isPresent()) {
      removedByUser.remove(name);
      return fact.filter(now -> !now.equals(before));
    }
    LocalFile removed = removedByUser.get(name);
    if (before != null) {
      return Optional.of(new Fact.GaveUp(name, before.version().number(), removed != null));
    }
    // Deleted before it could be announced, as while this peer was down: the name may go with it.
    if (removed != null && removed.base() > 0 && removed.reason() != Reason.FETCHED) {
      return Optional.of(new Fact.GaveUp(name, removed.base(), true));
    }
    removedByUser.remove(name);
    return Optional.empty();
  }

  private Optional<Fact> fact(Name name) {
    Optional<LocalFile> file = share.find(name);
    if (file.isPresent()) {
      return Optional.of(fact(file.get()));
    }
    return Optional.ofNullable(partials.get(name)).map(version -> holdsPart(name, version));
  }

  private Fact fact(LocalFile file) {
    return file.edited()
        ? told.asSaid(edit(file))
        : new Fact.Holds(file.name(), file.version(), file.reason(), true);
  }

  private static Fact.Edited edit(LocalFile file) {
    return new Fact.Edited(file.name(), file.base(), file.version(), file.reason());
  }

  private static Fact holdsPart(Name name, Version version) {
    return new Fact.Holds(name, version, Reason.FETCHED, false);
  }

  /// Sends everything, to a forgetful directory first what it must know before anybody's old
  /// copies.
  private void sendAll() {
    if (session == null) {
      return;
    }
    told.clear();
    dirty.retainAll(removedByUser.keySet());
    List<Fact> facts = new ArrayList<>();
    Map<Name, LocalFile> here = new LinkedHashMap<>();
    share.files().forEach(file -> here.put(file.name(), file));
    if (incarnation != toldIncarnation) {
      facts.addAll(memories(here));
    }
    here.values().forEach(file -> facts.add(fact(file)));
    partials.forEach(
        (name, version) -> {
          if (!here.containsKey(name)) {
            facts.add(holdsPart(name, version));
          }
        });
    sendInParts(facts, true);
    toldIncarnation = incarnation;
  }

  /// Tombstones, what no peer has a copy of, and what this peer knows to be newer than its copy.
  private List<Fact> memories(Map<Name, LocalFile> here) {
    List<Fact> memories = new ArrayList<>();
    for (Entry entry : namespace.all()) {
      LocalFile file = here.get(entry.name());
      boolean newer = file != null && file.base() < entry.version().number();
      if (entry.deleted() || newer || entry.version().kind() == Kind.FOLDER) {
        memories.add(new Fact.Known(entry));
      }
    }
    return memories;
  }

  private void sendInParts(List<Fact> facts, boolean full) {
    Session open = Objects.requireNonNull(session, "checked");
    int from = 0;
    do {
      int to = Math.min(from + WireLimits.FACTS_PER_MESSAGE, facts.size());
      List<Fact> part = facts.subList(from, to);
      open.announce(
          new Announcement(++sequence, full && from == 0, full && to == facts.size(), part));
      part.forEach(this::sent);
      from = to;
    } while (from < facts.size());
  }

  private void sent(Fact fact) {
    told.sent(fact);
    if (fact instanceof Fact.Known known) {
      lessons.remove(known.name(), known.entry());
    } else {
      dirty.remove(fact.name());
      removedByUser.remove(fact.name());
    }
  }

  private void act(Verdict verdict) {
    Name name = verdict.name();
    Fact.Edited answered = told.answered(verdict);
    try {
      obey(verdict, answered);
    } catch (PotluckException e) {
      LOG.log(
          Level.WARNING,
          "cannot do what the directory says of {0}: {1}; it is asked again at the next start",
          name,
          e.getMessage());
      obeyed = false;
    }
    if (answered == null) {
      return;
    }
    // What was answered is what is here now, or there is more to say.
    if (!fact(name).equals(Optional.of(answered))) {
      dirty.add(name);
    }
    boolean overtaken =
        verdict instanceof Verdict.Current
            && share.find(name).filter(LocalFile::edited).isPresent();
    if (!overtaken) {
      awaited.complete(verdict);
    }
  }

  private void obey(Verdict verdict, Fact.@Nullable Edited answered) {
    Verdicts acting = Objects.requireNonNull(verdicts, "started");
    switch (verdict) {
      case Verdict.Current(var name, var version) -> {
        dirty.add(name);
        if (answered == null) {
          share.heardVersion(name, version);
        } else {
          told.holds(new Fact.Holds(name, version, answered.reason(), true));
          share.heardVersion(name, version, answered);
          if (answered.base() == version.number() && !version.sameAttributes(answered.version())) {
            LOG.log(Level.WARNING, "{0} keeps its attributes: it is locked by somebody else", name);
          }
        }
      }
      case Verdict.Stale(_, var current) -> acting.stale(current);
      case Verdict.Buried(_, var tombstone) -> acting.buried(tombstone);
      case Verdict.Forgotten(var name) -> {
        told.gone(name);
        acting.forgotten(name);
      }
      case Verdict.Conflict(var name, var current, var keepAs) ->
          acting.conflict(name, current, keepAs);
      case Verdict.Rejected(var name, var why) -> {
        told.gone(name);
        LOG.log(Level.WARNING, "the directory does not take {0}: {1}", name, why);
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    awaited.close();
  }
}
