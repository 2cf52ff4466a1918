package dev.potluck.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class ModernClassesTest {
  @TempDir Path folder;
  private Path original;
  private Path jar;

  @BeforeEach
  void copiesThePicocliOfThisBuild() throws IOException, URISyntaxException {
    original =
        Path.of(CommandLine.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    jar = Files.copy(original, folder.resolve("picocli.jar"));
  }

  @Test
  void oldClassesAreRewrittenAndPassTheVerifier() throws Exception {
    assertThat(ModernClasses.rewrite(jar)).isGreaterThan(100);

    try (var zip = new ZipFile(jar.toFile());
        var loader =
            new URLClassLoader(
                new URL[] {jar.toUri().toURL()}, ClassLoader.getPlatformClassLoader())) {
      for (String name : classes(zip)) {
        byte[] bytes = zip.getInputStream(zip.getEntry(name + ".class")).readAllBytes();
        assertThat(ClassFile.of().parse(bytes).majorVersion()).as(name).isGreaterThan(50);
        // Initializing is what verifies; Groovy's annotation is not there at run time.
        if (!name.startsWith("picocli/groovy")) {
          assertThat(Class.forName(name.replace('/', '.'), true, loader)).isNotNull();
        }
      }
    }
  }

  @Test
  void nothingElseChanges() throws IOException {
    ModernClasses.rewrite(jar);

    try (var before = new ZipFile(original.toFile());
        var after = new ZipFile(jar.toFile())) {
      List<String> names =
          before.stream().filter(e -> !e.isDirectory()).map(ZipEntry::getName).toList();
      assertThat(after.stream().map(ZipEntry::getName))
          .containsAll(names)
          .hasSize(names.size() + 1);
      for (String name : names) {
        if (!name.endsWith(".class")) {
          assertThat(after.getInputStream(after.getEntry(name)).readAllBytes())
              .isEqualTo(before.getInputStream(before.getEntry(name)).readAllBytes());
        }
      }
    }
  }

  @Test
  void theSameJarGivesTheSameBytesAndNothingTheSecondTime() throws IOException {
    Path other = Files.copy(original, folder.resolve("other.jar"));
    ModernClasses.rewrite(jar);
    ModernClasses.rewrite(other);
    assertThat(jar).hasSameBinaryContentAs(other);

    assertThat(ModernClasses.rewrite(jar)).isZero();
  }

  private static List<String> classes(ZipFile zip) {
    return zip.stream()
        .map(ZipEntry::getName)
        .filter(name -> name.endsWith(".class"))
        .filter(name -> !name.startsWith("META-INF") && !name.equals("module-info.class"))
        .map(name -> name.substring(0, name.length() - ".class".length()))
        .toList();
  }
}
