package dev.potluck.peer;

import dev.potluck.content.ConflictException;
import dev.potluck.content.ContentId;
import dev.potluck.content.FailedException;
import dev.potluck.content.Kind;
import dev.potluck.content.Name;
import dev.potluck.content.NoSuchNameException;
import dev.potluck.content.PotluckException;
import dev.potluck.content.UnavailableException;
import dev.potluck.content.UsageException;
import dev.potluck.content.Version;
import dev.potluck.directory.Entry;
import dev.potluck.directory.Holder;
import dev.potluck.directory.PeerId;
import dev.potluck.directory.Reason;
import dev.potluck.wire.DirectoryClient;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// `get`: brings files of the party into the share, or to a place the user names. Large ones come
/// piece by piece from several holders, many small ones in batches.
final class GetFiles {
  private static final Logger LOG = System.getLogger(GetFiles.class.getName());
  private static final Duration DIRECTORY_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration PENDING_PATIENCE = Duration.ofDays(1);
  private static final int AT_A_TIME = 4;

  /// How often a file may be replaced while it is fetched before its user is told so.
  private static final int REPLACED_MAX = 10;

  private final Share share;
  private final Namespace namespace;
  private final Locator locator;
  private final DirectoryClient directory;
  private final Fetcher fetcher;
  private final Swarms swarms;
  private final Announcer announcer;
  private final PeerBook book;
  private final PendingGets pending;
  private final EventLog events;
  private volatile boolean ending;

  GetFiles(
      Share share,
      Namespace namespace,
      Locator locator,
      DirectoryClient directory,
      Fetcher fetcher,
      Swarms swarms,
      Announcer announcer,
      PeerBook book,
      PendingGets pending,
      EventLog events) {
    this.share = share;
    this.namespace = namespace;
    this.locator = locator;
    this.directory = directory;
    this.fetcher = fetcher;
    this.swarms = swarms;
    this.announcer = announcer;
    this.book = book;
    this.pending = pending;
    this.events = events;
  }

  /// A file to get, and who is said to have it.
  private record Wanted(Entry entry, List<Holder> holders, Wish wish) {
    Wanted(Entry entry, List<Holder> holders) {
      this(entry, holders, Wish.CURRENT);
    }

    Name name() {
      return entry.name();
    }

    Version version() {
      return entry.version();
    }
  }

  /// Which version is wanted.
  private enum Wish {
    /// Whichever is current, if that changes meanwhile.
    CURRENT,
    /// This one, which is current as far as is known.
    EXACTLY,
    /// This one, which is not current any more.
    PAST
  }

  /// A file that is here now.
  ///
  /// @param moved bytes that came over the network
  private record Got(
      Wanted file, String path, long moved, double seconds, Map<PeerId, Long> from) {}

  /// @return {@link Documents.Got}, or {@link Documents.GotMany} if there are more than
  ///   `listed_max` files: to list thousands takes longer than to fetch some
  Record run(Arguments args, ControlReply reply) throws IOException, InterruptedException {
    List<Name> names = args.names("names");
    Optional<Name> prefix = args.optionalText("prefix").map(Name::of);
    if (names.isEmpty() && prefix.isEmpty()) {
      throw new UsageException("get needs a name, or -r and a folder");
    }
    List<Wanted> wanted = new ArrayList<>();
    for (Name name : names) {
      wanted.add(located(name, args));
    }
    if (prefix.isPresent()) {
      wanted.addAll(under(prefix.get(), reply));
    }
    boolean intoFolder = wanted.size() > 1 || prefix.isPresent();
    Optional<Function<Wanted, Exports.Place>> output =
        output(args.optionalText("output").map(Path::of), intoFolder, wanted);
    GetProgress progress = new GetProgress(wanted.size(), bytesOf(wanted), swarms.thread());
    long deadlineNanos = Retry.deadline(args.waiting());
    List<Got> done = Collections.synchronizedList(new ArrayList<>());
    List<PotluckException> failures = new ArrayList<>();
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> work =
          executor.submit(
              () -> {
                if (output.isPresent()) {
                  export(wanted, output.get(), deadlineNanos, progress, done, failures);
                } else {
                  intoShare(wanted, deadlineNanos, progress, done, failures);
                }
                return null;
              });
      watch(work, progress, reply);
    }
    if (!failures.isEmpty()) {
      throw failures.getFirst();
    }
    if (done.size() > args.number("listed_max", Integer.MAX_VALUE)) {
      long bytes = done.stream().mapToLong(got -> got.file.version().content().size()).sum();
      long moved = done.stream().mapToLong(Got::moved).sum();
      return new Documents.GotMany(new Documents.Summed(done.size(), bytes, moved));
    }
    return new Documents.Got(done.stream().map(this::document).toList());
  }

  /// Brings files here that a member who leaves has alone, as if this machine's user had asked for
  /// them.
  ///
  /// @throws PotluckException if one of them can't be had
  void adopt(List<Name> names, PeerId giver) throws IOException, InterruptedException {
    List<Holder> holders = book.holder(giver).stream().toList();
    List<Wanted> wanted =
        names.stream()
            .flatMap(name -> namespace.living(name).stream())
            .filter(entry -> entry.version().kind() != Kind.FOLDER)
            .map(entry -> new Wanted(entry, holders))
            .toList();
    List<Got> done = Collections.synchronizedList(new ArrayList<>());
    List<PotluckException> failures = new ArrayList<>();
    GetProgress unseen = new GetProgress(wanted.size(), bytesOf(wanted), swarms.thread());
    intoShare(wanted, Retry.deadline(DIRECTORY_TIMEOUT), unseen, done, failures);
    if (!failures.isEmpty()) {
      throw failures.getFirst();
    }
    LOG.log(Level.INFO, "{0} files of {1} are kept here now", done.size(), book.nameOf(giver));
  }

  private static void watch(Future<?> work, GetProgress progress, ControlReply reply)
      throws IOException, InterruptedException {
    try {
      while (!progress.awaitEnd(work)) {
        reply.progress(progress.now());
      }
      work.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case PotluckException known -> throw known;
        case IOException known -> throw known;
        case InterruptedException known -> throw known;
        case null, default -> throw new IllegalStateException(e.getCause());
      }
    } finally {
      work.cancel(true);
    }
  }

  private static long bytesOf(List<Wanted> wanted) {
    return wanted.stream().mapToLong(w -> w.version().content().size()).sum();
  }

  private Wanted located(Name name, Arguments args) throws InterruptedException {
    long asked = args.number("version", 0);
    if (asked != 0) {
      List<Entry> history = directory.history(name, DIRECTORY_TIMEOUT);
      Entry version = version(name, asked, history);
      if (!version.equals(history.getLast())) {
        return new Wanted(version, List.of(), Wish.PAST);
      }
    }
    Locator.Located located = locator.find(name, args.waiting());
    if (located.entry().version().kind() == Kind.FOLDER) {
      throw new UsageException(name + " is a folder: get -r " + name);
    }
    return new Wanted(located.entry(), located.holders(), asked != 0 ? Wish.EXACTLY : Wish.CURRENT);
  }

  private static Entry version(Name name, long asked, List<Entry> history) {
    Entry version =
        history.stream()
            .filter(entry -> entry.version().number() == asked)
            .findFirst()
            .orElseThrow(
                () ->
                    new NoSuchNameException(
                        "no version " + asked + " of " + name + "; potluck history lists them"));
    if (version.deleted()) {
      throw new NoSuchNameException(
          "version " + asked + " of " + name + " is its deletion; potluck history lists others");
    }
    return version;
  }

  /// Who has what is wanted.
  private HolderSource source(Wanted file) {
    ContentId content = file.version().content();
    return file.wish == Wish.PAST
        ? locator.anywhere(content)
        : locator.source(file.name(), content);
  }

  /// Where files are put, if not in their own places.
  private Optional<Function<Wanted, Exports.Place>> output(
      Optional<Path> said, boolean intoFolder, List<Wanted> wanted) {
    if (said.isPresent()) {
      Path path = said.get().toAbsolutePath();
      return Optional.of(
          intoFolder
              ? file -> new Exports.Place(path, file.name().value())
              : _ -> new Exports.Place(folderOf(path), path.getFileName().toString()));
    }
    boolean past = wanted.stream().anyMatch(file -> file.wish == Wish.PAST);
    return past ? Optional.of(this::beside) : Optional.empty();
  }

  private static Path folderOf(Path file) {
    Path folder = file.getParent();
    if (folder == null) {
      throw new UsageException(file + " is no place for a file");
    }
    return folder;
  }

  /// Where a past version is put if its user does not say: beside its name, whose place in the
  /// share is the current version's.
  private Exports.Place beside(Wanted past) {
    String path = share.find(past.name()).map(LocalFile::path).orElse(past.name().value());
    return new Exports.Place(share.folder(), path + ".version-" + past.version().number());
  }

  /// Everything in a folder, with its holders.
  private List<Wanted> under(Name folder, ControlReply reply) throws IOException {
    List<Wanted> wanted = new ArrayList<>();
    try {
      Map<String, Holder> byName = new HashMap<>();
      book.all().forEach(holder -> byName.put(holder.name(), holder));
      directory.listAll(
          Optional.of(folder),
          DIRECTORY_TIMEOUT,
          line -> {
            List<Holder> holders =
                line.holderNames().stream().filter(byName::containsKey).map(byName::get).toList();
            if (line.entry().version().kind() != Kind.FOLDER) {
              wanted.add(new Wanted(line.entry(), holders));
            }
          });
    } catch (UnavailableException e) {
      reply.note("the directory is away: getting what is known of " + folder + " here");
      wanted.clear();
      namespace.list(folder.value() + "/").stream()
          .filter(e2 -> e2.version().kind() != Kind.FOLDER)
          .forEach(e2 -> wanted.add(new Wanted(e2, List.of())));
    }
    if (wanted.isEmpty()) {
      throw new NoSuchNameException("no name in " + folder + "; potluck ls shows what there is");
    }
    return wanted;
  }

  private void intoShare(
      List<Wanted> wanted,
      long deadlineNanos,
      GetProgress progress,
      List<Got> done,
      List<PotluckException> failures)
      throws IOException, InterruptedException {
    List<Wanted> small = new ArrayList<>();
    List<Wanted> large = new ArrayList<>();
    Map<Name, LocalFile> reallyHere = reallyHere(wanted);
    for (Wanted file : wanted) {
      Optional<LocalFile> here = Optional.ofNullable(reallyHere.get(file.name()));
      if (here.isPresent() && here.get().holds(file.version())) {
        done.add(kept(file, here.get()));
        progress.done(file.version().content().size());
      } else if (here.isPresent() && here.get().edited()) {
        failures.add(
            new ConflictException(
                file.name() + " has changes here that are not announced yet: potluck update"));
      } else if (wanted.size() > 1
          && file.version().content().size() <= BatchFetch.SMALL_BYTES
          && !file.holders.isEmpty()) {
        small.add(file);
      } else {
        large.add(file);
      }
    }
    batch(small, large, progress, done);
    each(
        large,
        failures,
        file -> done.add(following(file, now -> single(now, deadlineNanos, progress))));
  }

  /// Those that are known here and still there: their user may have deleted some a moment ago, also
  /// so many at once that the scanner does not believe it.
  private Map<Name, LocalFile> reallyHere(List<Wanted> wanted) {
    Map<Name, LocalFile> here = new HashMap<>();
    boolean gone = false;
    for (Wanted file : wanted) {
      Optional<LocalFile> known = share.find(file.name());
      if (known.isPresent() && share.isThere(known.get())) {
        here.put(file.name(), known.get());
      }
      gone |= known.isPresent() && !here.containsKey(file.name());
    }
    if (gone) {
      share.rescan();
    }
    return here;
  }

  private Got kept(Wanted file, LocalFile here) {
    if (here.reason() != Reason.KEPT) {
      share.recordReason(file.name(), Reason.KEPT);
      announcer.changed(file.name());
    }
    return new Got(file, here.path(), 0, 0, Map.of());
  }

  /// Small files together; those that fail are tried once more alone, where waiting is possible.
  private void batch(List<Wanted> small, List<Wanted> failed, GetProgress progress, List<Got> done)
      throws InterruptedException {
    if (small.isEmpty()) {
      return;
    }
    long began = System.nanoTime();
    List<BatchFetch.Wanted> items =
        small.stream()
            .map(f -> new BatchFetch.Wanted(f.name(), f.version(), Reason.KEPT, others(f)))
            .toList();
    List<BatchFetch.Result> results =
        new BatchFetch(share, swarms, announcer, items, progress::bytes).run();
    double seconds = (System.nanoTime() - began) / 1e9;
    long files = 0;
    for (int i = 0; i < small.size(); i++) {
      switch (results.get(i)) {
        case BatchFetch.Result.Done(var file, var from) -> {
          files++;
          long size = file.content().size();
          done.add(new Got(small.get(i), file.path(), size, seconds, Map.of(from.peer(), size)));
        }
        case BatchFetch.Result.Failed(var why) -> {
          LOG.log(Level.DEBUG, "not in the batch: {0}", why.getMessage());
          failed.add(small.get(i));
        }
      }
    }
    progress.files(files);
    events.add("fetched", "files", files, "seconds", seconds);
  }

  private List<Holder> others(Wanted file) {
    return file.holders.stream().filter(h -> !h.peer().equals(swarms.self())).toList();
  }

  /// Fetches one file.
  private interface Attempt<T> {
    T at(Wanted file) throws InterruptedException;
  }

  /// Fetches a file, or what it was replaced by meanwhile: nobody keeps what was replaced.
  private <T> T following(Wanted file, Attempt<T> attempt) throws InterruptedException {
    Wanted now = file;
    for (int replaced = 0; ; replaced++) {
      try {
        return attempt.at(now);
      } catch (UnavailableException e) {
        boolean follows = replaced < REPLACED_MAX && now.wish == Wish.CURRENT;
        Optional<Entry> newer = follows ? locator.newer(now.entry) : Optional.empty();
        if (newer.isEmpty()) {
          throw e;
        }
        share.forgetDownload(now.version().content());
        now = new Wanted(newer.get(), List.of());
      }
    }
  }

  private Got single(Wanted file, long deadlineNanos, GetProgress progress)
      throws InterruptedException {
    note(file);
    Fetcher.Fetched fetched;
    try {
      fetched =
          fetcher.intoShare(
              file.name(),
              file.version(),
              Reason.KEPT,
              locator.source(file.name(), file.version().content()),
              deadlineNanos,
              progress::watch);
    } catch (PotluckException e) {
      forget(file.name());
      throw e;
    } catch (InterruptedException e) {
      if (!ending) {
        forget(file.name());
      }
      throw e;
    }
    forget(file.name());
    progress.done(0);
    return new Got(
        file, fetched.file().path(), fetched.movedBytes(), fetched.seconds(), fetched.from());
  }

  private void note(Wanted file) {
    try {
      pending.begin(file.name(), file.version());
    } catch (IOException e) {
      throw new FailedException("cannot note the download: " + e.getMessage(), e);
    }
  }

  private void forget(Name name) {
    try {
      pending.end(name);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cannot forget a finished download: {0}", e.getMessage());
    }
  }

  private void export(
      List<Wanted> wanted,
      Function<Wanted, Exports.Place> output,
      long deadlineNanos,
      GetProgress progress,
      List<Got> done,
      List<PotluckException> failures)
      throws InterruptedException {
    each(
        wanted,
        failures,
        file -> {
          Exports.Place place = output.apply(file);
          done.add(following(file, now -> exported(now, place, deadlineNanos, progress)));
          progress.done(0);
        });
  }

  private Got exported(Wanted file, Exports.Place place, long deadlineNanos, GetProgress progress)
      throws InterruptedException {
    long began = System.nanoTime();
    Map<PeerId, Long> from;
    try {
      from =
          fetcher.intoFile(
              file.name(), file.version(), place, source(file), deadlineNanos, progress::watch);
    } catch (UnavailableException e) {
      throw file.wish == Wish.PAST ? new UnavailableException(nobodyHas(file), e) : e;
    }
    long moved = from.values().stream().mapToLong(Long::longValue).sum();
    double seconds = (System.nanoTime() - began) / 1e9;
    return new Got(file, place.target().toString(), moved, seconds, from);
  }

  /// Which versions can be had instead of a past one that cannot.
  private String nobodyHas(Wanted past) {
    List<Version> versions =
        directory.history(past.name(), DIRECTORY_TIMEOUT).stream()
            .filter(entry -> !entry.deleted() && entry.version().kind() != Kind.FOLDER)
            .map(Entry::version)
            .toList();
    List<ContentId> contents = versions.stream().map(Version::content).toList();
    BitSet had = locator.hadAnywhere(contents);
    String others =
        IntStream.range(0, versions.size())
            .filter(i -> had.get(i) || share.has(contents.get(i)))
            .mapToObj(i -> String.valueOf(versions.get(i).number()))
            .collect(Collectors.joining(", "));
    return "nobody who is up has version %d of %s any more; %s"
        .formatted(
            past.version().number(),
            past.name(),
            others.isEmpty() ? "nor another one" : "versions that can be had: " + others);
  }

  /// Work on one file.
  private interface Work {
    void on(Wanted file) throws InterruptedException;
  }

  /// A few files at a time; a file that fails does not stop the others.
  private static void each(List<Wanted> files, List<PotluckException> failures, Work work)
      throws InterruptedException {
    try (ExecutorService executor =
        Executors.newFixedThreadPool(AT_A_TIME, Thread.ofVirtual().name("get-", 0).factory())) {
      List<Future<?>> running = new ArrayList<>();
      for (Wanted file : files) {
        running.add(
            executor.submit(
                () -> {
                  work.on(file);
                  return null;
                }));
      }
      try {
        for (Future<?> one : running) {
          collect(one, failures);
        }
      } finally {
        executor.shutdownNow();
      }
    }
  }

  private static void collect(Future<?> one, List<PotluckException> failures)
      throws InterruptedException {
    try {
      one.get();
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof PotluckException known)) {
        throw new IllegalStateException(e.getCause());
      }
      failures.add(known);
    }
  }

  private Documents.GotFile document(Got got) {
    List<Documents.Source> sources =
        got.from.entrySet().stream()
            .map(e -> new Documents.Source(book.nameOf(e.getKey()), e.getValue()))
            .toList();
    Version version = got.file.version();
    return new Documents.GotFile(
        got.file.name().value(),
        version.number(),
        version.content().size(),
        version.content().root().toString(),
        got.path,
        got.moved,
        got.seconds,
        sources);
  }

  /// The peer is ending: downloads that are cut off by this go on at the next start, unlike those
  /// that their user cancels.
  void ending() {
    ending = true;
  }

  /// Goes on with what was under way when this peer ended.
  void resumePending() throws IOException {
    for (PendingGets.Pending one : pending.all()) {
      Thread.ofVirtual().name("resume-" + one.name()).start(() -> resume(one));
    }
  }

  /// What was asked for, or what has replaced it while this peer was away.
  private Version current(PendingGets.Pending one) {
    return namespace
        .living(one.name())
        .map(Entry::version)
        .filter(version -> version.number() > one.version().number())
        .orElse(one.version());
  }

  private void resume(PendingGets.Pending one) {
    try {
      Wanted wanted = new Wanted(new Entry(one.name(), current(one), false, 0), List.of());
      var _ = following(wanted, this::resumed);
      forget(one.name());
    } catch (PotluckException e) {
      LOG.log(Level.WARNING, "cannot finish getting {0}: {1}", one.name(), e.getMessage());
      forget(one.name());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// @return whether anything had to be fetched
  private boolean resumed(Wanted file) throws InterruptedException {
    Version version = file.version();
    if (share.find(file.name()).filter(f -> f.holds(version)).isPresent()) {
      return false;
    }
    var _ =
        fetcher.intoShare(
            file.name(),
            version,
            Reason.KEPT,
            locator.source(file.name(), version.content()),
            Retry.deadline(PENDING_PATIENCE),
            _ -> {});
    return true;
  }
}
