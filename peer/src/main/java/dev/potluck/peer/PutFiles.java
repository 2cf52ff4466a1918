package dev.potluck.peer;

import dev.potluck.content.ConflictException;
import dev.potluck.content.FailedException;
import dev.potluck.content.Kind;
import dev.potluck.content.Name;
import dev.potluck.content.UnavailableException;
import dev.potluck.content.UsageException;
import dev.potluck.content.Version;
import dev.potluck.directory.Entry;
import dev.potluck.directory.NameLock;
import dev.potluck.directory.Reason;
import dev.potluck.directory.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.JsonNode;

/// `put`: copies files of this machine into the share under a name, and waits until the directory
/// has made versions of them. Those that belong together (`--atomic`), and those whose name this
/// peer has locked, are committed before they are put in place: the directory may refuse them.
final class PutFiles {
  /// How long a directory that is away may be one whose seats agree on who leads.
  private static final Duration CHANGE_OF_LEADER = Duration.ofSeconds(3);

  private final Share share;
  private final Namespace namespace;
  private final Announcer announcer;
  private final DirectoryLink link;
  private final PeerLocks locks;
  private final FileTransactions transactions;

  PutFiles(
      Share share,
      Namespace namespace,
      Announcer announcer,
      DirectoryLink link,
      PeerLocks locks,
      FileTransactions transactions) {
    this.share = share;
    this.namespace = namespace;
    this.announcer = announcer;
    this.link = link;
    this.locks = locks;
    this.transactions = transactions;
  }

  /// @param kind a symlink if it is to be put as such; else what it leads to is
  private record Wanted(Path path, Name name, Kind kind) {
    boolean isLink() {
      return kind == Kind.SYMLINK;
    }

    /// Whether a version is the same, once this has that content.
    boolean is(Version version, ReadyContent content) {
      return version.kind() == kind && version.content().equals(content.content());
    }

    Instant mtime() throws IOException {
      return Files.getLastModifiedTime(path, following()).toInstant();
    }

    int mode() throws IOException {
      return (int) Files.getAttribute(path, "unix:mode", following()) & Version.MODE_MASK;
    }

    private LinkOption[] following() {
      return isLink() ? new LinkOption[] {LinkOption.NOFOLLOW_LINKS} : new LinkOption[0];
    }
  }

  /// A file that lies in the share and waits for its version.
  private record Placed(Name name, LocalFile file, Optional<CompletableFuture<Verdict>> verdict) {}

  Documents.Put run(JsonNode args) throws InterruptedException {
    boolean replace = args.path("replace").asBoolean(false);
    List<Wanted> wanted = new ArrayList<>();
    for (JsonNode file : args.path("files")) {
      Path path = Path.of(file.path("path").asString(""));
      Kind kind = file.path("link").asBoolean(false) ? Kind.SYMLINK : Kind.FILE;
      wanted.add(new Wanted(path, Name.of(file.path("name").asString("")), kind));
    }
    wanted.forEach(PutFiles::checkReadable);
    if (!link.awaitConnected(CHANGE_OF_LEADER)) {
      throw new UnavailableException(
          "the directory is away ("
              + link.trouble()
              + "): nothing was put; try again later. If the machines"
              + " that kept it are gone for good: potluck recover");
    }
    for (Wanted file : wanted) {
      checkFree(file, replace);
    }
    Map<Name, Long> tokens = locks.tokens(wanted.stream().map(Wanted::name).toList());
    if (args.path("atomic").asBoolean(false)) {
      return new Documents.Put(committed(wanted, tokens));
    }
    List<Placed> placed = new ArrayList<>();
    List<Documents.PutFile> done = new ArrayList<>();
    for (Wanted file : wanted) {
      if (tokens.containsKey(file.name)) {
        done.addAll(committed(List.of(file), tokens));
      } else {
        placed.add(place(file));
      }
    }
    for (Placed file : placed) {
      done.add(await(file));
    }
    return new Documents.Put(done);
  }

  /// Commits some files as one transaction.
  private List<Documents.PutFile> committed(List<Wanted> files, Map<Name, Long> tokens)
      throws InterruptedException {
    List<PreparedFiles.Prepared> prepared = new ArrayList<>();
    boolean complete = false;
    try {
      for (Wanted file : files) {
        prepared.add(prepared(file, tokens.getOrDefault(file.name, NameLock.NO_TOKEN)));
      }
      complete = true;
    } finally {
      if (!complete) {
        prepared.forEach(file -> share.discardPrepared(file.path()));
      }
    }
    List<Version> versions = transactions.commit(prepared);
    List<Documents.PutFile> done = new ArrayList<>();
    for (int i = 0; i < versions.size(); i++) {
      Version version = versions.get(i);
      done.add(
          new Documents.PutFile(
              files.get(i).name.value(),
              version.number(),
              version.content().size(),
              version.content().root().toString(),
              true));
    }
    return done;
  }

  /// A file whose content is the name's already keeps its time and mode: it is no new version.
  private PreparedFiles.Prepared prepared(Wanted file, long token) {
    Optional<Entry> known = namespace.entry(file.name);
    long base = known.map(entry -> entry.version().number()).orElse(0L);
    ReadyContent copy = imported(file);
    Optional<Version> same =
        known
            .filter(entry -> !entry.deleted())
            .map(Entry::version)
            .filter(version -> file.is(version, copy));
    try {
      Instant mtime = same.isPresent() ? same.get().mtime() : file.mtime();
      int mode = same.isPresent() ? same.get().mode() : file.mode();
      Version version = new Version(0, file.kind, copy.content(), mtime, mode);
      return new PreparedFiles.Prepared(share.prepare(copy), file.name, base, token, version);
    } catch (IOException e) {
      share.discard(copy);
      throw new FailedException("cannot read " + file.path + ": " + e.getMessage(), e);
    }
  }

  private ReadyContent imported(Wanted file) {
    return file.isLink() ? share.importLink(file.path) : share.importFile(file.path);
  }

  private static void checkReadable(Wanted file) {
    if (file.isLink() && Files.isSymbolicLink(file.path)) {
      return; // Wherever it leads.
    }
    if (!Files.exists(file.path)) {
      throw new UsageException("no such file: " + file.path);
    }
    if (!Files.isRegularFile(file.path) || !Files.isReadable(file.path)) {
      throw new UsageException("not a readable file: " + file.path);
    }
  }

  /// Early and friendly; the directory decides in the end.
  private void checkFree(Wanted file, boolean replace) {
    Optional<Entry> current = namespace.living(file.name);
    if (current.isEmpty() || replace) {
      return;
    }
    Optional<LocalFile> self = share.at(file.path).filter(f -> f.name().equals(file.name));
    if (self.isEmpty() && !hasContent(file, current.get())) {
      throw new ConflictException(
          file.name + " exists with other content; put --replace makes the next version of it");
    }
  }

  private boolean hasContent(Wanted file, Entry current) {
    ReadyContent copy = imported(file);
    try {
      return file.is(current.version(), copy);
    } finally {
      share.discard(copy);
    }
  }

  private Placed place(Wanted file) {
    Optional<LocalFile> inPlace = share.at(file.path).filter(f -> f.name().equals(file.name));
    if (inPlace.isPresent()) {
      return announced(inPlace.get());
    }
    ReadyContent ready = imported(file);
    long base = namespace.entry(file.name).map(entry -> entry.version().number()).orElse(0L);
    Optional<Entry> current = namespace.living(file.name);
    if (current.isPresent() && file.is(current.get().version(), ready)) {
      Installed same = share.install(ready, file.name, current.get().version(), Reason.KEPT);
      announcer.changed(file.name);
      return new Placed(file.name, same.file(), Optional.empty());
    }
    try {
      Version edit = new Version(base, file.kind, ready.content(), file.mtime(), file.mode());
      Installed installed = share.installEdit(ready, file.name, edit);
      return announced(installed.file());
    } catch (IOException e) {
      throw new FailedException("cannot read " + file.path + ": " + e.getMessage(), e);
    }
  }

  private Placed announced(LocalFile file) {
    if (!file.edited()) {
      announcer.changed(file.name());
      return new Placed(file.name(), file, Optional.empty());
    }
    CompletableFuture<Verdict> verdict = announcer.verdict(file.name());
    announcer.changed(file.name());
    return new Placed(file.name(), file, Optional.of(verdict));
  }

  private static Documents.PutFile await(Placed placed) throws InterruptedException {
    long version =
        placed.verdict.isPresent()
            ? new AwaitedVersion(
                    placed.name, placed.verdict.get(), "it is announced when the directory is back")
                .await()
                .number()
            : placed.file.base();
    return new Documents.PutFile(
        placed.name.value(),
        version,
        placed.file.content().size(),
        placed.file.content().root().toString(),
        true);
  }
}
