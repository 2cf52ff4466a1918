package dev.potluck.simulation;

import dev.potluck.content.Name;
import dev.potluck.directory.Command;
import dev.potluck.directory.LockMode;
import dev.potluck.directory.NameLock;
import dev.potluck.directory.PeerId;
import dev.potluck.directory.Refusal;
import dev.potluck.directory.Result;
import dev.potluck.directory.Tracker;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Those who wait for locks at the seat that leads, in the order they came, as the daemon's desk
/// has them stand: who is not heard lets others pass, and only who is first proposes anything.
final class LockLine {
  private final List<Waiter> waiters = new ArrayList<>();

  private static final class Waiter {
    final PeerId peer;
    final Name name;
    final Instant deadline;
    final Consumer<Answer> reply;
    boolean proposing;

    Waiter(PeerId peer, Name name, Instant deadline, Consumer<Answer> reply) {
      this.peer = peer;
      this.name = name;
      this.deadline = deadline;
      this.reply = reply;
    }
  }

  /// Makes a command durable and applies it.
  @FunctionalInterface
  interface Proposing {
    void propose(Command command, Consumer<Answer> told);
  }

  void join(PeerId peer, Name name, Instant deadline, Consumer<Answer> reply) {
    waiters.add(new Waiter(peer, name, deadline, reply));
  }

  /// A lock may have become free, a peer have come back, or time have passed.
  void serve(Tracker tracker, Instant now, Proposing log) {
    for (Waiter waiter : List.copyOf(waiters)) {
      if (waiter.proposing) {
        continue;
      }
      boolean here = tracker.isHere(waiter.peer, now);
      Optional<NameLock> lock = tracker.directory().locks(waiter.name).stream().findFirst();
      boolean again = lock.filter(held -> held.owner().equals(waiter.peer)).isPresent();
      boolean first = lock.isEmpty() && isFirst(waiter, tracker, now);
      if (here && (again || first)) {
        waiter.proposing = true;
        log.propose(
            new Command.Lock(waiter.peer, waiter.name, LockMode.EXCLUSIVE),
            answer -> decided(waiter, answer));
      } else if (!now.isBefore(waiter.deadline)) {
        leave(waiter, here ? new Answer.NotFree(lock.isPresent()) : new Answer.Away());
      }
    }
  }

  private boolean isFirst(Waiter waiter, Tracker tracker, Instant now) {
    return waiters.stream()
        .filter(one -> one.name.equals(waiter.name) && tracker.isHere(one.peer, now))
        .findFirst()
        .filter(waiter::equals)
        .isPresent();
  }

  private void decided(Waiter waiter, Answer answer) {
    boolean overtaken =
        answer instanceof Answer.Decided(Result.Refused(Refusal why, _, _))
            && why == Refusal.LOCKED;
    if (overtaken) {
      waiter.proposing = false;
    } else {
      leave(waiter, answer);
    }
  }

  private void leave(Waiter waiter, Answer answer) {
    if (waiters.remove(waiter)) {
      waiter.reply.accept(answer);
    }
  }

  /// This seat leads no more: who waits asks the next. What was proposed is answered by the log.
  void dissolve(int leader) {
    for (Waiter waiter : List.copyOf(waiters)) {
      if (!waiter.proposing) {
        leave(waiter, new Answer.NotLeading(leader));
      }
    }
  }

  void forget() {
    waiters.clear();
  }
}
