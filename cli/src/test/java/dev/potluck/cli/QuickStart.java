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
import java.util.jar.JarInputStream;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Processes of tests are started by the hundred and live for seconds. With their classes in jars
/// and in a cache as the JVM needs them (JEP 483), as the launcher starts them, too, a peer starts
/// with half the processor time.
final class QuickStart {
  /// Quick starts matter more than peak speed.
  private static final List<String> FLAGS = List.of("-XX:TieredStopAtLevel=1");

  /// Bouncy Castle's jars begin so.
  private static final String SIGNED = "bc";

  private static final Pattern SIGNATURE = Pattern.compile("META-INF/[^/]*\\.(SF|RSA|DSA|EC)");
  private static final Duration START_LIMIT = Duration.ofMinutes(1);

  /// What runs the processes of tests.
  static final PotluckProcess.Java RUNTIME = prepared();

  private QuickStart() {}

  private static PotluckProcess.Java prepared() {
    try {
      var folder = Files.createTempDirectory("potluck-quick-start-");
      folder.toFile().deleteOnExit();
      var jars = new PotluckProcess.Java(FLAGS, jars(folder));
      var cache = folder.resolve("classes.aot");
      cache.toFile().deleteOnExit();
      train(jars, cache);
      return jars.with(List.of("-XX:AOTCache=" + cache));
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
        var jar = newJar(folder, jars.size());
        pack(path, jar);
        jars.add(jar.toString());
      } else if (path.getFileName().toString().startsWith(SIGNED)) {
        var jar = newJar(folder, jars.size());
        unsign(path, jar);
        jars.add(jar.toString());
      } else if (Files.exists(path)) {
        jars.add(entry);
      }
    }
    return String.join(File.pathSeparator, jars);
  }

  private static Path newJar(Path folder, int number) {
    var jar = folder.resolve(number + ".jar");
    jar.toFile().deleteOnExit();
    return jar;
  }

  /// Copies the classes of a jar: those of a signed one are not cached.
  private static void unsign(Path signed, Path jar) throws IOException {
    try (var in = new JarInputStream(Files.newInputStream(signed), false);
        var out = new JarOutputStream(Files.newOutputStream(jar), unsigned(in.getManifest()))) {
      for (var entry = in.getNextJarEntry(); entry != null; entry = in.getNextJarEntry()) {
        if (!entry.isDirectory() && !SIGNATURE.matcher(entry.getName()).matches()) {
          out.putNextEntry(new JarEntry(entry.getName()));
          in.transferTo(out);
          out.closeEntry();
        }
      }
    }
  }

  /// What a manifest says of the jar as a whole, such as that it is for several releases of Java.
  private static Manifest unsigned(Manifest signed) {
    var manifest = new Manifest(signed);
    manifest.getEntries().clear();
    return manifest;
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
  private static void train(PotluckProcess.Java java, Path cache)
      throws IOException, InterruptedException {
    var folder = Files.createTempDirectory("potluck-training-");
    var training = java.with(List.of("-XX:AOTCacheOutput=" + cache));
    var words = List.of("up", "--open", "--listen", "127.0.0.1:0", "--share", folder + "/share");
    try (var peer = PotluckProcess.start(folder, folder.resolve("log"), training, words)) {
      var _ = peer.awaitReady(START_LIMIT);
      peer.terminate();
      var _ = peer.awaitExit(START_LIMIT);
    } finally {
      Folders.delete(folder);
    }
    if (!Files.exists(cache)) {
      throw new IOException("the JVM did not write " + cache);
    }
  }
}
