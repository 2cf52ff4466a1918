package dev.potluck.wire;

import dev.potluck.content.ContentId;
import dev.potluck.directory.PeerId;

/// Port: takes part in exchanges about who has which pieces, which other members open at a {@link
/// BulkServer}.
@FunctionalInterface
public interface AvailabilityService {
  /// Opens an exchange about a content. Called on the exchange thread: must not wait. What it
  /// throws ends the exchange.
  ///
  /// @param sink the way to the caller
  AvailabilityHandler availability(PeerId caller, ContentId content, AvailabilitySink sink);
}
