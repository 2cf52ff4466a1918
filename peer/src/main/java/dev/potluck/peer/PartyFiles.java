package dev.potluck.peer;

import dev.potluck.content.Name;
import dev.potluck.content.Version;
import dev.potluck.directory.Entry;
import dev.potluck.directory.Holder;
import java.io.IOException;
import java.nio.file.FileStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// The party's files as a door shows them: listed and looked up in memory, read from here or
/// wherever they are. Thread-safe.
public interface PartyFiles {
  /// What is known of a path, if a name of the party is there.
  Optional<Entry> find(String path);

  /// Whether there are names in a folder.
  ///
  /// @param folder without `/` at its end; empty: all names
  boolean isFolder(String folder);

  /// What lies in a folder, in order.
  ///
  /// @param folder without `/` at its end; empty: all names
  List<FolderItem> items(String folder);

  /// How many names there are.
  long count();

  /// Has somebody told which names have changed, when the change can be seen here. Must not block.
  void watch(Consumer<Set<Name>> watcher);

  /// Whether all of a version is on this machine.
  boolean isHere(Version version);

  /// Whether the file of this name in the share looks otherwise than the party knows it: it was
  /// changed a moment ago, and what it is now is not known yet, or not agreed.
  boolean isChanging(Name name);

  /// Opens a version that is on this machine.
  Optional<OpenFile> openHere(Version version) throws IOException;

  /// Opens a version that is elsewhere; that costs no transfer.
  ///
  /// @param patience how long a read waits for what has to be fetched
  OpenFile openElsewhere(Name name, Version version, Duration patience);

  /// Who has a name now; asks the directory.
  List<Holder> holders(Name name);

  /// The disk that what is read comes to lie on.
  FileStore disk() throws IOException;
}
