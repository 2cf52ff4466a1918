package dev.potluck.peer;

import dev.potluck.content.Name;
import dev.potluck.content.PotluckException;
import dev.potluck.content.Version;
import dev.potluck.directory.Entry;
import dev.potluck.directory.Holder;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// The party's files as a door shows them: listed and looked up in memory, read from here or
/// wherever they are. Thread-safe.
public final class PartyFiles {
  private final Share share;
  private final Namespace namespace;
  private final Locator locator;
  private final Streams streams;
  private final AtomicLong readers = new AtomicLong();

  PartyFiles(Share share, Namespace namespace, Locator locator, Streams streams) {
    this.share = share;
    this.namespace = namespace;
    this.locator = locator;
    this.streams = streams;
  }

  /// The current version of a name.
  public Optional<Version> version(Name name) {
    return namespace.living(name).map(Entry::version);
  }

  /// What is known of a path, if a name of the party is there.
  public Optional<Entry> find(String path) {
    return namespace.living(path);
  }

  /// Whether there are names in a folder.
  ///
  /// @param folder without `/` at its end; empty: all names
  public boolean isFolder(String folder) {
    return namespace.isFolder(folder);
  }

  /// What lies in a folder, in order.
  ///
  /// @param folder without `/` at its end; empty: all names
  public List<FolderItem> items(String folder) {
    return namespace.items(folder);
  }

  /// How many names there are.
  public long count() {
    return namespace.size();
  }

  /// Has somebody told which names have changed, when the change can be seen here. Must not block.
  public void watch(Consumer<Set<Name>> watcher) {
    namespace.watch(watcher);
  }

  /// Whether all of a version is on this machine.
  public boolean isHere(Version version) {
    return !share.holding(version.content()).isEmpty();
  }

  /// Whether the file of this name in the share looks otherwise than the party knows it: it was
  /// changed a moment ago, and what it is now is not known yet.
  public boolean isChanging(Name name) {
    return share
        .find(name)
        .filter(file -> share.openFile(file.content()).map(this::closed).isEmpty())
        .isPresent();
  }

  private boolean closed(FileHandle file) {
    file.close();
    return true;
  }

  /// Opens a version that is on this machine.
  public Optional<OpenFile> openHere(Version version) {
    return share.openFile(version.content()).map(LocalOpenFile::new);
  }

  /// Opens a version that is elsewhere; that costs no transfer.
  ///
  /// @param patience how long a read waits for what has to be fetched
  public OpenFile openElsewhere(Name name, Version version, Duration patience) {
    return new StreamedFile(
        streams, streams.enter(name, version), readers.incrementAndGet(), patience);
  }

  /// Who has a name now; asks the directory.
  public List<Holder> holders(Name name) {
    try {
      return locator.find(name).holders();
    } catch (PotluckException e) {
      return List.of();
    }
  }

  /// The disk that what is read comes to lie on.
  public FileStore disk() throws IOException {
    return Files.getFileStore(share.folder());
  }
}
