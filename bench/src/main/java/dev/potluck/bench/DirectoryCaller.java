package dev.potluck.bench;

import dev.potluck.directory.Endpoint;
import dev.potluck.wire.DirectoryClient;
import dev.potluck.wire.Identity;
import dev.potluck.wire.PartyTls;
import dev.potluck.wire.Ticket;
import dev.potluck.wire.WireThreads;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/// A machine of the party, as far as the directory can see: one that only asks.
final class DirectoryCaller implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final DirectoryClient client;

  /// Is let in by a member's ticket.
  DirectoryCaller(WireThreads threads, Path folder, PotluckPeer member) throws IOException {
    Identity identity = Identity.loadOrCreate(folder);
    Ticket ticket = Ticket.parse(member.ticket());
    InstantSource clock = InstantSource.system();
    identity.install(DirectoryClient.enrol(threads, identity, ticket, clock, TIMEOUT));
    PartyTls tls = PartyTls.closed(identity, _ -> false, clock);
    this.client = new DirectoryClient(threads, tls, ticket.addresses());
  }

  DirectoryClient client() {
    return client;
  }

  /// From now on it looks for the directory at these members.
  void members(List<PotluckPeer> members) {
    client.addresses(members.stream().map(m -> Endpoint.parse(m.address())).toList());
  }

  @Override
  public void close() {
    client.close();
  }
}
