package dev.potluck.wire;

import dev.potluck.directory.Endpoint;
import dev.potluck.directory.PeerId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A closed party on disk, with as many members as a test wants.
final class TestParty {
  final Set<PeerId> denied = ConcurrentHashMap.newKeySet();
  final Authority authority;
  private final Path folder;
  private int count;

  TestParty(Path folder) throws IOException {
    this(folder, InstantSource.system());
  }

  TestParty(Path folder, InstantSource clock) throws IOException {
    this.folder = folder;
    this.authority = Authority.loadOrCreate(folder.resolve("party"), clock);
  }

  /// A machine that is not in yet.
  Identity stranger() throws IOException {
    return Identity.loadOrCreate(folder.resolve("peer-" + count++));
  }

  Identity member() throws IOException {
    Identity identity = stranger();
    identity.install(authority.issue(identity.request()));
    return identity;
  }

  PartyTls tls(Identity identity) {
    return PartyTls.closed(identity, denied::contains, InstantSource.system());
  }

  PartyTls tls() throws IOException {
    return tls(member());
  }

  static PartyTls open(Identity identity) {
    return PartyTls.open(identity, _ -> false, InstantSource.system());
  }

  Ticket ticket(int port) {
    return authority.invite(List.of(new Endpoint("127.0.0.1", port)), Duration.ofHours(1));
  }

  static InstantSource at(Instant instant) {
    return InstantSource.fixed(instant);
  }

  static final Endpoint LOOPBACK = new Endpoint("127.0.0.1", 0);

  static Endpoint at(int port) {
    return new Endpoint("127.0.0.1", port);
  }
}
