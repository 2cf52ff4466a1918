package dev.potluck.fuse;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A running [MountProgram].
final class MountProcess implements AutoCloseable {
  final Process process;
  private final BufferedReader output;

  private MountProcess(Process process) {
    this.process = process;
    this.output = process.inputReader(StandardCharsets.UTF_8);
  }

  static MountProcess start(Path directory) throws IOException {
    return start(List.of(), directory, System.getProperty("java.class.path"));
  }

  /// As somebody else.
  ///
  /// @param prefix what comes before the command: setpriv, nsenter
  /// @param classes a folder that everybody can read, see [#readableClasses]
  static MountProcess start(List<String> prefix, Path directory, Path classes) throws IOException {
    return start(prefix, directory, classes.toString());
  }

  private static MountProcess start(List<String> prefix, Path directory, String classPath)
      throws IOException {
    List<String> command = new ArrayList<>(prefix);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-Xmx128m");
    command.add("-cp");
    command.add(classPath);
    command.add(MountProgram.class.getName());
    command.add(directory.toString());
    return new MountProcess(
        new ProcessBuilder(command)
            .directory(new File("/"))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start());
  }

  /// Copies the classes of this module to where every user can read them.
  static Path readableClasses() throws IOException {
    Path copy =
        Files.createTempDirectory(
            "fuse-classes",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    for (String entry : System.getProperty("java.class.path").split(":", -1)) {
      Path from = Path.of(entry);
      if (Files.isDirectory(from)) {
        copy(from, copy);
      }
    }
    return copy;
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> tree = Files.walk(from)) {
      tree.forEach(
          path -> {
            Path target = to.resolve(from.relativize(path).toString());
            try {
              if (Files.isDirectory(path)) {
                Files.createDirectories(target);
                Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxr-xr-x"));
              } else {
                Files.write(target, Files.readAllBytes(path));
                Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rw-r--r--"));
              }
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    }
  }

  /// The next line of what it says; null: it has ended.
  @Nullable String line() throws IOException {
    return output.readLine();
  }

  void say(String word) throws IOException {
    process.getOutputStream().write((word + "\n").getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().flush();
  }

  /// SIGKILL.
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
    output.close();
  }
}
