package dev.potluck.peer;

import dev.potluck.directory.Entry;
import java.util.Optional;

/// One thing in a folder of the party.
///
/// @param name its last component
/// @param file nothing for a folder
public record FolderItem(String name, Optional<Entry> file) {}
