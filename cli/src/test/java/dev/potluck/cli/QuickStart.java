package dev.potluck.cli;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/// Processes of tests are started by the hundred and live for seconds. With their classes in jars
/// and archived as the JVM needs them (class data sharing), a peer starts with six tenths of the
/// processor time.
final class QuickStart {
  /// Quick starts matter more than peak speed.
  private static final List<String> FLAGS = List.of("-XX:TieredStopAtLevel=1");

  private static final Duration START_LIMIT = Duration.ofMinutes(1);

  /// What runs the processes of tests.
  static final PotluckProcess.Java RUNTIME = prepared();

  private QuickStart() {}

  private static PotluckProcess.Java prepared() {
    try {
      var folder = Files.createTempDirectory("potluck-quick-start-");
      folder.toFile().deleteOnExit();
      var jars = new PotluckProcess.Java(FLAGS, jars(folder));
      var archive = folder.resolve("classes.jsa");
      archive.toFile().deleteOnExit();
      archive(jars, archive);
      // The modules in the JDK's own archive are not used with these flags, which it calls an
      // error.
      return jars.with(List.of("-XX:SharedArchiveFile=" + archive, "-Xlog:cds=off:stderr"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /// The class path of this process, with jars for its folders.
  private static String jars(Path folder) throws IOException {
    var jars = new ArrayList<String>();
    for (var entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      var path = Path.of(entry);
      if (Files.isDirectory(path)) {
        var jar = folder.resolve(jars.size() + ".jar");
        jar.toFile().deleteOnExit();
        pack(path, jar);
        jars.add(jar.toString());
      } else if (Files.exists(path)) {
        jars.add(entry);
      }
    }
    return String.join(File.pathSeparator, jars);
  }

  private static void pack(Path classes, Path jar) throws IOException {
    try (var out = new JarOutputStream(Files.newOutputStream(jar));
        Stream<Path> files = Files.walk(classes)) {
      for (var file : files.filter(Files::isRegularFile).sorted().toList()) {
        out.putNextEntry(new JarEntry(classes.relativize(file).toString()));
        Files.copy(file, out);
        out.closeEntry();
      }
    }
  }

  /// Has a peer start and end, and keeps the classes it loaded.
  private static void archive(PotluckProcess.Java java, Path archive)
      throws IOException, InterruptedException {
    var folder = Files.createTempDirectory("potluck-archive-");
    var archiving = java.with(List.of("-XX:ArchiveClassesAtExit=" + archive));
    var words = List.of("up", "--open", "--listen", "127.0.0.1:0", "--share", folder + "/share");
    try (var peer = PotluckProcess.start(folder, folder.resolve("log"), archiving, words)) {
      var _ = peer.awaitReady(START_LIMIT);
      peer.terminate();
      var _ = peer.awaitExit(START_LIMIT);
    } finally {
      Folders.delete(folder);
    }
    if (!Files.exists(archive)) {
      throw new IOException("the JVM did not write " + archive);
    }
  }
}
