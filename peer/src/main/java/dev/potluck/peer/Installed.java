package dev.potluck.peer;

import dev.potluck.content.Name;
import java.util.Optional;

/// A content that is in place.
///
/// @param conflictCopy under which name an unseen local edit was kept that lay in its place
public record Installed(LocalFile file, Optional<Name> conflictCopy) {}
