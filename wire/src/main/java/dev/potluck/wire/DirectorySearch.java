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
import org.jspecify.annotations.Nullable;

/// Finds the directory: asks where it answered last, then the known addresses, and goes where it is
/// sent, for a bounded number of hops. Thread-safe.
final class DirectorySearch {
  /// One call at one address, with so much time.
  @FunctionalInterface
  interface Call<T> {
    T at(Channel channel, Duration left);
  }

  private final ControlChannels channels;
  private volatile List<Endpoint> addresses;
  private volatile @Nullable Endpoint current;

  DirectorySearch(ControlChannels channels, List<Endpoint> addresses) {
    this.channels = channels;
    this.addresses = List.copyOf(addresses);
  }

  void addresses(List<Endpoint> known) {
    addresses = List.copyOf(known);
  }

  Optional<Endpoint> current() {
    return Optional.ofNullable(current);
  }

  <T> T call(Duration timeout, Call<T> call) {
    long deadline = System.nanoTime() + timeout.toNanos();
    ArrayDeque<Endpoint> next = new ArrayDeque<>(inOrder());
    Set<Endpoint> asked = new LinkedHashSet<>();
    int hops = 0;
    PotluckException last = new UnavailableException("no address of the directory is known");
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
        return answer;
      } catch (StatusRuntimeException e) {
        Optional<List<Endpoint>> elsewhere = WireStatus.redirect(e);
        if (elsewhere.isPresent()) {
          last = new UnavailableException(address + " does not know where the directory is");
          if (hops++ < WireLimits.REDIRECTS) {
            elsewhere.get().reversed().forEach(next::addFirst);
          }
          continue;
        }
        PotluckException failure = WireStatus.exception(e, address.toString());
        if (WireStatus.wasSaid(e)) {
          throw failure;
        }
        if (WireStatus.isBroken(e)) {
          channels.drop(address, Optional.empty());
        }
        last = last instanceof DeniedException ? last : failure;
      }
    }
    current = null;
    throw last;
  }

  private Set<Endpoint> inOrder() {
    Set<Endpoint> order = new LinkedHashSet<>();
    Endpoint known = current;
    if (known != null) {
      order.add(known);
    }
    order.addAll(addresses);
    return order;
  }
}
