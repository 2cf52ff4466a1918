package dev.potluck.wire;

import dev.potluck.content.DeniedException;
import dev.potluck.content.PotluckException;
import dev.potluck.content.UnavailableException;
import dev.potluck.directory.Endpoint;
import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// Finds the directory: asks where it answered last, then the known addresses, and goes where it is
/// sent, for a bounded number of hops. Thread-safe.
final class DirectorySearch {
  /// One call at one address, with so much time.
  @FunctionalInterface
  interface Call<T> {
    T at(Channel channel, Duration left);
  }

  /// Before everybody is asked again who leads.
  private static final Duration PAUSE = Duration.ofMillis(50);

  /// Time for who leads no more to say so to those who wait for it.
  private static final Executor LATER = CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS);

  private final ControlChannels channels;
  private volatile List<Endpoint> addresses;
  private volatile @Nullable Endpoint current;

  /// Who did not answer the last time: asked after the others.
  private final Set<Endpoint> silent = ConcurrentHashMap.newKeySet();

  DirectorySearch(ControlChannels channels, List<Endpoint> addresses) {
    this.channels = channels;
    this.addresses = List.copyOf(addresses);
  }

  void addresses(List<Endpoint> known) {
    addresses = List.copyOf(known);
  }

  /// The directory is said to be there now. Where it was, calls are given up that are not answered
  /// soon: that machine may hang.
  void prefer(Endpoint address) {
    Endpoint before = current;
    silent.remove(address);
    current = address;
    if (before != null && !before.equals(address)) {
      LATER.execute(() -> giveUp(before));
    }
  }

  private void giveUp(Endpoint former) {
    if (!former.equals(current)) {
      channels.drop(former, Optional.empty());
    }
  }

  Optional<Endpoint> current() {
    return Optional.ofNullable(current);
  }

  /// A call that changes something, but not twice: one whose answer was lost may find that it was
  /// carried out.
  ///
  /// @throws UnavailableException also if an answer was lost and the next one is a refusal
  <T> T change(Duration timeout, Call<T> call) {
    AtomicBoolean lost = new AtomicBoolean();
    Call<T> watched =
        (channel, left) -> {
          try {
            return call.at(channel, left);
          } catch (StatusRuntimeException e) {
            if (lost.get() && WireStatus.wasSaid(e) && WireStatus.redirect(e).isEmpty()) {
              String says = WireStatus.exception(e, "the directory").getMessage();
              throw new UnavailableException(
                  "the directory changed hands before it answered, and now says: "
                      + says
                      + ". It may have been done: look, before you try again",
                  e);
            }
            lost.compareAndSet(false, WireStatus.mayHaveArrived(e));
            throw e;
          }
        };
    return call(timeout, watched);
  }

  <T> T call(Duration timeout, Call<T> call) {
    long deadline = System.nanoTime() + timeout.toNanos();
    Optional<PotluckException> last = Optional.empty();
    boolean electing = true;
    while (electing) {
      Round<T> round = round(deadline, call);
      if (round.answer.isPresent()) {
        return round.answer.get();
      }
      last = last.filter(DeniedException.class::isInstance).or(() -> round.failure);
      // Who keeps the directory is up, and only has to agree on who leads.
      electing = round.redirected && pause(deadline);
    }
    current = null;
    throw last.orElseGet(() -> new UnavailableException("no address of the directory is known"));
  }

  /// What came of asking everybody once.
  private record Round<T>(
      Optional<T> answer, Optional<PotluckException> failure, boolean redirected) {}

  private <T> Round<T> round(long deadline, Call<T> call) {
    ArrayDeque<Endpoint> next = new ArrayDeque<>(inOrder());
    Set<Endpoint> asked = new LinkedHashSet<>();
    int hops = 0;
    boolean redirected = false;
    Optional<PotluckException> last = Optional.empty();
    while (!next.isEmpty()) {
      Duration left = Duration.ofNanos(deadline - System.nanoTime());
      if (!left.isPositive()) {
        break;
      }
      Endpoint address = next.remove();
      if (!asked.add(address)) {
        continue;
      }
      try {
        T answer = call.at(channels.to(address, Optional.empty()), left);
        current = address;
        silent.remove(address);
        return new Round<>(Optional.of(answer), Optional.empty(), redirected);
      } catch (StatusRuntimeException e) {
        Optional<List<Endpoint>> elsewhere = WireStatus.redirect(e);
        if (elsewhere.isPresent()) {
          last =
              Optional.of(
                  new UnavailableException(address + " does not know where the directory is"));
          redirected = true;
          if (hops++ < WireLimits.REDIRECTS) {
            elsewhere.get().reversed().forEach(next::addFirst);
          }
          continue;
        }
        PotluckException failure = WireStatus.exception(e, address.toString());
        if (WireStatus.wasSaid(e)) {
          throw failure;
        }
        silent.add(address);
        if (WireStatus.isBroken(e)) {
          channels.drop(address, Optional.empty());
        }
        last = last.filter(DeniedException.class::isInstance).or(() -> Optional.of(failure));
      }
    }
    current = null;
    return new Round<>(Optional.empty(), last, redirected);
  }

  /// @return whether there is time to ask again
  private static boolean pause(long deadline) {
    if (deadline - System.nanoTime() < 2 * PAUSE.toNanos()) {
      return false;
    }
    try {
      // Nobody ever opens this latch: there is no event to wait for, only time to pass.
      return !new CountDownLatch(1).await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private Set<Endpoint> inOrder() {
    Set<Endpoint> all = new LinkedHashSet<>();
    Endpoint known = current;
    if (known != null) {
      all.add(known);
    }
    all.addAll(addresses);
    silent.retainAll(all);
    Set<Endpoint> order = new LinkedHashSet<>(all);
    order.removeAll(silent);
    order.addAll(all);
    return order;
  }
}
