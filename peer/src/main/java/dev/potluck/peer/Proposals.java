package dev.potluck.peer;

import dev.potluck.consensus.Appended;
import dev.potluck.content.UnavailableException;
import dev.potluck.content.UsageException;
import dev.potluck.directory.Command;
import dev.potluck.directory.Proposal;
import dev.potluck.directory.Result;
import dev.potluck.wire.CommandCodec;
import dev.potluck.wire.LogEntry;
import dev.potluck.wire.WireLimits;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/// Commands on their way into the log. One entry is under way at a time; what waits meanwhile goes
/// into the next together, so that many who wait cost as much as one. A command's result is told
/// when it is durable.
final class Proposals implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Proposals.class.getName());
  private static final int WAITING_MAX = 65_536;
  private static final int COMMANDS_PER_ENTRY = 4_096;

  /// What takes longer will not come: the log's engine answers sooner, if only that it can't.
  private static final long ANSWER_SECONDS = 60;

  private final InstantSource clock;
  private final Function<byte[], CompletableFuture<Appended>> log;

  /// Tells what this run of this seat proposed from what others did, or it did before.
  private final long proposer = new SecureRandom().nextLong();

  private final BlockingQueue<Waiting> waiting = new LinkedBlockingQueue<>(WAITING_MAX);
  private final ConcurrentMap<Long, Waiting> underWay = new ConcurrentHashMap<>();
  private final Thread thread;
  private volatile boolean closed;

  /// A command that is not decided.
  private static final class Waiting {
    final Proposal proposal;
    final int bytes;
    final CompletableFuture<Result> result = new CompletableFuture<>();
    volatile Optional<Result> applied = Optional.empty();

    Waiting(Proposal proposal) {
      this.proposal = proposal;
      this.bytes = CommandCodec.sizeBytes(proposal.command());
    }
  }

  /// What was proposed is in no log, and may be proposed to who leads.
  static final class NotLeadingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotLeadingException() {
      super("this seat does not lead", null, false, false);
    }
  }

  /// @param log appends an entry
  Proposals(Function<byte[], CompletableFuture<Appended>> log, InstantSource clock) {
    this.log = log;
    this.clock = clock;
    this.thread = Thread.ofVirtual().name("directory-proposals").start(this::run);
  }

  /// Proposes a command.
  ///
  /// @return its result; or {@link NotLeadingException}, or {@link UnavailableException} if it may
  ///   have been applied or not
  CompletableFuture<Result> propose(Proposal proposal) {
    Waiting one = new Waiting(proposal);
    if (one.bytes > WireLimits.COMMAND_BYTES) {
      one.result.completeExceptionally(
          new UsageException("too much at once for the directory: fewer names in a call"));
    } else if (!waiting.offer(one)) {
      one.result.completeExceptionally(
          new UnavailableException("the directory has too much to do: try again"));
    }
    if (closed) {
      endAll();
    }
    return one.result;
  }

  /// Takes note that a command was applied.
  ///
  /// @return the proposal it was, if this is one of ours
  Optional<Proposal> applied(long by, long number, Result result) {
    Waiting one = by == proposer ? underWay.get(number) : null;
    if (one == null) {
      return Optional.empty();
    }
    one.applied = Optional.of(result);
    return Optional.of(one.proposal);
  }

  private void run() {
    long next = 0;
    try {
      while (true) {
        List<Waiting> batch = batch();
        long first = next;
        List<Command> commands = new ArrayList<>(batch.size());
        for (Waiting one : batch) {
          underWay.put(next++, one);
          commands.add(one.proposal.command());
        }
        byte[] entry =
            CommandCodec.encode(new LogEntry(proposer, first, clock.instant(), commands));
        Appended outcome = appended(entry);
        for (long number = first; number < next; number++) {
          underWay.remove(number);
        }
        batch.forEach(one -> tell(one, outcome));
      }
    } catch (InterruptedException e) {
      endAll();
    }
  }

  private Appended appended(byte[] entry) throws InterruptedException {
    try {
      return outcome(log.apply(entry));
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "the directory's log failed in a way it should not", e);
      return Appended.UNCERTAIN;
    }
  }

  private List<Waiting> batch() throws InterruptedException {
    List<Waiting> batch = new ArrayList<>();
    Waiting one = waiting.take();
    long bytes = 0;
    while (true) {
      batch.add(one);
      bytes += one.bytes;
      Waiting next = waiting.peek();
      if (next == null
          || batch.size() == COMMANDS_PER_ENTRY
          || bytes + next.bytes > WireLimits.ENTRY_BYTES) {
        return batch;
      }
      one = waiting.take();
    }
  }

  private static Appended outcome(CompletableFuture<Appended> answer) throws InterruptedException {
    try {
      return answer.get(ANSWER_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      return Appended.UNCERTAIN;
    }
  }

  private static void tell(Waiting one, Appended outcome) {
    Optional<Result> applied = one.applied;
    if (outcome == Appended.APPLIED && applied.isPresent()) {
      one.result.complete(applied.get());
    } else if (outcome == Appended.REJECTED) {
      one.result.completeExceptionally(new NotLeadingException());
    } else {
      one.result.completeExceptionally(
          new UnavailableException(
              "the directory changed hands meanwhile: it may have been done or not. Look before"
                  + " you try again"));
    }
  }

  private void endAll() {
    List<Waiting> all = new ArrayList<>(underWay.values());
    waiting.drainTo(all);
    for (Waiting one : all) {
      one.result.completeExceptionally(
          new UnavailableException("the directory is ending: try again when it is back"));
    }
  }

  /// Who waits for an answer that will not come is told so.
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    endAll();
  }
}
