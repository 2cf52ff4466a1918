package dev.potluck.wire;

import dev.potluck.directory.Endpoint;
import dev.potluck.directory.PeerId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
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
    return stranger("peer-" + count++);
  }

  Identity stranger(String name) throws IOException {
    return Identity.loadOrCreate(folder.resolve(name));
  }

  Identity member(String name) throws IOException {
    Identity identity = stranger(name);
    identity.install(authority.issue(identity.request()));
    return identity;
  }

  /// Where the authority lives.
  Path folder() {
    return folder.resolve("party");
  }

  /// A machine that checks nobody: what an intruder would use.
  static PartyTls trustingAnyone(Identity identity) {
    return PartyTls.trusting(identity, _ -> {});
  }

  Identity member() throws IOException {
    return member("peer-" + count++);
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

  static Socket connect(int port) throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), port);
  }
}
