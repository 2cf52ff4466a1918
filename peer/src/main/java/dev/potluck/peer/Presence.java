package dev.potluck.peer;

import dev.potluck.content.UsageException;
import dev.potluck.directory.Endpoint;
import java.util.Optional;

/// Where a daemon is reached, and what people call it.
///
/// @param listen what control binds to; bulk takes the port above. Port 0: both are ephemeral
/// @param advertise what others are told, if not found out from `listen`
/// @param name the name for people; empty: the host's
public record Presence(Endpoint listen, Optional<Endpoint> advertise, Optional<String> name) {
  public static final int DEFAULT_PORT = 7420;
  static final int MAX_NAME_LENGTH = 63;

  public static final Presence DEFAULTS =
      new Presence(new Endpoint("0.0.0.0", DEFAULT_PORT), Optional.empty(), Optional.empty());

  /// @throws UsageException if the name or a port is not usable
  public Presence {
    if (listen.port() > 65_533) {
      throw new UsageException(
          "--listen: the port must be at most 65533, the two above are used too");
    }
    if (advertise.isPresent() && advertise.get().port() == 0) {
      throw new UsageException("--advertise needs the port that others are to use");
    }
    if (name.isPresent()
        && !name.get()
            .matches("[\\p{L}\\p{N}][\\p{L}\\p{N}._-]{0," + (MAX_NAME_LENGTH - 1) + "}")) {
      throw new UsageException(
          "--name: up to "
              + MAX_NAME_LENGTH
              + " letters, digits, '.', '_' and '-', a letter or digit first");
    }
  }

  public Presence withListen(Endpoint value) {
    return new Presence(value, advertise, name);
  }

  public Presence withAdvertise(Endpoint value) {
    return new Presence(listen, Optional.of(value), name);
  }

  public Presence withName(String value) {
    return new Presence(listen, advertise, Optional.of(value));
  }
}
