package dev.potluck.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/// Names and attributes through a mount: what `ls`, `find` and `stat` take.
final class MountedNames {
  static final String FLAT = "flat";
  static final String DEEP = "deep";
  static final int FOLDERS = 1000;

  private static final double STAT_SHARE = 0.9;
  private static final double LOOKUPS_A_SECOND = 30_000;
  private static final double LS_SECONDS = 1;
  private static final double FIND_SECONDS = 3;
  private static final int STATS = 20_000;
  private static final Duration LIMIT = Duration.ofMinutes(3);

  private final Lab lab;
  private final int files;
  private final List<MountedSystem> systems;
  private final Figures lists = new Figures();
  private final Figures finds = new Figures();
  private final Figures stats = new Figures();
  private final Figures lookups = new Figures();

  /// @param files in one folder {@link #FLAT}, and as many in {@link #FOLDERS} of {@link #DEEP}
  MountedNames(Lab lab, int files, List<MountedSystem> systems) {
    this.lab = lab;
    this.files = files;
    this.systems = systems;
  }

  static Path flat(Path root, int number) {
    return root.resolve(FLAT).resolve("f%06d".formatted(number));
  }

  static Path deep(Path root, int number) {
    return root.resolve(DEEP)
        .resolve("d%03d".formatted(number % FOLDERS))
        .resolve("f%06d".formatted(number));
  }

  /// Writes the files: a few bytes each.
  static void make(Path root, int files) throws IOException {
    Files.createDirectories(root.resolve(FLAT));
    for (int i = 0; i < files; i++) {
      byte[] content = "file %d%n".formatted(i).getBytes(Child.CHARSET);
      Files.write(flat(root, i), content);
      if (i < FOLDERS) {
        Files.createDirectories(deep(root, i).getParent());
      }
      Files.write(deep(root, i), content);
    }
  }

  void measure(int rounds, Section section) throws IOException, InterruptedException {
    boolean cold = KernelCaches.missing().isEmpty();
    for (int round = 0; round < rounds; round++) {
      for (MountedSystem system : systems) {
        String name = system.name();
        forget(cold);
        lists.add(name, seconds(List.of("ls", "-l", system.file(FLAT).toString())));
        forget(cold);
        finds.add(name, seconds(List.of("find", system.file(DEEP).toString())));
        List<Path> paths = some(system.folder(), round);
        forget(cold);
        Files.exists(system.file(DEEP));
        lookups.add(name, stats(paths));
        stats.add(name, stats(paths));
      }
      lab.say("round %d of names", round + 1);
    }
    Table table =
        new Table(
            List.of(
                "system",
                "`ls -l` of a folder of %,d, s".formatted(files),
                "`find` over %,d in %,d folders, s".formatted(files, FOLDERS),
                cold ? "look-ups that nothing has cached, /s" : "first look-ups, /s",
                "stat of what is cached, /s"));
    for (MountedSystem system : systems) {
      table.add(
          system.name(),
          Target.figure(lists.of(system.name()).median()),
          Target.figure(finds.of(system.name()).median()),
          "%,.0f".formatted(lookups.of(system.name()).median()),
          "%,.0f".formatted(stats.of(system.name()).median()));
    }
    String ours = MountedSystem.POTLUCK;
    section
        .table(table)
        .target(
            Target.atMost(
                "mount: ls -l of %,d".formatted(files), lists.of(ours).median(), LS_SECONDS, "s"))
        .target(
            Target.atMost(
                "mount: find over %,d".formatted(files),
                finds.of(ours).median(),
                FIND_SECONDS,
                "s"))
        .target(
            Target.atLeast(
                "mount: uncached look-ups", lookups.of(ours).median(), LOOKUPS_A_SECOND, "/s"))
        .target(
            Target.atLeast(
                "mount: stat of what is cached, in the disk's own",
                stats.ratio(ours, MountedSystem.NATIVE),
                STAT_SHARE,
                ""));
  }

  private static void forget(boolean cold) throws IOException {
    if (cold) {
      KernelCaches.dropNames();
    }
  }

  /// Some files of {@link #DEEP}, by turns of folders.
  private List<Path> some(Path root, int round) {
    List<Path> paths = new ArrayList<>();
    for (int i = 0; i < Math.min(STATS, files); i++) {
      paths.add(deep(root, i));
    }
    Collections.shuffle(paths, new Random(round));
    return paths;
  }

  /// @return stats a second
  private static double stats(List<Path> paths) throws IOException {
    long startNanos = System.nanoTime();
    for (Path path : paths) {
      var _ = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }
    return paths.size() / ReadSpeed.secondsSince(startNanos);
  }

  private double seconds(List<String> command) throws IOException, InterruptedException {
    Path output = lab.diskFolder().resolve("names.out");
    long startNanos = System.nanoTime();
    Child.run(Host.LOOPBACK, output, LIMIT, command);
    return ReadSpeed.secondsSince(startNanos);
  }
}
