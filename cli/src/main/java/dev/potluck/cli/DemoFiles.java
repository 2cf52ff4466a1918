package dev.potluck.cli;

import dev.potluck.content.FailedException;
import dev.potluck.content.Name;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipFile;

/// The files of a demonstration: what they are called and where the originals are.
final class DemoFiles {
  /// A tree of small files: enough of them to see that they are quick, too.
  private static final int TREE_FILES_MAX = 1_000;

  private static final String JDK_TREE = "java.base/java/util/";

  /// One file.
  ///
  /// @param name in the party
  /// @param original what every copy is compared with at the end
  /// @param group files of one group are brought by the same peer
  record Original(Name name, Path original, int group) {}

  private final List<Original> files = new ArrayList<>();
  private int groups;

  private DemoFiles() {}

  /// What the user named; a folder with all that is in it.
  static DemoFiles of(Surroundings surroundings, List<Path> typed) {
    var demo = new DemoFiles();
    for (var path : typed) {
      var upload = Upload.of(surroundings, List.of(path.toString()), null);
      upload.withoutLinks().forEach((file, name) -> demo.add(name.value(), file));
      demo.groups++;
    }
    if (demo.files.isEmpty()) {
      throw new FailedException("there are no files in " + typed);
    }
    return demo;
  }

  /// The JDK's large files, and source trees of the JDK and of this repository.
  ///
  /// @param scratch where what must be unpacked first goes
  static DemoFiles ofThisMachine(Surroundings surroundings, Path scratch) {
    var demo = new DemoFiles();
    var jdk = Path.of(System.getProperty("java.home"));
    for (var large : List.of("lib/modules", "lib/src.zip", "lib/ct.sym", "lib/server/libjvm.so")) {
      if (Files.isRegularFile(jdk.resolve(large))) {
        demo.add("jdk/" + large, jdk.resolve(large));
        demo.groups++;
      }
    }
    if (Files.isRegularFile(jdk.resolve("lib/src.zip"))) {
      demo.addTree("jdk/source", unpacked(jdk.resolve("lib/src.zip"), scratch));
    } else {
      demo.addTree("jdk/legal", jdk.resolve("legal"));
    }
    repository(surroundings).ifPresent(folder -> demo.addTree("potluck", folder));
    return demo;
  }

  List<Original> files() {
    return files;
  }

  /// The name of the largest.
  Name largest() {
    return files.stream()
        .max(Comparator.comparingLong(file -> size(file.original())))
        .orElseThrow()
        .name();
  }

  long bytes() {
    return files.stream().mapToLong(file -> size(file.original())).sum();
  }

  static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void add(String name, Path original) {
    files.add(new Original(Name.of(name), original, groups));
  }

  private void addTree(String name, Path folder) {
    try (Stream<Path> tree = Files.walk(folder)) {
      tree.filter(file -> isShown(folder.relativize(file)))
          .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
          .sorted()
          .limit(TREE_FILES_MAX)
          .forEach(file -> add(name + "/" + folder.relativize(file), file));
    } catch (IOException e) {
      throw new FailedException("cannot read " + folder + ": " + e.getMessage(), e);
    }
    groups++;
  }

  /// Not what was built, nor what is hidden.
  private static boolean isShown(Path relative) {
    for (var component : relative) {
      var text = component.toString();
      if (text.equals("target") || text.startsWith(".")) {
        return false;
      }
    }
    return true;
  }

  private static Path unpacked(Path zip, Path scratch) {
    try (var source = new ZipFile(zip.toFile())) {
      var entries =
          source.stream()
              .filter(entry -> !entry.isDirectory() && entry.getName().startsWith(JDK_TREE))
              .limit(TREE_FILES_MAX)
              .toList();
      for (var entry : entries) {
        var file = scratch.resolve(entry.getName()).normalize();
        if (!file.startsWith(scratch)) {
          throw new FailedException(zip + " holds a path that leads out of it");
        }
        Files.createDirectories(scratch.resolve(file).getParent());
        try (var stream = source.getInputStream(entry)) {
          Files.copy(stream, file);
        }
      }
      return scratch;
    } catch (IOException e) {
      throw new FailedException("cannot unpack " + zip + ": " + e.getMessage(), e);
    }
  }

  private static Optional<Path> repository(Surroundings surroundings) {
    return Optional.ofNullable(surroundings.variables().get("POTLUCK_LAUNCHER"))
        .map(launcher -> Path.of(launcher).getParent())
        .filter(folder -> folder != null && Files.isRegularFile(folder.resolve("pom.xml")));
  }
}
