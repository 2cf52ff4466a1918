package dev.potluck.peer;

import dev.potluck.content.PotluckException;
import dev.potluck.content.UnavailableException;
import dev.potluck.directory.Endpoint;
import dev.potluck.directory.Member;
import dev.potluck.directory.MemberState;
import dev.potluck.directory.PeerId;
import dev.potluck.wire.NotTheDirectory;
import dev.potluck.wire.PeerClient;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/// On the seat that leads: finds out whether a member that fell silent is dead. Others are asked to
/// reach it, and it is declared dead only if most of those who were asked can't: one machine's
/// broken link expels nobody else.
final class Inquest implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Inquest.class.getName());
  private static final Duration REST = Duration.ofSeconds(1);

  /// How long a member has to answer.
  static final Duration PATIENCE = Duration.ofSeconds(3);

  /// How many others are asked, beside this machine.
  private static final int ASKED_MAX = 5;

  /// With fewer voices nobody is declared dead.
  private static final int VOICES_MIN = 2;

  private final PeerId self;
  private final Reach reach;
  private final Function<PeerId, Optional<Endpoint>> whereabouts;
  private final long silenceNanos;
  private final Map<PeerId, Long> silentSinceNanos = new HashMap<>();
  private final Supplier<List<Member>> members;
  private final BooleanSupplier leading;
  private final Consumer<PeerId> dead;
  private final ExecutorService voices =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("inquest-", 0).factory());
  private final Thread thread;

  /// Who can reach whom.
  interface Reach {
    /// From here.
    boolean answers(PeerId silent, Endpoint at);

    /// From another member. May throw a {@link PotluckException}: no voice.
    boolean answersTo(Member asked, PeerId silent);
  }

  /// @param silence for how long a member must have been suspect
  /// @param members who is in the party, while this machine leads its directory
  /// @param dead is told who is dead by agreement
  Inquest(
      PeerId self,
      Reach reach,
      Function<PeerId, Optional<Endpoint>> whereabouts,
      Duration silence,
      BooleanSupplier leading,
      Supplier<List<Member>> members,
      Consumer<PeerId> dead) {
    this.self = self;
    this.reach = reach;
    this.whereabouts = whereabouts;
    this.silenceNanos = silence.toNanos();
    this.leading = leading;
    this.members = members;
    this.dead = dead;
    this.thread = Thread.ofVirtual().name("inquest").start(this::run);
  }

  /// One over the network.
  ///
  /// @param remembered where members were, if the directory on this machine did not hear it
  static Inquest of(
      PeerId self,
      DirectoryHost host,
      PeerClient peers,
      Rhythm rhythm,
      Function<PeerId, Optional<Endpoint>> remembered) {
    Reach reach =
        new Reach() {
          @Override
          public boolean answers(PeerId silent, Endpoint at) {
            return peers.answers(at, silent, PATIENCE);
          }

          @Override
          public boolean answersTo(Member asked, PeerId silent) {
            Endpoint control =
                asked.control().orElseThrow(() -> new UnavailableException("it has no address"));
            return peers.reaches(control, asked.id(), silent, PATIENCE.multipliedBy(2));
          }
        };
    return new Inquest(
        self,
        reach,
        peer -> host.lastAddress(peer).or(() -> remembered.apply(peer)),
        rhythm.lease(),
        host::isLeading,
        host::members,
        host::declareDead);
  }

  private void run() {
    try {
      Retry rest = Retry.forEver(REST, REST);
      while (rest.again()) {
        review();
      }
    } catch (InterruptedException e) {
      LOG.log(Level.DEBUG, "nobody is looked after any more");
    }
  }

  private void review() throws InterruptedException {
    if (!leading.getAsBoolean()) {
      silentSinceNanos.clear();
      return;
    }
    try {
      List<Member> all = members.get();
      for (PeerId silent : silent(all)) {
        if (isDead(silent, all)) {
          dead.accept(silent);
          LOG.log(Level.INFO, "{0} is dead: most of those asked cannot reach it", silent);
        }
        // Whether dead or not: it is not looked for again at once.
        silentSinceNanos.remove(silent);
      }
    } catch (NotTheDirectory e) {
      LOG.log(Level.DEBUG, "another seat leads now");
    } catch (RuntimeException e) {
      LOG.log(Level.DEBUG, "who is dead cannot be said now: {0}", e.getMessage());
    }
  }

  /// Members that were suspect for long enough.
  private List<PeerId> silent(List<Member> all) {
    long now = System.nanoTime();
    Map<PeerId, Long> still = new HashMap<>();
    List<PeerId> overdue = new ArrayList<>();
    for (Member member : all) {
      if (member.state() == MemberState.SUSPECT) {
        long since = silentSinceNanos.getOrDefault(member.id(), now);
        still.put(member.id(), since);
        if (now - since > silenceNanos) {
          overdue.add(member.id());
        }
      }
    }
    silentSinceNanos.clear();
    silentSinceNanos.putAll(still);
    return overdue;
  }

  private boolean isDead(PeerId silent, List<Member> all) throws InterruptedException {
    Optional<Endpoint> at = whereabouts.apply(silent);
    if (at.isEmpty()) {
      return false;
    }
    List<Callable<Boolean>> questions = new ArrayList<>();
    questions.add(() -> reach.answers(silent, at.get()));
    all.stream()
        .filter(member -> member.state() == MemberState.ALIVE && !member.id().equals(self))
        .limit(ASKED_MAX)
        .forEach(member -> questions.add(() -> reach.answersTo(member, silent)));
    int cannot = 0;
    for (Future<Boolean> answer : voices.invokeAll(questions)) {
      try {
        cannot += answer.get() ? 0 : 1;
      } catch (ExecutionException e) {
        LOG.log(Level.DEBUG, "a voice is missing: {0}", e.getCause());
      }
    }
    return questions.size() >= VOICES_MIN && cannot >= VOICES_MIN && 2 * cannot > questions.size();
  }

  @Override
  public void close() {
    thread.interrupt();
    voices.shutdownNow();
  }
}
