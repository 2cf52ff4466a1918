package dev.potluck.wire;

import dev.potluck.directory.Endpoint;
import java.util.List;

/// "Ask there": thrown by a {@link DirectoryService} that does not host the directory. {@link
/// DirectoryClient} follows it for a bounded number of hops, so any member is a way in.
public final class NotTheDirectory extends RuntimeException {
  private static final long serialVersionUID = 1L;

  @SuppressWarnings("serial") // never serialized; List.copyOf would be serializable anyway
  private final List<Endpoint> addresses;

  /// @param addresses control addresses of the directory, none if they are not known at the moment
  public NotTheDirectory(List<Endpoint> addresses) {
    super("the directory is at " + addresses, null, false, false);
    this.addresses = List.copyOf(addresses);
  }

  public List<Endpoint> addresses() {
    return addresses;
  }
}
