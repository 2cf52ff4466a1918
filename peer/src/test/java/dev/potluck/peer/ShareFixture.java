package dev.potluck.peer;

import dev.potluck.content.ContentHasher;
import dev.potluck.content.ContentId;
import dev.potluck.content.Kind;
import dev.potluck.content.Name;
import dev.potluck.content.PieceLayer;
import dev.potluck.content.Version;
import dev.potluck.directory.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// A share on a real folder, with what it told its listener.
final class ShareFixture implements AutoCloseable {
  /// Old enough not to be "just changed".
  static final Instant LONG_AGO = Instant.parse("2020-02-03T04:05:06.789Z");

  static final Instant LATER = Instant.parse("2021-03-04T05:06:07.891Z");

  private static final int DRESSED_MODE = 0600;

  static final ShareOptions QUICK =
      ShareOptions.DEFAULTS.withSettle(Duration.ofMillis(30)).withRescanPeriod(Duration.ofHours(1));

  final Path folder;
  final List<ShareEvent> events = new CopyOnWriteArrayList<>();
  final List<String> lost = new CopyOnWriteArrayList<>();
  private final ExecutorService executor = Executors.newFixedThreadPool(2);
  private ShareOptions options;
  Share share;

  ShareFixture(Path folder) {
    this(folder, QUICK);
  }

  ShareFixture(Path folder, ShareOptions options) {
    this.folder = folder;
    this.options = options;
    this.share = opened();
  }

  private Share opened() {
    return Share.open(
        folder,
        options,
        name -> Name.of(name + ".conflict-anna-20261121-101500"),
        new ShareListener() {
          @Override
          public void changed(List<ShareEvent> told) {
            events.addAll(told);
          }

          @Override
          public void lost(String why) {
            lost.add(why);
          }
        },
        executor);
  }

  void reopen() {
    reopen(options);
  }

  void reopen(ShareOptions with) {
    share.close();
    options = with;
    events.clear();
    share = opened();
  }

  void write(String path, String text) {
    try {
      Path file = folder.resolve(path);
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String text(String path) {
    try {
      return Files.readString(folder.resolve(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Only a disk can change bytes and leave the ctime; a test changes the database instead.
  void pretendNothingChanged(String path) throws IOException {
    try (ShareTree tree = ShareTree.open(folder);
        ScanDatabase database = ScanDatabase.open(folder.resolve(".potluck/share.db"))) {
      FileRecord record =
          database.files().stream().filter(r -> r.path().equals(path)).findFirst().orElseThrow();
      FileStat stat = tree.stat(path).orElseThrow();
      DatabaseChanges changes = new DatabaseChanges();
      changes.files.add(record.withIdentity(stat.identity(), stat.mode(), false));
      database.write(changes, true);
    }
  }

  /// Gives a file other permissions and times, {@link #LATER}, as an edit of its own.
  Optional<LocalFile> dressEdit(String name, String text) {
    var shape = new DraftShape(text.length(), DRESSED_MODE, LATER);
    return share.dressEdit(Name.of(name), id(text), shape);
  }

  /// The version that {@link #dressEdit} makes of another.
  static Version dressed(String text, long number) {
    return Version.file(number, id(text), LATER, DRESSED_MODE);
  }

  boolean exists(String path) {
    return Files.exists(folder.resolve(path));
  }

  Optional<LocalFile> find(String name) {
    return share.find(Name.of(name));
  }

  /// A content that was downloaded, ready to be installed.
  ReadyContent ready(byte[] bytes) throws IOException {
    PieceLayer layer = layer(bytes);
    Partial partial = share.resume(layer, true);
    for (int piece = 0; piece < layer.content().pieces().count(); piece++) {
      int offset = (int) layer.content().pieces().offset(piece);
      int length = layer.content().pieces().length(piece);
      partial.add(piece, ByteBuffer.wrap(bytes, offset, length));
    }
    ReadyContent ready = partial.finish();
    partial.close();
    return ready;
  }

  Installed install(String name, String text, long version) throws IOException {
    ReadyContent ready = ready(bytes(text));
    return share.install(ready, Name.of(name), version(text, version), Reason.FETCHED);
  }

  Installed installLink(String name, String target, long version) throws IOException {
    ReadyContent ready = ready(bytes(target));
    return share.install(ready, Name.of(name), link(target, version), Reason.FETCHED);
  }

  /// Makes a symlink as a user does.
  void writeLink(String path, String target) {
    try {
      Files.createSymbolicLink(folder.resolve(path), Path.of(target));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Where a symlink leads.
  String target(String path) {
    try {
      return Files.readSymbolicLink(folder.resolve(path)).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Version link(String target, long number) {
    return new Version(number, Kind.SYMLINK, id(target), LONG_AGO, 0777);
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static Version version(String text, long number) {
    return Version.file(number, id(text), LONG_AGO, 0644);
  }

  static ContentId id(String text) {
    return layer(bytes(text)).content();
  }

  static PieceLayer layer(byte[] bytes) {
    try {
      return new ContentHasher(Runnable::run, 1)
          .hash(
              (position, target) -> {
                int count = (int) Math.min(target.remaining(), bytes.length - position);
                target.put(bytes, (int) position, count);
                return count == 0 ? -1 : count;
              },
              bytes.length)
          .layer();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  <T extends ShareEvent> List<String> told(Class<T> kind) {
    List<String> names = new ArrayList<>();
    for (ShareEvent event : events) {
      if (kind.isInstance(event)) {
        names.add(event.file().name().value());
      }
    }
    return names;
  }

  @Override
  public void close() {
    share.close();
    executor.shutdownNow();
  }
}
