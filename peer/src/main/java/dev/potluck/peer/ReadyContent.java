package dev.potluck.peer;

import dev.potluck.content.ContentId;
import dev.potluck.content.PieceLayer;

/// A whole, verified content in a file of Potluck's own, not yet visible in the share: from {@link
/// Partial#finish} or {@link Share#importFile}; to be installed once, or discarded. After a crash
/// the next start discards it (a finished download becomes a partial again).
///
/// @param path relative to the share, under `.potluck/`
public record ReadyContent(ContentId content, PieceLayer layer, String path) {}
