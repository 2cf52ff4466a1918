package dev.potluck.doors;

import dev.potluck.content.ContentId;
import dev.potluck.content.Name;
import dev.potluck.content.Root;
import dev.potluck.content.UnavailableException;
import dev.potluck.content.Version;
import dev.potluck.directory.Entry;
import dev.potluck.directory.Holder;
import dev.potluck.peer.FolderItem;
import dev.potluck.peer.OpenFile;
import dev.potluck.peer.PartyFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/// A party whose changes a test decides, at moments that a real one comes to only by chance: what
/// the mount tells the kernel of them is under test, and the kernel is the real one.
final class ScriptedFiles implements PartyFiles {
  private final TreeMap<String, Entry> entries = new TreeMap<>(); // guarded by this
  private final Map<ContentId, byte[]> here = new ConcurrentHashMap<>();
  private final List<Consumer<Set<Name>>> watchers = new CopyOnWriteArrayList<>();
  private final Set<String> changing = ConcurrentHashMap.newKeySet();

  /// The next version of a name; its text is on this machine.
  void write(String name, String text) {
    synchronized (this) {
      var before = entries.get(name);
      long number = before == null ? 1 : before.version().number() + 1;
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      byte[] root = ByteBuffer.allocate(Root.BYTES).putInt(text.hashCode()).array();
      var content = new ContentId(Root.of(root), bytes.length);
      here.put(content, bytes);
      var version = Version.file(number, content, Instant.EPOCH, 0644);
      entries.put(name, new Entry(Name.of(name), version, false, 1));
    }
    tell(name);
  }

  void delete(String name) {
    synchronized (this) {
      entries.remove(name);
    }
    tell(name);
  }

  private void tell(String name) {
    watchers.forEach(watcher -> watcher.accept(Set.of(Name.of(name))));
  }

  /// The file of a name was changed in the share; what it is now is not known yet.
  void beginChange(String name) {
    find(name).ifPresent(entry -> here.remove(entry.version().content()));
    changing.add(name);
  }

  void endChange(String name) {
    changing.remove(name);
  }

  @Override
  public synchronized Optional<Entry> find(String path) {
    return Optional.ofNullable(entries.get(path));
  }

  @Override
  public synchronized boolean isFolder(String folder) {
    var first = entries.ceilingKey(folder + "/");
    return folder.isEmpty() || (first != null && first.startsWith(folder + "/"));
  }

  /// Of one level: tests have no folders in folders.
  @Override
  public synchronized List<FolderItem> items(String folder) {
    var prefix = folder.isEmpty() ? "" : folder + "/";
    List<FolderItem> items = new ArrayList<>();
    for (var entry : entries.tailMap(prefix, true).values()) {
      var name = entry.name().value();
      if (name.startsWith(prefix) && name.indexOf('/', prefix.length()) < 0) {
        items.add(new FolderItem(name.substring(prefix.length()), Optional.of(entry)));
      }
    }
    return items;
  }

  @Override
  public synchronized long count() {
    return entries.size();
  }

  @Override
  public void watch(Consumer<Set<Name>> watcher) {
    watchers.add(watcher);
  }

  @Override
  public boolean isHere(Version version) {
    return here.containsKey(version.content());
  }

  @Override
  public boolean isChanging(Name name) {
    return changing.contains(name.value());
  }

  @Override
  public Optional<OpenFile> openHere(Version version) {
    return Optional.ofNullable(here.get(version.content())).map(Bytes::new);
  }

  @Override
  public OpenFile openElsewhere(Name name, Version version, Duration patience) {
    throw new UnavailableException(name + ": nobody has version " + version.number());
  }

  @Override
  public List<Holder> holders(Name name) {
    return List.of();
  }

  @Override
  public FileStore disk() throws IOException {
    return Files.getFileStore(Path.of("/"));
  }

  private static final class Bytes implements OpenFile {
    private final byte[] bytes;

    Bytes(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public int read(long position, ByteBuffer target) {
      if (position >= bytes.length) {
        return -1;
      }
      int count = (int) Math.min(target.remaining(), bytes.length - position);
      target.put(bytes, (int) position, count);
      return count;
    }

    @Override
    public boolean isAtHand(long position, int length) {
      return true;
    }

    @Override
    public OptionalInt descriptor() {
      return OptionalInt.empty();
    }

    @Override
    public void close() {}
  }
}
