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
import java.util.function.Function;

/// The party's files as one peer has and knows them. Thread-safe.
final class PeerFiles implements PartyFiles {
  private final Share share;
  private final Namespace namespace;
  private final Locator locator;
  private final Streams streams;
  private final AtomicLong readers = new AtomicLong();

  PeerFiles(Share share, Namespace namespace, Locator locator, Streams streams) {
    this.share = share;
    this.namespace = namespace;
    this.locator = locator;
    this.streams = streams;
  }

  @Override
  public Optional<Entry> find(String path) {
    return namespace.living(path);
  }

  @Override
  public boolean isFolder(String folder) {
    return namespace.isFolder(folder);
  }

  @Override
  public List<FolderItem> items(String folder) {
    return namespace.items(folder);
  }

  @Override
  public long count() {
    return namespace.size();
  }

  @Override
  public void watch(Consumer<Set<Name>> watcher) {
    namespace.watch(watcher);
  }

  @Override
  public boolean isHere(Version version) {
    return share.holds(version.content());
  }

  @Override
  public boolean isChanging(Name name) {
    return !share.isReplaceable(name);
  }

  @Override
  public Optional<OpenFile> openHere(Version version) throws IOException {
    return share.openVersion(version.content()).map(Function.identity());
  }

  @Override
  public OpenFile openElsewhere(Name name, Version version, Duration patience) {
    return new StreamedFile(
        streams, streams.enter(name, version), readers.incrementAndGet(), patience);
  }

  @Override
  public List<Holder> holders(Name name) {
    try {
      return locator.find(name).holders();
    } catch (PotluckException e) {
      return List.of();
    }
  }

  @Override
  public FileStore disk() throws IOException {
    return Files.getFileStore(share.folder());
  }
}
