package dev.potluck.peer;

import dev.potluck.content.ConflictException;
import dev.potluck.content.Kind;
import dev.potluck.content.Name;
import dev.potluck.content.NoSuchNameException;
import dev.potluck.content.PotluckException;
import dev.potluck.content.Version;
import dev.potluck.directory.Entry;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.FileAlreadyExistsException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/// The drafts of this machine. One stands for its name as long as it has something that the party
/// has not, or somebody writes it; programs here then see it instead of the name's version.
/// Thread-safe.
final class Drafts implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Drafts.class.getName());

  /// How many drafts stand for a name that somebody is about to open.
  private static final int EXPECTED_MAX = 64;

  private final Share share;
  private final Namespace namespace;
  private final PartyFiles files;
  private final NameEdits names;
  private final Commits commits;
  private final WriteAccess access;
  private final Duration patience;
  private final Clock clock;
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("draft-", 0).factory());
  private final NavigableMap<String, Draft> standing = new ConcurrentSkipListMap<>();
  private final List<Consumer<Set<Name>>> watchers = new CopyOnWriteArrayList<>();
  private final List<Consumer<Draft>> rebaseWatchers = new CopyOnWriteArrayList<>();

  /// Those that do not stand for their names, since others have written them, and are still open to
  /// be written: there is one draft a name. Guarded by this.
  private final Map<String, Draft> sleeping = new HashMap<>();

  /// How often each is open; guarded by this.
  private final Map<Draft, Integer> opens = new HashMap<>();

  /// How many are about to open each; guarded by this.
  private final SequencedMap<Draft, Integer> expected = new LinkedHashMap<>();

  /// @param patience how long a read or a write waits for others
  Drafts(
      Share share,
      Namespace namespace,
      PartyFiles files,
      NameEdits names,
      Commits commits,
      WriteAccess access,
      Duration patience,
      Clock clock) {
    this.share = share;
    this.namespace = namespace;
    this.files = files;
    this.names = names;
    this.commits = commits;
    this.access = access;
    this.patience = patience;
    this.clock = clock;
    namespace.watch(this::settleAll);
  }

  Instant now() {
    return clock.instant();
  }

  NameEdits names() {
    return names;
  }

  Commits commits() {
    return commits;
  }

  boolean isPartyThere() {
    return commits.isPartyThere();
  }

  void watch(Consumer<Set<Name>> watcher) {
    watchers.add(watcher);
  }

  void watchRebased(Consumer<Draft> watcher) {
    rebaseWatchers.add(watcher);
  }

  Optional<Draft> find(String path) {
    return Optional.ofNullable(standing.get(path));
  }

  /// Those in a folder, however deep.
  ///
  /// @param folder without `/` at its end; empty: all
  List<Draft> under(String folder) {
    if (folder.isEmpty()) {
      return List.copyOf(standing.values());
    }
    String from = folder + "/";
    String past = folder + (char) ('/' + 1);
    return List.copyOf(standing.subMap(from, past).values());
  }

  /// Makes a new file.
  ///
  /// @throws FileAlreadyExistsException if there is one
  Draft create(Name name, int mode) throws IOException, InterruptedException {
    commits.awaitParty(name);
    if (find(name.value()).isPresent() || namespace.living(name).isPresent()) {
      throw new FileAlreadyExistsException(name.value());
    }
    long number = namespace.entry(name).map(entry -> entry.version().number()).orElse(0L);
    Draft draft =
        new Draft(
            this,
            name,
            number,
            new DraftContent(share.scratches()),
            new DraftShape(0, mode & Version.MODE_MASK, now()));
    if (standing.putIfAbsent(name.value(), draft) != null) {
      draft.discard();
      throw new FileAlreadyExistsException(name.value());
    }
    return draft;
  }

  /// The draft of a name. It stands for the name until it was opened, and closed again.
  ///
  /// @throws NoSuchNameException if there is no such name
  Draft edit(Name name) throws IOException, InterruptedException {
    Draft there = standing.get(name.value());
    if (there != null) {
      return expect(there);
    }
    commits.awaitParty(name);
    Optional<Draft> woken = woken(name);
    if (woken.isPresent()) {
      return expect(woken.get());
    }
    Version version = current(name);
    Draft draft =
        new Draft(
            this,
            name,
            version,
            new DraftContent(
                share.scratches(),
                opened(name, version),
                version.content().size(),
                share.layer(version.content())));
    Draft other = standing.putIfAbsent(name.value(), draft);
    if (other != null) {
      draft.discard();
    }
    return expect(other == null ? draft : other);
  }

  /// The draft that somebody has had open for longer: it is what all here write.
  private Optional<Draft> woken(Name name) throws InterruptedException {
    Draft draft;
    synchronized (this) {
      draft = sleeping.get(name.value());
    }
    if (draft == null || draft.isRemoved() || namespace.living(name).isEmpty()) {
      return Optional.empty();
    }
    try {
      var _ = draft.catchUp();
      return find(name.value());
    } catch (ConflictException e) {
      LOG.log(Level.DEBUG, "{0} has another draft: {1}", name, e.getMessage());
      return find(name.value());
    }
  }

  private Version current(Name name) {
    Entry entry =
        namespace
            .living(name)
            .orElseThrow(() -> new NoSuchNameException("no such name: " + name + "; see ls"));
    if (entry.version().kind() != Kind.FILE) {
      throw new ConflictException(name + " is no file any more: open it again");
    }
    return entry.version();
  }

  /// Whether a version can be edited without fetching it.
  boolean isHere(Version version) {
    return share.has(version.content());
  }

  private OpenFile opened(Name name, Version version) throws IOException {
    Optional<OpenFile> here = files.openHere(version);
    return here.isPresent() ? here.get() : files.openElsewhere(name, version, patience);
  }

  private Draft expect(Draft draft) {
    Draft oldest = null;
    synchronized (this) {
      var _ = expected.merge(draft, 1, Integer::sum);
      if (expected.size() > EXPECTED_MAX) {
        oldest = expected.pollFirstEntry().getKey();
      }
    }
    if (oldest != null) {
      settle(oldest);
    }
    return draft;
  }

  void enter(Draft draft) {
    synchronized (this) {
      int before = opens.getOrDefault(draft, 0);
      if (before == 0 && standing.get(draft.name().value()) != draft) {
        throw new ConflictException(draft.name() + " is another file now: open it again");
      }
      opens.put(draft, before + 1);
      var _ = expected.computeIfPresent(draft, (_, n) -> n == 1 ? null : n - 1);
    }
  }

  void leave(Draft draft) {
    boolean stands;
    boolean failed;
    synchronized (this) {
      if (opens.merge(draft, -1, Integer::sum) > 0) {
        return;
      }
      opens.remove(draft);
      sleeping.values().remove(draft);
      stands = standing.get(draft.name().value()) == draft;
      // What could not be committed; whoever closed it was told.
      failed = stands && draft.isDirty();
      if (failed) {
        var _ = stepAside(draft);
      }
    }
    if (failed) {
      tell(Set.of(draft.name()));
    } else if (stands) {
      settle(draft);
    } else {
      draft.discard();
    }
  }

  WriteAccess.Permit acquire(Name name) throws InterruptedException {
    return access.acquire(name, patience);
  }

  /// Before the first write: what others have made of the name meanwhile is what is edited.
  ///
  /// @throws ConflictException if another draft stands for the name
  void freshen(Draft draft) throws InterruptedException {
    stand(draft);
    if (draft.base().isPresent()) {
      var _ = rebased(draft);
    }
  }

  /// For whoever has locked the name: also a file that was only made is what others have made under
  /// its name meanwhile.
  ///
  /// @return whether it is another version now
  /// @throws ConflictException if another draft stands for the name
  boolean catchUp(Draft draft) throws InterruptedException {
    if (namespace.living(draft.name()).isEmpty()) {
      return false; // It is not there yet, or not any more: who has it open keeps what it has.
    }
    stand(draft);
    boolean rebased = rebased(draft);
    settle(draft);
    return rebased;
  }

  private void stand(Draft draft) {
    Name name = draft.name();
    Draft other = standing.putIfAbsent(name.value(), draft);
    if (other != null && other != draft) {
      throw new ConflictException(name + " is another file now: open it again");
    }
    synchronized (this) {
      var _ = sleeping.remove(name.value(), draft);
    }
    if (other == null) {
      tell(Set.of(name));
    }
  }

  /// Makes a draft the current version, if that is newer.
  private boolean rebased(Draft draft) throws InterruptedException {
    Name name = draft.name();
    long number = draft.base().map(Version::number).orElse(0L);
    Optional<Version> now =
        namespace.living(name).map(Entry::version).filter(version -> version.number() > number);
    if (now.isEmpty()) {
      return false;
    }
    try {
      Version version = now.get();
      draft.rebase(version, opened(name, version), share.layer(version.content()));
    } catch (IOException e) {
      throw Failures.of("can't open the current version of " + name, e);
    }
    rebaseWatchers.forEach(watcher -> watcher.accept(draft));
    return true;
  }

  private void settleAll(Set<Name> changed) {
    if (changed.size() <= standing.size()) {
      changed.forEach(name -> find(name.value()).ifPresent(this::settle));
    } else {
      new ArrayList<>(standing.values()).forEach(this::settle);
    }
  }

  /// Lets a draft go whose name stands for it, or for something newer, in the party. Never waits.
  void settle(Draft draft) {
    Optional<Version> base = draft.base();
    if (base.isEmpty()) {
      return;
    }
    long its = base.get().number();
    long party = namespace.entry(draft.name()).map(entry -> entry.version().number()).orElse(0L);
    boolean replaced = party > its;
    boolean stood;
    // Nobody must come to open it, or to write it, between the looking and the letting go.
    synchronized (this) {
      boolean isOpen = opens.containsKey(draft);
      boolean used = isOpen || expected.containsKey(draft);
      if (party < its || (used && !replaced) || !draft.isVersion() || !draft.base().equals(base)) {
        return;
      }
      if (replaced && isOpen) {
        sleeping.put(draft.name().value(), draft);
      }
      stood = stepAside(draft);
    }
    if (stood && replaced) { // Else its name looks as before.
      tell(Set.of(draft.name()));
    }
  }

  /// It does not stand for its name any more; who has it open keeps it.
  void detach(Draft draft) {
    if (stepAside(draft)) {
      tell(Set.of(draft.name()));
    }
  }

  /// @return whether it stood for its name
  private synchronized boolean stepAside(Draft draft) {
    boolean stood = standing.remove(draft.name().value(), draft);
    var _ = expected.remove(draft);
    if (stood && !opens.containsKey(draft)) {
      discardLater(draft);
    }
    return stood;
  }

  /// Whoever lets it go may be in its turn, or must not wait.
  private void discardLater(Draft draft) {
    execute(draft::discard);
  }

  void tell(Set<Name> changed) {
    watchers.forEach(watcher -> watcher.accept(changed));
  }

  /// A draft has another name.
  void renamed(Draft draft, Name from, Name to) {
    synchronized (this) {
      if (standing.remove(from.value(), draft)) {
        standing.put(to.value(), draft);
      }
    }
    settle(draft);
  }

  /// Has a commit that nobody waits for come to its end.
  void follow(Draft draft, Commits.Pending pending) {
    pending.whenHeard(() -> execute(() -> quietly(() -> draft.finish(pending))));
  }

  /// Waits a moment until what nobody waits for are versions: who ends now is to leave nothing to
  /// its next start that can be done.
  void finishAll() {
    quietly(commits::awaitHeard);
  }

  /// Something that nobody waits for: who did it has gone on.
  private interface Afterwards {
    void finish() throws InterruptedException;
  }

  private static void quietly(Afterwards work) {
    try {
      work.finish();
    } catch (PotluckException e) {
      LOG.log(Level.WARNING, e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void execute(Runnable action) {
    try {
      threads.execute(action);
    } catch (RejectedExecutionException e) {
      LOG.log(Level.DEBUG, "the peer is ending: the next start tidies up");
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
