package dev.potluck.peer;

import dev.potluck.directory.Endpoint;
import dev.potluck.directory.Leases;
import dev.potluck.directory.PeerId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/// The directory hosted in this process, with its store: of a tracker, or of the peer that founded
/// the party.
final class DirectoryHosting implements AutoCloseable {
  private final DirectoryHost host;
  private final AtomicReference<Consumer<PeerId>> disconnect;
  private final AtomicReference<List<Endpoint>> addresses;

  private DirectoryHosting(
      DirectoryHost host,
      AtomicReference<Consumer<PeerId>> disconnect,
      AtomicReference<List<Endpoint>> addresses) {
    this.host = host;
    this.disconnect = disconnect;
    this.addresses = addresses;
  }

  static DirectoryHosting start(
      Station station, Path stateFolder, boolean keepsNames, Leases leases, Clock clock)
      throws IOException {
    DirectoryStore store = DirectoryStore.open(stateFolder.resolve("directory.db"), keepsNames);
    AtomicReference<Consumer<PeerId>> disconnect = new AtomicReference<>(_ -> {});
    AtomicReference<List<Endpoint>> addresses = new AtomicReference<>(List.of());
    boolean hosted = false;
    try {
      DirectoryHost host =
          new DirectoryHost(
              station.identity().id(),
              store,
              leases,
              station.authority(),
              clock,
              addresses::get,
              peer -> Objects.requireNonNull(disconnect.get(), "set").accept(peer),
              station.denied());
      hosted = true;
      return new DirectoryHosting(host, disconnect, addresses);
    } finally {
      if (!hosted) {
        store.close();
      }
    }
  }

  DirectoryHost host() {
    return host;
  }

  /// The ports are open now: how to cut a peer off, and where tickets send newcomers.
  void serving(Consumer<PeerId> cut, Endpoint address) {
    disconnect.set(cut);
    addresses.set(List.of(address));
  }

  /// Runs an action when the directory can't go on.
  void onFailure(Runnable action) {
    Thread.ofVirtual()
        .name("directory-failure")
        .start(
            () -> {
              try {
                host.awaitFailure();
                action.run();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
  }

  @Override
  public void close() {
    host.close();
  }
}
