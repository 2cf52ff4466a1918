package dev.potluck.peer;

import dev.potluck.content.ByteSource;
import dev.potluck.content.ConflictException;
import dev.potluck.content.ContentId;
import dev.potluck.content.Name;
import dev.potluck.content.NoSuchNameException;
import dev.potluck.content.UnavailableException;
import dev.potluck.content.UsageException;
import dev.potluck.directory.Endpoint;
import dev.potluck.directory.Entry;
import dev.potluck.directory.HeldLock;
import dev.potluck.directory.Holder;
import dev.potluck.directory.Load;
import dev.potluck.directory.Member;
import dev.potluck.directory.PeerId;
import dev.potluck.directory.Responsible;
import dev.potluck.directory.Verdict;
import dev.potluck.directory.Welcome;
import dev.potluck.wire.Deleted;
import dev.potluck.wire.DirectoryClient;
import dev.potluck.wire.PeerClient;
import dev.potluck.wire.Ticket;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/// What a user of this machine can ask its peer.
final class PeerCommands implements ControlHandler {
  private static final Logger LOG = System.getLogger(PeerCommands.class.getName());
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Duration VISIBLE_WITHIN = Duration.ofSeconds(5);

  /// Commands that say nothing of files.
  private static final Set<String> WITHOUT_NAMES =
      Set.of("peers", "status", "invite", "expel", "events", "recover");

  /// How many members know where a name is, once the party is large.
  private static final int RESPONSIBLE = 3;

  private static final long DAY_MS = Duration.ofDays(1).toMillis();
  private static final int COPY_BYTES = 256 << 10;

  private final PeerParts parts;
  private final GetFiles get;
  private final PutFiles put;
  private final Supplier<Documents.Status> status;
  private final Leaving leaving;
  private final PartyRecovery recovery;
  private final InstantSource clock;

  /// Leaves the party for good, after which this peer ends.
  interface Leaving {
    /// @throws dev.potluck.content.PotluckException if that is not possible; nothing has changed
    ///   then
    ///
    /// @param abandon not to give others what only this machine has
    void leave(boolean abandon, HandOver.Notes notes) throws IOException;

    void end();
  }

  /// What commands work with.
  record PeerParts(
      PeerId self,
      Share share,
      Namespace namespace,
      Announcer announcer,
      DirectoryLink link,
      DirectoryClient directory,
      PeerLocks locks,
      PeerClient peers,
      PeerBook book,
      Locator locator,
      Fetcher fetcher,
      Swarms swarms,
      Supplier<Load> load,
      Supplier<List<PeerId>> seats,
      EventLog events) {}

  PeerCommands(
      PeerParts parts,
      GetFiles get,
      PutFiles put,
      Supplier<Documents.Status> status,
      Leaving leaving,
      PartyRecovery recovery,
      InstantSource clock) {
    this.leaving = leaving;
    this.recovery = recovery;
    this.clock = clock;
    this.parts = parts;
    this.get = get;
    this.put = put;
    this.status = status;
  }

  @Override
  public void handle(String command, JsonNode json, ControlReply reply)
      throws IOException, InterruptedException {
    Arguments args = new Arguments(json);
    if (!WITHOUT_NAMES.contains(command)) {
      // What was closed before the command counts.
      parts.announcer.awaitEdits(Announcer.HEARD_WITHIN);
    }
    switch (command) {
      case "find" -> reply.result(find(args));
      case "responsible" -> reply.result(responsible(args.name("name")));
      case "ls" -> reply.result(ls(args, reply));
      case "get" -> reply.result(get.run(args, reply));
      case "cat" -> cat(args, reply);
      case "put" -> reply.result(put.run(json));
      case "rm" -> reply.result(rm(args));
      case "mv" -> reply.result(mv(args));
      case "lock" -> reply.result(lock(args, reply));
      case "unlock" -> reply.result(unlock(args));
      case "history" -> reply.result(history(args));
      case "restore" -> reply.result(restore(args));
      case "load" -> reply.result(load(args));
      case "update" -> reply.result(update(args));
      case "peers" -> reply.result(peers(reply));
      case "status" -> reply.result(status.get());
      case "invite" -> reply.result(invite(args));
      case "expel" -> reply.result(expel(args));
      case "leave" -> leave(args, reply);
      case "recover" -> reply.result(recovery.run(args.flag("yes")));
      case "events" -> follow(parts.events, reply);
      case "complete" -> reply.result(complete(args));
      default -> throw new UsageException("this peer does not know the command " + command);
    }
  }

  /// Who has to know where a name is, worked out here.
  private Documents.Responsible responsible(Name name) {
    Set<PeerId> members = new LinkedHashSet<>(List.of(parts.self));
    parts.book.all().forEach(member -> members.add(member.peer()));
    List<PeerId> seats = parts.seats.get();
    return new Documents.Responsible(
        name.value(),
        Responsible.forName(name, seats, seats.size()).stream().map(this::located).toList(),
        Responsible.forName(name, members, RESPONSIBLE).stream().map(this::located).toList());
  }

  private Documents.Located located(PeerId peer) {
    boolean self = peer.equals(parts.self);
    String address = parts.book.holder(peer).map(holder -> holder.control().toString()).orElse("");
    return new Documents.Located(
        self ? parts.book.selfName() : parts.book.nameOf(peer), peer.text(), address);
  }

  private Documents.Found find(Arguments args) throws InterruptedException {
    Locator.Located located = parts.locator.find(args.name("name"), args.waiting());
    Entry entry = located.entry();
    ContentId content = entry.version().content();
    List<Documents.HolderOfName> holders = new ArrayList<>();
    boolean selfListed = false;
    for (Holder holder : located.holders()) {
      selfListed |= holder.peer().equals(parts.self);
      holders.add(document(holder, content));
    }
    if (!selfListed && located.cached() && parts.share.holds(content)) {
      int of = content.pieces().count();
      holders.add(
          new Documents.HolderOfName(
              parts.book.selfName(), "here", of, of, 0.0, sum(parts.load.get())));
    }
    return new Documents.Found(
        entry.name().value(),
        Documents.kind(entry.version()),
        entry.version().number(),
        content.size(),
        content.root().toString(),
        "none",
        located.cached(),
        holders);
  }

  private Documents.HolderOfName document(Holder holder, ContentId content) {
    boolean self = holder.peer().equals(parts.self);
    int of = content.pieces().count();
    int here =
        holder.whole()
            ? of
            : self
                ? parts.swarms.partial(content).map(p -> p.verified().cardinality()).orElse(0)
                : parts.swarms.piecesOf(holder.peer(), content);
    Double latency = self ? Double.valueOf(0) : parts.swarms.latencyMs(holder).orElse(null);
    return new Documents.HolderOfName(
        holder.name(), holder.control().toString(), here, of, latency, sum(holder.load()));
  }

  private static int sum(Load load) {
    return load.uploads() + load.downloads();
  }

  private List<Documents.Listed> ls(Arguments args, ControlReply reply) throws IOException {
    Optional<Name> prefix = args.optionalText("prefix").map(Name::of);
    Optional<String> peer = args.optionalText("peer");
    List<Documents.Listed> lines = new ArrayList<>();
    try {
      parts.directory.listAll(
          prefix,
          TIMEOUT,
          line -> {
            if (peer.isEmpty() || line.holderNames().contains(peer.get())) {
              lines.add(document(line.entry(), line.holderNames()));
            }
          });
    } catch (UnavailableException e) {
      reply.note("the directory is away: this is what was known, without who has it");
      lines.clear();
      String start = prefix.map(p -> p.value() + "/").orElse("");
      prefix.flatMap(parts.namespace::living).ifPresent(p -> lines.add(document(p, List.of())));
      parts.namespace.list(start).forEach(entry -> lines.add(document(entry, List.of())));
    }
    if (lines.isEmpty() && prefix.isPresent() && peer.isEmpty()) {
      throw new NoSuchNameException("no such name, and nothing in a folder of it: " + prefix.get());
    }
    if (peer.isPresent() && parts.book.find(peer.get()).isEmpty()) {
      throw new NoSuchNameException("no such peer: " + peer.get() + "; potluck peers lists them");
    }
    return lines;
  }

  private Documents.Listed document(Entry entry, List<String> holders) {
    ContentId content = entry.version().content();
    boolean here = parts.share.find(entry.name()).filter(f -> f.holds(entry.version())).isPresent();
    return new Documents.Listed(
        entry.name().value(),
        Documents.kind(entry.version()),
        entry.version().number(),
        content.size(),
        content.root().toString(),
        holders,
        here);
  }

  private void cat(Arguments args, ControlReply reply) throws InterruptedException {
    Locator.Located located = parts.locator.find(args.name("name"), args.waiting());
    Entry entry = located.entry();
    ContentId content = entry.version().content();
    var _ =
        parts.fetcher.read(
            entry.name(),
            entry.version(),
            parts.locator.source(entry.name(), content),
            Retry.deadline(args.waiting()),
            source -> {
              copy(source, content.size(), reply.stream(content.size()));
              return true;
            });
  }

  private static void copy(ByteSource source, long size, OutputStream out) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(COPY_BYTES);
    for (long position = 0; position < size; position += buffer.limit()) {
      int count = source.read(position, buffer.clear());
      if (count <= 0) {
        throw new IOException("it ends at byte " + position);
      }
      out.write(buffer.flip().array(), 0, count);
    }
    out.flush();
  }

  private Documents.Removed rm(Arguments args) throws InterruptedException {
    List<Name> names = args.names("names");
    List<Name> unknown =
        names.stream().filter(name -> parts.namespace.living(name).isEmpty()).toList();
    Deleted deleted = parts.directory.delete(names, TIMEOUT);
    parts.namespace.awaitRevision(deleted.revision(), VISIBLE_WITHIN);
    // What was there a moment ago is gone, be it by this command, whose answer was lost once.
    Optional<Name> missing = deleted.missing().stream().filter(unknown::contains).findFirst();
    if (missing.isPresent()) {
      throw new NoSuchNameException("no such name: " + missing.get());
    }
    return new Documents.Removed(names.stream().map(Name::value).toList());
  }

  private Documents.Moved mv(Arguments args) throws InterruptedException {
    Name from = args.name("from");
    Name to = args.name("to");
    var moved = parts.directory.move(from, to, TIMEOUT);
    parts.namespace.awaitRevision(moved.revision(), VISIBLE_WITHIN);
    return new Documents.Moved(from.value(), to.value(), moved.version().number());
  }

  /// Says who has the lock before it waits for it.
  private Documents.Locked lock(Arguments args, ControlReply reply)
      throws IOException, InterruptedException {
    Name name = args.name("name");
    Duration wait = args.waiting();
    HeldLock held;
    try {
      held = parts.locks.lock(name, Duration.ZERO);
    } catch (ConflictException e) {
      if (wait.isZero()) {
        throw new ConflictException(e.getMessage() + "; lock --wait 1m would wait for it", e);
      }
      reply.note(e.getMessage() + "; waiting for it");
      held = parts.locks.lock(name, wait);
    }
    Duration lease = parts.link.welcome().map(Welcome::lease).orElse(Duration.ZERO);
    return new Documents.Locked(
        name.value(),
        held.lock().token(),
        held.holder(),
        clock.instant().plus(lease).truncatedTo(ChronoUnit.MILLIS).toString());
  }

  private Documents.Unlocked unlock(Arguments args) {
    Name name = args.name("name");
    parts.locks.unlock(name);
    return new Documents.Unlocked(name.value());
  }

  private Documents.History history(Arguments args) {
    Name name = args.name("name");
    return new Documents.History(
        name.value(),
        parts.directory.history(name, TIMEOUT).stream().map(Documents.PastVersion::of).toList());
  }

  private Documents.Restored restore(Arguments args) throws InterruptedException {
    List<Documents.NameVersion> done = new ArrayList<>();
    for (Name name : args.names("names")) {
      long base = parts.namespace.entry(name).map(e -> e.version().number()).orElse(0L);
      CompletableFuture<Verdict> verdict = parts.announcer.verdict(name);
      try {
        LocalFile file = parts.share.restore(name, base);
        parts.announcer.changed(name);
        done.add(new Documents.NameVersion(name.value(), versionOf(file, verdict)));
      } finally {
        verdict.cancel(false);
      }
    }
    return new Documents.Restored(done);
  }

  private static long versionOf(LocalFile file, CompletableFuture<Verdict> verdict)
      throws InterruptedException {
    try {
      Verdict heard = verdict.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
      return heard instanceof Verdict.Current(_, var version) ? version.number() : file.base();
    } catch (ExecutionException | TimeoutException e) {
      throw new UnavailableException(
          file.name() + " is back in the share; it is announced when the directory is back", e);
    }
  }

  private Documents.Load load(Arguments args) throws IOException {
    Optional<String> asked = args.optionalText("peer");
    if (asked.isEmpty() || asked.get().equals(parts.book.selfName())) {
      return document(parts.book.selfName(), parts.load.get());
    }
    if (parts.book.find(asked.get()).isEmpty() && parts.link.isConnected()) {
      parts.book.learn(parts.directory.members(TIMEOUT).members());
    }
    Optional<Holder> peer = parts.book.find(asked.get()).flatMap(parts.book::holder);
    if (peer.isPresent()) {
      Holder known = peer.get();
      try {
        return document(known.name(), parts.peers.load(known.control(), known.peer(), TIMEOUT));
      } catch (UnavailableException e) {
        throw new UnavailableException(known.name() + " does not answer: " + e.getMessage(), e);
      }
    }
    if (asked.get().indexOf(':') < 0) {
      throw new NoSuchNameException(
          "no such peer: " + asked.get() + "; potluck peers lists them, HOST:PORT works too");
    }
    return document(asked.get(), parts.peers.load(Endpoint.parse(asked.get()), TIMEOUT));
  }

  private static Documents.Load document(String name, Load load) {
    return new Documents.Load(name, load.uploads(), load.downloads(), sum(load));
  }

  private Documents.Updated update(Arguments args) throws InterruptedException {
    ScanReport report = parts.share.rescan(args.flag("deletions"));
    if (parts.link.isConnected()) {
      try {
        var _ = parts.announcer.settled().get(VISIBLE_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
      } catch (ExecutionException | TimeoutException e) {
        LOG.log(Level.INFO, "the directory has not answered all of the update yet");
      }
    }
    return new Documents.Updated(
        report.files(),
        report.bytes(),
        report.added(),
        report.changed(),
        report.removed(),
        skipped(report.skipped()),
        report.took().toMillis() / 1e3);
  }

  static List<Map<String, String>> skipped(List<Skipped> skipped) {
    return skipped.stream().map(s -> Map.of("path", s.path(), "why", s.why())).toList();
  }

  private List<Documents.Peer> peers(ControlReply reply) throws IOException {
    try {
      return parts.directory.members(TIMEOUT).members().stream().map(Documents.Peer::of).toList();
    } catch (UnavailableException e) {
      reply.note("the directory is away: these were its members, whether they are up is not known");
      return parts.book.all().stream().map(Documents.Peer::remembered).toList();
    }
  }

  private Documents.Invitation invite(Arguments args) {
    Duration validity = Duration.ofMillis(args.number("valid_ms", DAY_MS));
    Ticket ticket = parts.directory.invite(validity, TIMEOUT);
    return new Documents.Invitation(ticket.encode(), ticket.expires().toString());
  }

  private Documents.Expelled expel(Arguments args) {
    String asked = args.text("peer");
    Member member =
        parts.directory.members(TIMEOUT).members().stream()
            .filter(m -> m.name().equals(asked) || m.id().text().equals(asked))
            .findFirst()
            .orElseThrow(
                () -> new NoSuchNameException("no such peer: " + asked + "; see potluck peers"));
    if (member.id().equals(parts.self)) {
      throw new UsageException("a peer leaves by itself: potluck leave");
    }
    parts.directory.expel(member.id(), TIMEOUT);
    return new Documents.Expelled(member.name(), member.id().text());
  }

  private void leave(Arguments args, ControlReply reply) throws IOException {
    leaving.leave(args.flag("abandon"), reply::note);
    try {
      reply.result(new Documents.Expelled(parts.book.selfName(), parts.self.text()));
    } finally {
      leaving.end(); // Whoever asked may be gone with the first byte of the answer.
    }
  }

  static void follow(EventLog log, ControlReply reply) throws IOException, InterruptedException {
    try (EventLog.Listener listener = log.listen()) {
      while (!Thread.interrupted()) {
        reply.event(listener.next());
      }
    }
  }

  private Documents.Completions complete(Arguments args) {
    String prefix = args.optionalText("prefix").orElse("");
    long limit = args.number("limit", 100);
    return new Documents.Completions(
        parts.namespace.list(prefix).stream().limit(limit).map(e -> e.name().value()).toList());
  }
}
