package dev.potluck.cli;

import dev.potluck.content.UsageException;
import dev.potluck.directory.Endpoint;
import dev.potluck.peer.Join;
import dev.potluck.peer.Membership;
import dev.potluck.peer.Presence;
import dev.potluck.peer.Rhythm;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// What `up` and `tracker` have in common: where it is reached, which party, and how often.
final class PartyOptions {
  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      converter = Endpoints.class,
      description = "Where to listen; at most PORT to PORT+2 are used. Default: 0.0.0.0:7420.")
  private Endpoint listen = Presence.DEFAULTS.listen();

  @Option(
      names = "--advertise",
      paramLabel = "HOST:PORT",
      converter = Endpoints.class,
      description = "The address that others are told, where it is not the one listened on.")
  private @Nullable Endpoint advertise;

  @Option(
      names = "--join",
      paramLabel = "HOST:PORT|TICKET",
      converter = Joins.class,
      description = "The party to join: a ticket from potluck invite, or any member's address.")
  private @Nullable Join join;

  @Option(names = "--open", description = "For labs: no tickets, whoever can reach it is in.")
  private boolean open;

  @Option(
      names = "--wait",
      paramLabel = "D",
      converter = Durations.class,
      description = "How long a first join tries. Default: 30s.")
  private Duration patience = Membership.DEFAULTS.patience();

  @Option(
      names = "--refresh",
      paramLabel = "D",
      converter = Durations.class,
      description = "How often peers tell the directory that they live. Default: 5s.")
  private Duration refresh = Rhythm.DEFAULTS.refresh();

  @Option(
      names = "--lease",
      paramLabel = "D",
      converter = Durations.class,
      description = "How long they are believed without. Default: 15s.")
  private Duration lease = Rhythm.DEFAULTS.lease();

  @Option(
      names = "--tombstones",
      paramLabel = "D",
      converter = Durations.class,
      description = {
        "How long deletions are remembered, if this machine leads the directory. Who was away for",
        "longer has files of deleted names set aside. Default: 90d."
      })
  private Duration memory = Rhythm.DEFAULTS.memory();

  Presence presence(Optional<String> name) {
    return new Presence(listen, Optional.ofNullable(advertise), name);
  }

  Membership membership() {
    return new Membership(Optional.ofNullable(join), open, patience);
  }

  Rhythm rhythm() {
    return new Rhythm(refresh, lease, memory);
  }

  /// An address or a ticket.
  static final class Joins implements ITypeConverter<Join> {
    @Override
    public Join convert(String text) {
      try {
        return Join.parse(text);
      } catch (UsageException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }
}
