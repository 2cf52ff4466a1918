package dev.potluck.peer;

import dev.potluck.content.ContentId;
import dev.potluck.content.Name;
import dev.potluck.content.NoSuchNameException;
import dev.potluck.content.PotluckException;
import dev.potluck.content.UnavailableException;
import dev.potluck.directory.Entry;
import dev.potluck.directory.Found;
import dev.potluck.directory.Holder;
import dev.potluck.directory.PeerId;
import dev.potluck.wire.DirectoryClient;
import dev.potluck.wire.PeerClient;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Finds who has a name: from the directory, or while that is away, from the copy of the namespace
/// and by asking the members one knows.
final class Locator {
  private static final Logger LOG = System.getLogger(Locator.class.getName());
  private static final Duration DIRECTORY_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration PEER_TIMEOUT = Duration.ofSeconds(2);
  private static final int ASKED_MAX = 64;

  private final PeerId self;
  private final DirectoryClient directory;
  private final PeerClient peers;
  private final Namespace namespace;
  private final PeerBook book;
  private final DirectoryState state;

  /// Whether the directory is worth asking.
  @FunctionalInterface
  interface DirectoryState {
    boolean isConnected();
  }

  /// @param cached the directory was not asked: this is what is known without it
  record Located(Entry entry, List<Holder> holders, boolean cached) {}

  Locator(
      PeerId self,
      DirectoryClient directory,
      PeerClient peers,
      Namespace namespace,
      PeerBook book,
      DirectoryState state) {
    this.self = self;
    this.directory = directory;
    this.peers = peers;
    this.namespace = namespace;
    this.book = book;
    this.state = state;
  }

  /// @throws NoSuchNameException if the directory knows no such name
  /// @throws UnavailableException if the directory is away or learning, and the name not known here
  Located find(Name name) {
    try {
      if (state.isConnected()) {
        Found found = directory.find(name, DIRECTORY_TIMEOUT);
        return new Located(found.entry(), found.holders(), false);
      }
    } catch (UnavailableException e) {
      return remembered(name).orElseThrow(() -> e);
    }
    return remembered(name)
        .orElseThrow(
            () ->
                new UnavailableException(
                    "the directory is away and "
                        + name
                        + " is not known here; try again with --wait"));
  }

  private Optional<Located> remembered(Name name) {
    return namespace
        .living(name)
        .map(entry -> new Located(entry, askAround(entry.version().content()), true));
  }

  /// Like {@link #find}, until a deadline: a name or a directory may come.
  Located find(Name name, Duration wait) throws InterruptedException {
    Retry retry = new Retry(Retry.deadline(wait));
    while (true) {
      try {
        return find(name);
      } catch (NoSuchNameException | UnavailableException e) {
        if (!retry.again()) {
          throw e;
        }
      }
    }
  }

  /// What has replaced a version, if that is known now.
  Optional<Entry> newer(Entry than) {
    try {
      return Optional.of(find(than.name()).entry())
          .filter(now -> now.version().number() > than.version().number());
    } catch (NoSuchNameException | UnavailableException e) {
      return Optional.empty();
    }
  }

  /// Who has a version of a name now; nobody if that can't be found out. Throws once the name is
  /// gone or has another version: then nobody keeps this one.
  HolderSource source(Name name, ContentId content) {
    return () -> {
      Optional<Located> located = Optional.empty();
      try {
        located = Optional.of(find(name));
      } catch (UnavailableException e) {
        LOG.log(Level.DEBUG, "{0} is looked for without the directory: {1}", name, e.getMessage());
      }
      if (located.isEmpty()) {
        return askAround(content);
      }
      Entry current = located.get().entry();
      if (!current.version().content().equals(content)) {
        throw new UnavailableException(
            "it was replaced by version " + current.version().number() + "; get it again");
      }
      return located.get().holders();
    };
  }

  /// Who has a content whole, whatever it is called: for versions that are not current any more.
  HolderSource anywhere(ContentId content) {
    return () -> askAround(content);
  }

  /// Asks the members that are known whether they have a content whole.
  private List<Holder> askAround(ContentId content) {
    List<Holder> others = book.all().stream().filter(p -> !p.peer().equals(self)).toList();
    List<Callable<Optional<Holder>>> questions = new ArrayList<>();
    for (Holder other : others.subList(0, Math.min(ASKED_MAX, others.size()))) {
      questions.add(() -> hasIt(other, content) ? Optional.of(other) : Optional.empty());
    }
    List<Holder> holders = new ArrayList<>();
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Optional<Holder>> answer : executor.invokeAll(questions)) {
        answer.get().ifPresent(holders::add);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
    return holders;
  }

  private boolean hasIt(Holder peer, ContentId content) {
    try {
      BitSet here = peers.locate(peer.control(), peer.peer(), List.of(content), PEER_TIMEOUT);
      return here.get(0);
    } catch (PotluckException e) {
      return false;
    }
  }
}
