package dev.potluck.wire;

import dev.potluck.content.ContentId;
import dev.potluck.directory.PeerId;
import java.util.Optional;

/// Port: what a {@link BulkServer} may send to whom. Called on virtual threads, several at once.
@FunctionalInterface
public interface BulkSource {
  /// Opens a content for one answer.
  ///
  /// @return empty if nothing of it is here, or nothing that can be vouched for any more
  Optional<Served> open(PeerId client, ContentId content);
}
