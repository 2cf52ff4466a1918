package dev.potluck.cli;

import dev.potluck.content.FailedException;
import dev.potluck.content.Name;
import dev.potluck.content.UsageException;
import dev.potluck.peer.ControlProtocol;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The files that a `put` is about and the names they get. What was typed is followed if it is a
/// symlink; one that lies in a folder is put as it is, and so does not bring what it leads to.
final class Upload {
  private final Map<Source, Name> files = new LinkedHashMap<>();
  private final Map<String, String> skipped = new LinkedHashMap<>();

  /// @param link whether a symlink is meant itself
  private record Source(Path path, boolean link) {}

  private Upload() {}

  /// Collects what the user typed: a file gets its own name, a folder's files theirs below it.
  ///
  /// @param as the name of the one file or folder; of several, the folder they go to
  /// @throws UsageException if a name cannot be one, or two files would get the same
  /// @throws FailedException if a file is not there or cannot be read
  static Upload of(Surroundings surroundings, List<String> typed, @Nullable String as) {
    var upload = new Upload();
    for (var word : typed) {
      var path = surroundings.resolve(Path.of(word));
      var own = path.getFileName();
      if (own == null && as == null) {
        throw new UsageException(word + " has no name of its own: say --as NAME");
      }
      var name =
          as == null ? Name.of(own.toString()) : under(Name.of(as), typed.size() > 1 ? own : null);
      upload.add(word, path, name);
    }
    return upload;
  }

  /// What was found but is no file that can be put, and why.
  Map<String, String> skipped() {
    return skipped;
  }

  /// The files and their names, but not the symlinks in folders.
  Map<Path, Name> withoutLinks() {
    var all = new LinkedHashMap<Path, Name>();
    files.forEach(
        (source, name) -> {
          if (!source.link) {
            all.put(source.path, name);
          }
        });
    return all;
  }

  /// The files as the daemon wants them.
  List<Map<String, Object>> documents() {
    return files.entrySet().stream().map(file -> document(file.getKey(), file.getValue())).toList();
  }

  private static Map<String, Object> document(Source source, Name name) {
    var path = source.path.toString();
    return source.link
        ? Map.of("path", path, "name", name.value(), "link", true)
        : Map.of("path", path, "name", name.value());
  }

  private static Name under(Name folder, @Nullable Path own) {
    return own == null ? folder : folder.resolve(own.toString());
  }

  private void add(String word, Path path, Name name) {
    if (Files.isDirectory(path)) {
      addFolder(path, name);
    } else if (!Files.exists(path)) {
      throw new FailedException("no such file here: " + word);
    } else if (!Files.isRegularFile(path)) {
      throw new FailedException(word + " is neither a file nor a folder");
    } else if (!Files.isReadable(path)) {
      throw new FailedException(word + " cannot be read");
    } else {
      addFile(path, name);
    }
  }

  private void addFile(Path path, Name name) {
    if (files.containsValue(name)) {
      throw new UsageException(
          "two files would get the name " + name + ": put them one by one, with --as");
    }
    files.put(new Source(path, false), name);
  }

  private void addFolder(Path folder, Name name) {
    try {
      // A link that was typed is followed, those in a folder are not.
      var top = Files.isSymbolicLink(folder) ? folder.toRealPath() : folder;
      Files.walkFileTree(top, new Walk(top, name));
    } catch (IOException e) {
      throw new FailedException("cannot read " + folder + ": " + e.getMessage(), e);
    }
  }

  private final class Walk extends SimpleFileVisitor<Path> {
    private final Path top;
    private final Name name;

    Walk(Path top, Name name) {
      this.top = top;
      this.name = name;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
      var own = folder.getFileName();
      return own != null && own.toString().equals(ControlProtocol.STATE_FOLDER)
          ? FileVisitResult.SKIP_SUBTREE
          : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      var relative = top.relativize(file).toString();
      if (!attributes.isRegularFile() && !attributes.isSymbolicLink()) {
        skipped.put(file.toString(), "not a file");
      } else if (!Name.isValid(name.value() + "/" + relative)) {
        skipped.put(file.toString(), "its path cannot be a name");
      } else if (attributes.isSymbolicLink()) {
        files.put(new Source(file, true), name.resolve(relative));
      } else if (!Files.isReadable(file)) {
        skipped.put(file.toString(), "it cannot be read");
      } else {
        files.put(new Source(file, false), name.resolve(relative));
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) {
      skipped.put(file.toString(), "it cannot be read");
      return FileVisitResult.CONTINUE;
    }
  }
}
