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
import java.io.IOException;
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
        note(found.holders());
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

  private void note(List<Holder> holders) {
    try {
      book.learnHolders(holders);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cannot note the addresses of holders: {0}", e.getMessage());
    }
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

  /// The same for whoever reads what the name was when it was opened: also once it is something
  /// else, as long as somebody keeps that version.
  HolderSource keepers(Name name, ContentId content) {
    HolderSource current = source(name, content);
    return () -> {
      try {
        return current.holders();
      } catch (NoSuchNameException | UnavailableException e) {
        List<Holder> keepers = askAround(content);
        if (keepers.isEmpty()) {
          throw e;
        }
        return keepers;
      }
    };
  }

  /// Who has a content whole, whatever it is called: for versions that are not current any more.
  HolderSource anywhere(ContentId content) {
    return () -> askAround(content);
  }

  /// Which of these contents some other member has whole.
  BitSet hadAnywhere(List<ContentId> contents) {
    BitSet had = new BitSet();
    askAround(contents).forEach(answer -> had.or(answer.here));
    return had;
  }

  /// What one member has of the contents that it was asked for.
  private record Answer(Holder holder, BitSet here) {}

  /// Asks the members that are known whether they have a content whole.
  private List<Holder> askAround(ContentId content) {
    return askAround(List.of(content)).stream()
        .filter(answer -> answer.here.get(0))
        .map(Answer::holder)
        .toList();
  }

  private List<Answer> askAround(List<ContentId> contents) {
    List<Holder> others = book.all().stream().filter(p -> !p.peer().equals(self)).toList();
    List<Callable<Answer>> questions = new ArrayList<>();
    for (Holder other : others.subList(0, Math.min(ASKED_MAX, others.size()))) {
      questions.add(() -> new Answer(other, located(other, contents)));
    }
    List<Answer> answers = new ArrayList<>();
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Answer> answer : executor.invokeAll(questions)) {
        answers.add(answer.get());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
    return answers;
  }

  private BitSet located(Holder peer, List<ContentId> contents) {
    try {
      return peers.locate(peer.control(), peer.peer(), contents, PEER_TIMEOUT);
    } catch (PotluckException e) {
      LOG.log(Level.DEBUG, "{0} does not say what it has: {1}", peer.name(), e.getMessage());
      return new BitSet();
    }
  }
}
