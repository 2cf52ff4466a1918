package dev.potluck.peer;

import dev.potluck.content.DeniedException;
import dev.potluck.content.FailedException;
import dev.potluck.content.Name;
import dev.potluck.content.PotluckException;
import dev.potluck.content.UnavailableException;
import dev.potluck.content.UsageException;
import dev.potluck.content.Version;
import dev.potluck.directory.ConflictName;
import dev.potluck.directory.Endpoint;
import dev.potluck.directory.Entry;
import dev.potluck.directory.Epoch;
import dev.potluck.directory.Hello;
import dev.potluck.directory.Holder;
import dev.potluck.directory.Leases;
import dev.potluck.directory.Load;
import dev.potluck.directory.PeerId;
import dev.potluck.directory.Reason;
import dev.potluck.directory.Seating;
import dev.potluck.directory.Welcome;
import dev.potluck.exchange.LatencyTable;
import dev.potluck.exchange.Selector;
import dev.potluck.wire.BulkClient;
import dev.potluck.wire.BulkServer;
import dev.potluck.wire.DirectoryClient;
import dev.potluck.wire.Greeting;
import dev.potluck.wire.PeerClient;
import dev.potluck.wire.Roster;
import dev.potluck.wire.Whereabouts;
import dev.potluck.wire.WireServer;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A peer: `potluck up`. Puts its parts together, and takes them apart again.
public final class PeerDaemon implements AutoCloseable {
  private static final Logger LOG = System.getLogger(PeerDaemon.class.getName());
  private static final Duration MEMBERS_TIMEOUT = Duration.ofSeconds(5);

  /// How long a peer that leaves tries to give up its seat.
  private static final Duration LEAVING = Duration.ofSeconds(45);

  /// How many members are asked where the directory is.
  private static final int ASKED_MAX = 64;

  private static final Duration MEMBERS_REST = Duration.ofMillis(500);

  /// How long one attempt at an update waits for a holder.
  private static final Duration UPDATE_PATIENCE = Duration.ofSeconds(5);

  private static final Duration RENEWAL_CHECK = Duration.ofHours(1);
  private static final Duration TIDY = Duration.ofSeconds(15);

  /// How long what programs had locked is kept while nobody else wants it.
  private static final Duration KEPT = Duration.ofMillis(100);

  private final UpOptions options;
  private final Closing closing;
  private final Clock clock = Clock.systemUTC();
  private final EventLog events = new EventLog(clock);
  private final Transfers transfers = new Transfers();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final ScheduledExecutorService chores;
  private final Refresher members;
  private final Share share;
  private final Station station;
  private final Namespace namespace;
  private final PeerBook book;
  private final LastContact contact;
  private final DirectoryClient directory;
  private final PeerLocks locks;
  private final FileLocks fileLocks;
  private final FileTransactions transactions;
  private final PeerClient peers;
  private final BulkClient bulk;
  private final Swarms swarms;
  private final Announcer announcer;
  private final Updater updater;
  private final ShareEvents shareEvents;
  private final GetFiles get;
  private final Locator locator;
  private final Fetcher fetcher;
  private final PartyFiles files;
  private final Serving serving;
  private final BulkServer bulkServer;
  private final WireServer server;
  private final DirectoryHost host;
  private final DirectorySeat seat;
  private final SeatKeeper seats;
  private final Endpoint control;
  private final Endpoint content;
  private final Path state;
  private volatile @Nullable DirectoryLink link;
  private volatile @Nullable Follower follower;
  private volatile @Nullable Greeter greeter;
  private volatile List<PeerId> seated = List.of();
  private volatile @Nullable PotluckException endedBy;
  private volatile boolean left;

  /// How long the party remembers deletions.
  private volatile Duration memory = Leases.USUAL_MEMORY;

  /// Starts a peer; returns once it serves and is in the party, or knows that the directory of its
  /// party is away.
  ///
  /// @throws PotluckException saying why it can't
  public static PeerDaemon start(UpOptions options) throws InterruptedException {
    refuseNesting(options.share());
    Closing closing = new Closing();
    boolean started = false;
    try {
      InstanceLock.awaitKilled(options.share());
      PeerDaemon daemon = new PeerDaemon(options, closing);
      daemon.join();
      started = true;
      return daemon;
    } catch (IOException e) {
      throw new FailedException("the peer cannot start: " + e.getMessage(), e);
    } finally {
      if (!started) {
        closing.close();
      }
    }
  }

  /// Waits until a peer that was killed has ended: a mount of it that hangs can keep it.
  ///
  /// @return false if the time is over and it has not
  public static boolean awaitKilled(Path share, Duration atMost) throws InterruptedException {
    try {
      return InstanceLock.awaitKilled(share, atMost);
    } catch (IOException e) {
      throw Failures.of("cannot look who has the share " + share, e);
    }
  }

  /// A share inside a share would be shared twice.
  private static void refuseNesting(Path share) {
    for (Path up = share.getParent(); up != null; up = up.getParent()) {
      if (Files.exists(up.resolve(ControlProtocol.STATE_FOLDER))) {
        throw new UsageException(
            share + " lies inside " + up + ", which is shared already: share another folder");
      }
    }
  }

  private PeerDaemon(UpOptions options, Closing closing) throws IOException, InterruptedException {
    this.options = options;
    this.closing = closing;
    Optional<LatencyTable> latencies = latencies(options.selection());
    state = StateFolder.in(options.share());
    NativeLibraries.prepare(state);
    chores =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("chores").daemon().factory());
    closing.add("chores", chores::shutdownNow);
    shareEvents =
        new ShareEvents(events, why -> end(new FailedException(options.share() + ": " + why)));
    share = openShare();
    station = Station.open(state, options.membership(), options.prefix(), clock);
    closing.add("station", station);
    Database database =
        Database.open(
            state.resolve("peer.db"),
            PeerBook.SCHEMA + PendingGets.SCHEMA + PreparedFiles.SCHEMA + LastContact.SCHEMA);
    closing.add("peer database", database);
    namespace = Namespace.open(state.resolve("namespace.db"));
    closing.add("namespace", namespace);
    book = new PeerBook(database, wishedName());
    contact = new LastContact(database, clock);
    directory = new DirectoryClient(station.threads(), station.tls(), station.party().addresses());
    closing.add("directory client", directory);
    locks =
        new PeerLocks(station.identity().id(), new LocksOfDirectory(directory, namespace), KEPT);
    fileLocks = new FileLocks(locks);
    peers = new PeerClient(station.threads(), station.tls());
    closing.add("peer client", peers);
    bulk = new BulkClient(station.threads(), station.tls());
    closing.add("bulk client", bulk);
    members = new Refresher("members", MEMBERS_REST, this::askMembers);
    closing.add("members", members);
    PeerId self = station.identity().id();
    swarms =
        new Swarms(
            self,
            share,
            book,
            new ExchangeThread(station.threads().exchange()),
            bulk,
            selector(),
            latencies,
            transfers,
            events);
    closing.add("exchange", swarms);
    announcer = new Announcer(share, namespace);
    closing.add("announcer", announcer);
    locator = new Locator(self, directory, peers, namespace, book, this::isConnected);
    fetcher = new Fetcher(share, swarms, announcer, events);
    Streams streams = new Streams(share, namespace, fetcher, locator, swarms, transfers);
    closing.add("readers", streams);
    files = new PeerFiles(share, namespace, locator, streams);
    updater = new Updater(share, namespace, announcer, this::bring, events);
    closing.add("updates", updater);
    announcer.start(updater);
    transactions =
        new FileTransactions(
            share, namespace, announcer, directory::commit, new PreparedFiles(database));
    transactions.tidy();
    get =
        new GetFiles(
            share,
            namespace,
            locator,
            directory,
            fetcher,
            swarms,
            announcer,
            book,
            new PendingGets(database),
            events);
    Adoptions adoptions = new Adoptions(get::adopt);
    closing.add("adoptions", adoptions);
    serving =
        new Serving(
            share,
            swarms,
            this::load,
            this::greeted,
            this::reaches,
            adoptions,
            options.corruptEvery());
    Leases leases = TrackerDaemon.leases(options.rhythm());
    host =
        new DirectoryHost(
            self, leases, station::admission, clock, new Neighbours(), station.denied());
    seat =
        new DirectorySeat(
            station, state, host, peers, this::whereIs, member -> seated.contains(member));
    seats = new SeatKeeper(self, host, seat, peers, new Seating(options.seatsMax()));
    Endpoint listen = options.presence().listen();
    server = WireServer.start(station.threads(), station.tls(), listen, host, serving, seat);
    closing.add("control port", server);
    int bulkPort = listen.port() == 0 ? 0 : listen.port() + 1;
    bulkServer =
        BulkServer.start(
            station.threads(),
            station.tls(),
            new Endpoint(listen.host(), bulkPort),
            serving,
            serving);
    closing.add("bulk port", bulkServer);
    control = advertised(server.port());
    content = new Endpoint(control.host(), advertisedBulkPort());
    closing.add("directory", seat);
    closing.add("seats", seats);
    // It could not keep its word.
    host.onFailure(
        () ->
            end(
                new FailedException(
                    "the directory on this machine cannot write and ends; the log says why. Make"
                        + " room and start it again")));
    seat.open(station.party().founder());
    closing.add("inquest", Inquest.of(self, host, peers, options.rhythm(), this::whereIs));
    Greeter opened =
        new Greeter(
            new Whereabouts(self, control, content, clock.instant()),
            book,
            peers,
            this::directoryAddresses,
            new Around());
    greeter = opened;
    closing.add("greeter", opened);
  }

  private Greeting greeted(PeerId caller, Greeting told) {
    Greeter open = greeter;
    return open == null ? new Greeting(0, List.of()) : open.greeted(caller, told);
  }

  /// The latest directory that this machine has heard of.
  private long latest() {
    long here = seat.incarnation();
    long followed = namespace.incarnation();
    return Epoch.supersedes(here, followed) ? here : followed;
  }

  /// What members that greet each other have to know of this one.
  private final class Around implements Greeter.Party {
    @Override
    public boolean isLost() {
      return link == null || !isConnected();
    }

    /// Who leads a directory looks for who may not know of it.
    @Override
    public boolean missesSomebody() {
      return host.isLeading() && (Epoch.of(latest()) > Epoch.FIRST || host.missesSomebody());
    }

    @Override
    public long incarnation() {
      return latest();
    }

    @Override
    public void heard(long incarnation) {
      if (seat.giveWay(incarnation)) {
        events.add("directory", "state", "superseded");
        reconnect();
      }
    }

    @Override
    public void moved() {
      directory.addresses(directoryAddresses());
    }
  }

  /// What the directory on this machine has to know of what is around it.
  private final class Neighbours implements DirectoryHost.Neighbourhood {
    @Override
    public List<Endpoint> elsewhere(Optional<PeerId> leader) {
      Optional<Endpoint> known = leader.flatMap(PeerDaemon.this::whereIs);
      if (known.isPresent()) {
        return List.of(known.get());
      }
      return directoryAddresses().stream().filter(at -> !at.equals(control)).toList();
    }

    /// A session with a machine that hangs would only end with its lease.
    @Override
    public void ledBy(PeerId leader) {
      Optional<Endpoint> at = whereIs(leader);
      if (at.isPresent() && !directory.current().equals(at)) {
        directory.prefer(at.get());
        reconnect();
      }
    }

    @Override
    public List<Endpoint> addresses() {
      Set<Endpoint> all = new LinkedHashSet<>(List.of(control));
      host.seats().forEach(peer -> whereIs(peer).ifPresent(all::add));
      return List.copyOf(all);
    }

    @Override
    public void greeted(PeerId member, Hello hello) {
      try {
        var _ = book.meet(new Whereabouts(member, hello.control(), hello.bulk(), Instant.EPOCH));
      } catch (IOException e) {
        LOG.log(Level.WARNING, "cannot note where {0} is: {1}", hello.name(), e.getMessage());
      }
    }

    @Override
    public void vacate(PeerId member) {
      seats.vacate(member);
    }

    @Override
    public void disconnect(PeerId peer) {
      cut(peer);
    }
  }

  /// Where this machine knows the member to be: it is no prober of addresses that others name.
  private boolean reaches(PeerId member) {
    Endpoint at =
        whereIs(member)
            .orElseThrow(() -> new UnavailableException("it is not known here where that is"));
    return peers.answers(at, member, Inquest.PATIENCE);
  }

  private void reconnect() {
    DirectoryLink session = link;
    if (session != null) {
      session.reconnect();
    }
    Follower watching = follower;
    if (watching != null) {
      watching.reconnect();
    }
  }

  /// Where a member was last seen.
  private Optional<Endpoint> whereIs(PeerId peer) {
    return book.holder(peer).map(Holder::control);
  }

  private Share openShare() {
    Optional<Name> prefix =
        options.prefix().or(() -> PartyState.load(state).flatMap(PartyState::prefix));
    ShareOptions how =
        ShareOptions.DEFAULTS
            .withSettle(options.settle())
            .withTrash(options.trashAge(), ShareOptions.DEFAULTS.trashBytes())
            .withKeepVersions(options.keepVersions())
            .withPrefix(prefix);
    Share opened =
        Share.open(
            options.share(),
            how,
            name -> ConflictName.of(name, wishedName(), clock.instant(), _ -> false),
            shareEvents,
            Executors.newVirtualThreadPerTaskExecutor());
    closing.add("share", opened);
    return opened;
  }

  private static Optional<LatencyTable> latencies(Selection selection) throws IOException {
    if (selection.latencyFile().isEmpty()) {
      return Optional.empty();
    }
    Path file = selection.latencyFile().get();
    if (!Files.isReadable(file)) {
      throw new UsageException("--latency: cannot read " + file);
    }
    return Optional.of(LatencyTable.parse(file.toString(), Files.readString(file)));
  }

  private Selector selector() {
    return switch (options.selection().algorithm()) {
      case ADAPTIVE -> Selector.ADAPTIVE;
      case CLASSIC -> Selector.CLASSIC;
    };
  }

  private String wishedName() {
    return options.presence().name().orElseGet(PeerDaemon::hostName);
  }

  private static String hostName() {
    try {
      String host = InetAddress.getLocalHost().getHostName();
      int dot = host.indexOf('.');
      return dot > 0 ? host.substring(0, dot) : host;
    } catch (UnknownHostException e) {
      return "peer";
    }
  }

  private Endpoint advertised(int port) {
    Presence presence = options.presence();
    return presence
        .advertise()
        .orElseGet(
            () -> {
              Optional<Endpoint> towards = station.party().addresses().stream().findFirst();
              return new Endpoint(Addresses.advertised(presence.listen().host(), towards), port);
            });
  }

  /// Behind a forwarded port the bulk port is the one above it.
  private int advertisedBulkPort() {
    return options.presence().advertise().map(a -> a.port() + 1).orElseGet(bulkServer::port);
  }

  private DirectoryAtHand nearest() {
    return new DirectoryAtHand(station.identity().id(), control, host, directory);
  }

  /// Enters the party: checks a first join, opens the session, and begins to follow.
  private void join() throws IOException, InterruptedException {
    directory.addresses(directoryAddresses());
    boolean first = namespace.incarnation() == 0;
    DirectoryAtHand nearest = nearest();
    Follower watching =
        new Follower(
            nearest::watch,
            namespace,
            announcer,
            new PartyChanges(
                share, announcer, entry -> updater.update(entry, reasonOf(entry)), events),
            members::ask);
    follower = watching;
    closing.add("watch", watching);
    if (first) {
      awaitFirst(watching);
    }
    Hello hello = new Hello(wishedName(), control, content);
    DirectoryLink session =
        new DirectoryLink(
            nearest::session,
            hello,
            announcer,
            book,
            contact,
            this::load,
            events,
            () -> Epoch.of(latest()),
            new Sessions(locks));
    link = session;
    closing.add("session", session);
    closing.add("locks", locks);
    Duration patience = first ? options.membership().patience() : Duration.ofSeconds(3);
    if (!session.awaitWelcome(patience) && first) {
      throw away(session.trouble());
    }
    station.remember(directoryAddresses());
    shareEvents.attach(announcer, updater);
    share.hint();
    openControl(session);
    get.resumePending();
    Runnable tidy = new MemoryTidy(() -> transfers.downloads() + serving.uploads() > 0);
    var _ =
        chores.scheduleWithFixedDelay(
            tidy, TIDY.toMillis(), TIDY.toMillis(), TimeUnit.MILLISECONDS);
    var _ = chores.scheduleWithFixedDelay(this::forgetDeletions, 1, 1, TimeUnit.HOURS);
    var _ =
        chores.scheduleWithFixedDelay(
            this::renew, 0, RENEWAL_CHECK.toMillis(), TimeUnit.MILLISECONDS);
  }

  private UnavailableException away(String why) {
    return new UnavailableException(
        "the directory does not answer at "
            + directoryAddresses()
            + " ("
            + why
            + "): is it up, and reachable from here?");
  }

  /// Before a share is announced for the first time, it is held against the names there are.
  private void awaitFirst(Follower watching) throws InterruptedException {
    try {
      watching.awaitFirst(options.membership().patience());
    } catch (UnavailableException e) {
      throw away(e.getMessage());
    }
    share.rescan();
    if (!options.acceptConflicts()) {
      FirstJoin.check(share.files(), namespace);
    }
  }

  private void openControl(DirectoryLink session) throws IOException {
    PeerCommands.PeerParts parts =
        new PeerCommands.PeerParts(
            station.identity().id(),
            share,
            namespace,
            announcer,
            session,
            directory,
            locks,
            peers,
            book,
            locator,
            fetcher,
            swarms,
            this::load,
            () -> seated,
            events);
    PutFiles put = new PutFiles(share, namespace, announcer, session, locks, transactions);
    closing.add(
        "control socket",
        ControlServer.open(
            state,
            new PeerCommands(
                parts, get, put, this::status, new Departure(), recovery(session), clock)));
  }

  private PartyRecovery recovery(DirectoryLink session) {
    return new PartyRecovery(
        station, session, host, seat, namespace, book, this::latest, () -> seated, this::begunAnew);
  }

  /// The directory was begun anew, here.
  private void begunAnew() {
    directory.prefer(control);
    reconnect();
  }

  /// Brings a version that takes the place of an older one.
  private void bring(Name name, Version version, Reason reason) throws InterruptedException {
    HolderSource holders = locator.source(name, version.content());
    long deadlineNanos = Retry.deadline(UPDATE_PATIENCE);
    var _ = fetcher.intoShare(name, version, reason, holders, deadlineNanos, _ -> {});
  }

  private Reason reasonOf(Entry entry) {
    return share.find(entry.name()).map(LocalFile::reason).orElse(Reason.FETCHED);
  }

  private boolean isConnected() {
    DirectoryLink session = link;
    return session == null || session.isConnected();
  }

  private Load load() {
    return new Load(serving.uploads(), transfers.downloads());
  }

  /// Where the directory may be, as far as this machine knows, the likeliest first.
  private List<Endpoint> directoryAddresses() {
    Set<Endpoint> all = new LinkedHashSet<>();
    directory.current().ifPresent(all::add);
    if (seat.isTaken()) {
      all.add(control);
    }
    seated.forEach(peer -> whereIs(peer).ifPresent(all::add));
    all.addAll(station.party().addresses());
    book.controls().stream().limit(ASKED_MAX).forEach(all::add);
    return List.copyOf(all);
  }

  /// What becomes of the sessions with the directory.
  private final class Sessions implements DirectoryLink.Listener {
    private final PeerLocks locks;
    private final Succession succession =
        new Succession(station.identity().id(), host, PeerDaemon.this::whereIs, seat::succeed);

    Sessions(PeerLocks locks) {
      this.locks = locks;
    }

    @Override
    public void welcomed(Welcome welcome) {
      PeerDaemon.this.welcomed(welcome);
    }

    @Override
    public void lost() {
      succession.lost();
    }

    @Override
    public void expelled() {
      PeerDaemon.this.expelled();
    }

    @Override
    public void lockWanted(Name name, long token, Runnable inUse) {
      locks.wanted(name, token, inUse);
    }
  }

  /// The directory let this peer in, which has not said anything yet.
  private void welcomed(Welcome welcome) {
    memory = welcome.memory();
    forgetDeletions();
    warnOfReturn(welcome);
    long afterLeaseMs = welcome.lease().toMillis() + 2_000;
    long incarnation = welcome.incarnation();
    var _ =
        chores.schedule(
            () -> {
              if (isConnected() && namespace.incarnation() == incarnation) {
                forgetUnconfirmed();
              }
            },
            afterLeaseMs,
            TimeUnit.MILLISECONDS);
    members.ask();
    locks.compare();
    transactions.settleOld();
  }

  /// Nobody is to be told of a deletion that the party has forgotten.
  private void forgetDeletions() {
    try {
      namespace.forgetDeletions(clock.instant().minus(memory));
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cannot forget old deletions: {0}", e.getMessage());
    }
  }

  /// A directory that has forgotten everything cannot tell what was deleted from what it never
  /// knew.
  private void warnOfReturn(Welcome welcome) {
    boolean other =
        contact.contact().incarnation() != welcome.incarnation()
            && Epoch.of(welcome.incarnation()) == Epoch.FIRST;
    Instant remembered = clock.instant().minus(welcome.memory());
    Optional<Instant> away = contact.at().filter(at -> other && at.isBefore(remembered));
    if (away.isPresent()) {
      LOG.log(
          Level.WARNING,
          "this machine was away since {0}, longer than deletions are remembered, and the directory"
              + " has begun anew meanwhile: what was deleted elsewhere may be back",
          away.get());
      events.add("long_away", "since", away.get().toString());
    }
  }

  private void forgetUnconfirmed() {
    try {
      namespace.forgetUnconfirmed();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cannot tidy the list of names: {0}", e.getMessage());
    }
  }

  /// Asks who is in the party.
  private void askMembers() {
    try {
      Roster roster = directory.members(MEMBERS_TIMEOUT);
      book.learn(roster.members());
      station.denied().learn(roster.members()).forEach(this::cut);
      seated = roster.seats();
      DirectoryLink session = link;
      long incarnation =
          session == null ? 0 : session.welcome().map(Welcome::incarnation).orElse(0L);
      seat.confirmed(incarnation, roster.seats(), options.rhythm().lease());
      directory.addresses(directoryAddresses());
    } catch (PotluckException e) {
      LOG.log(Level.DEBUG, "the members are not known: {0}", e.getMessage());
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cannot note the members'' addresses: {0}", e.getMessage());
    }
  }

  /// Ends all connections with a peer that was expelled.
  private void cut(PeerId peer) {
    server.disconnect(peer);
    bulkServer.disconnect(peer);
    peers.disconnect(peer);
    bulk.disconnect(peer);
    events.add("expelled", "peer", book.nameOf(peer));
  }

  private void renew() {
    boolean due =
        station.identity().renewAt().filter(at -> clock.instant().isAfter(at)).isPresent();
    if (!due || station.party().open()) {
      return;
    }
    try {
      station.identity().install(directory.renew(station.identity().request(), MEMBERS_TIMEOUT));
      LOG.log(Level.INFO, "the certificate was renewed");
    } catch (PotluckException e) {
      LOG.log(Level.WARNING, "the certificate is not renewed yet: {0}", e.getMessage());
    }
  }

  private Documents.Status status() {
    DirectoryLink session = link;
    boolean connected = session != null && session.isConnected();
    boolean learning = session != null && session.isLearning();
    String leader = directory.current().map(Endpoint::toString).orElse("");
    Load load = load();
    return new Documents.Status(
        book.selfName(),
        station.identity().id().text(),
        control.toString(),
        share.folder().toString(),
        station.party().open(),
        new Documents.Directory(
            host.isLeading() ? "leader" : seat.isTaken() ? "seat" : "client",
            leader,
            seated.stream().map(peer -> whereIs(peer).map(Endpoint::toString).orElse("?")).toList(),
            connected ? learning ? "learning" : "connected" : "away",
            Epoch.of(latest()),
            station.party().open() || station.authority().isPresent(),
            contact.at().map(Instant::toString).orElse("")),
        load.uploads() + load.downloads(),
        load.uploads(),
        load.downloads(),
        transfers.corruptPieces(),
        new Documents.Durability(namespace.size()),
        PeerCommands.skipped(share.skipped()),
        distrusted(),
        unsaved(),
        share.overlaid().stream().map(Name::value).toList(),
        share.aside().stream().map(Name::value).toList());
  }

  /// What is kept of drafts that could not be committed.
  private List<String> unsaved() {
    return share.files().stream()
        .map(LocalFile::name)
        .filter(UnsavedName::isOne)
        .map(Name::value)
        .sorted()
        .toList();
  }

  /// Whom this peer caught, or the directory that it hosts.
  private List<Distrust.Distrusted> distrusted() {
    List<Distrust.Distrusted> all = new ArrayList<>(transfers.distrusted());
    all.addAll(host.distrusted());
    return all;
  }

  /// Makes files of what was written in the mount: there may be no next start that does.
  private void finishEdits(boolean abandon) {
    try {
      share.finishOverlaid();
    } catch (IOException e) {
      if (!abandon) {
        throw Failures.of(
            "an edit could not be made a whole file, see status (leave --abandon goes without it)",
            e);
      }
      LOG.log(Level.WARNING, "an edit stays without its whole file: {0}", e.getMessage());
    }
  }

  /// `potluck leave`.
  private final class Departure implements PeerCommands.Leaving {
    @Override
    public void leave(boolean abandon, HandOver.Notes notes) throws IOException {
      finishEdits(abandon);
      if (!abandon) {
        new HandOver(share, directory, peers, book).run(notes);
      }
      Retry again = new Retry(Retry.deadline(LEAVING));
      while (true) {
        try {
          leaveDirectory();
          return;
        } catch (UnavailableException e) {
          // Others may be coming and going: one at a time can take a seat, or give it up.
          if (seats.isLast() || !waited(again)) {
            throw e;
          }
        }
      }
    }

    private static boolean waited(Retry again) {
      try {
        return again.again();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }

    private void leaveDirectory() {
      seats.abdicate();
      left = true;
      boolean done = false;
      try {
        directory.leave(MEMBERS_TIMEOUT);
        done = true;
      } finally {
        left = done;
      }
    }

    @Override
    public void end() {
      LOG.log(Level.INFO, "this peer has left the party; its files stay where they are");
      ended.countDown();
    }
  }

  private void expelled() {
    if (left) {
      return;
    }
    DirectoryLink session = link;
    String why = session == null ? "the party refuses this peer" : session.trouble();
    end(new DeniedException(why));
  }

  private void end(PotluckException why) {
    endedBy = why;
    ended.countDown();
  }

  /// What people call it.
  public String name() {
    return book.selfName();
  }

  /// The party's files, as this peer sees and reads them.
  public PartyFiles files() {
    return files;
  }

  /// The locks this peer has: whoever writes on this machine asks here.
  public PeerLocks locks() {
    return locks;
  }

  /// What programs of this machine have locked.
  public PartyLocks fileLocks() {
    return fileLocks;
  }

  /// The party's files, as whoever has mounted them on this machine changes them.
  public PartyEdits edits(WriteOptions how) {
    DirectoryAtHand nearest = nearest();
    NameEdits names = new NameEdits(share, namespace, announcer, nearest, this::bring, clock);
    Commits commits =
        new Commits(
            share, announcer, how, this::isConnected, host::isAlone, clock::instant, this::name);
    Drafts drafts =
        new Drafts(
            share,
            namespace,
            files,
            names,
            commits,
            WriteAccess.locked(locks, namespace),
            how.patience(),
            clock);
    closing.add("drafts", drafts);
    LinkEdits links = new LinkEdits(share, namespace, announcer, nearest::commit, clock);
    return new PeerEdits(namespace, drafts, names, links);
  }

  /// An address others can join by.
  public Endpoint address() {
    return control;
  }

  /// Returns when the peer was closed.
  ///
  /// @throws PotluckException if it ended by itself, saying why
  public void awaitEnd() throws InterruptedException {
    ended.await();
    PotluckException why = endedBy;
    if (why != null) {
      throw why;
    }
  }

  @Override
  public void close() {
    get.ending();
    closing.close();
    ended.countDown();
  }
}
