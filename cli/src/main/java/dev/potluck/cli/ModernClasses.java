package dev.potluck.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassElement;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.lang.constant.ClassDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/// Rewrites the classes of a jar that are older than Java 6 as Java 25's, for the launcher: the AOT
/// cache leaves the old ones out, because they lack what the JVM verifies classes by, and picocli's
/// then cost a command a third of its time. The code stays what it is; what was done is written
/// beside it.
final class ModernClasses {
  /// The first version whose classes bring their stack maps.
  private static final int STACK_MAPS_VERSION = 50;

  private static final String NOTE = "META-INF/potluck-changes.txt";
  private static final String CLASS = ".class";

  private final Map<String, byte[]> entries = new LinkedHashMap<>();
  private final ClassFile classes =
      ClassFile.of(
          ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
          ClassFile.ClassHierarchyResolverOption.of(
              ClassHierarchyResolver.ofResourceParsing(this::resource)
                  .orElse(ClassHierarchyResolver.defaultResolver())));

  private ModernClasses() {}

  /// Rewrites the jar whose path is given, in place; leaves it as it was if anything fails.
  public static void main(String[] args) throws IOException {
    rewrite(Path.of(args[0]));
  }

  /// @return how many classes were old
  static int rewrite(Path jar) throws IOException {
    var modern = new ModernClasses();
    modern.read(jar);
    int old = 0;
    for (var entry : modern.entries.entrySet()) {
      if (entry.getKey().endsWith(CLASS) && modern.isOld(entry.getValue())) {
        entry.setValue(modern.rewritten(entry.getValue()));
        old++;
      }
    }
    if (old > 0) {
      var note = "Potluck's build gave the classes older than Java 6 stack maps. Nothing else.\n";
      modern.entries.put(NOTE, note.getBytes(UTF_8));
      var beside = jar.resolveSibling(jar.getFileName() + ".new");
      modern.write(beside);
      Files.move(beside, jar, StandardCopyOption.ATOMIC_MOVE);
    }
    return old;
  }

  private void read(Path jar) throws IOException {
    try (var in = new ZipInputStream(Files.newInputStream(jar))) {
      for (var entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        if (!entry.isDirectory()) {
          entries.put(entry.getName(), in.readAllBytes());
        }
      }
    }
  }

  private boolean isOld(byte[] bytes) {
    return classes.parse(bytes).majorVersion() < STACK_MAPS_VERSION;
  }

  private byte[] rewritten(byte[] bytes) {
    return classes.transformClass(classes.parse(bytes), ModernClasses::element);
  }

  private static void element(ClassBuilder builder, ClassElement element) {
    switch (element) {
      case ClassFileVersion _ -> builder.withVersion(ClassFile.JAVA_25_VERSION, 0);
      // Element by element: what is copied whole gets no stack map.
      case MethodModel method ->
          builder.transformMethod(
              method, MethodTransform.transformingCode((code, each) -> code.with(each)));
      default -> builder.with(element);
    }
  }

  private @Nullable ByteArrayInputStream resource(ClassDesc of) {
    var name = of.descriptorString();
    var bytes = entries.get(name.substring(1, name.length() - 1) + CLASS);
    return bytes == null ? null : new ByteArrayInputStream(bytes);
  }

  /// The same bytes for the same jar: their hash names the build.
  private void write(Path target) throws IOException {
    try (var out = new ZipOutputStream(Files.newOutputStream(target))) {
      for (var entry : entries.entrySet()) {
        var zipped = new ZipEntry(entry.getKey());
        zipped.setTime(0);
        out.putNextEntry(zipped);
        out.write(entry.getValue());
        out.closeEntry();
      }
    }
  }
}
