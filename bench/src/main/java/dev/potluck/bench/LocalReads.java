package dev.potluck.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A file that is here, read through the mount, through the file system it lies on, and through
/// sshfs, in turns.
final class LocalReads {
  /// How far apart the two may be: a call through the mount goes straight to the file.
  private static final double WARM_SHARE = 0.95;

  private static final double COLD_SHARE = 0.90;
  private static final double RANDOM_SHARE = 0.90;
  private static final double RANDOM_SECONDS = 1.5;
  private static final double MEBIBYTE = 1 << 20;

  /// Half a second is short on a machine that does other things too.
  private static final int WARM_READS = 5;

  private final Lab lab;
  private final String file;
  private final List<MountedSystem> systems;
  private final Figures warm = new Figures();
  private final Figures cold = new Figures();
  private final Figures random = new Figures();
  private final Figures randomCold = new Figures();

  /// @param file a path in each of the systems
  LocalReads(Lab lab, String file, List<MountedSystem> systems) {
    this.lab = lab;
    this.file = file;
    this.systems = systems;
  }

  void measure(int rounds, Section section) throws IOException {
    Optional<String> missing = KernelCaches.missing();
    for (MountedSystem system : systems) {
      ReadSpeed.sequential(system.file(file)); // It was written, but maybe not all of it is cached.
    }
    for (int round = 0; round < rounds; round++) {
      List<MountedSystem> turn = turn(round);
      for (MountedSystem system : turn) {
        List<Double> speeds = new ArrayList<>();
        for (int i = 0; i < WARM_READS; i++) {
          speeds.add(ReadSpeed.sequential(system.file(file)) / MEBIBYTE);
        }
        warm.add(system.name(), Statistics.of(speeds).median());
      }
      for (MountedSystem system : turn) {
        random.add(system.name(), ReadSpeed.random(system.file(file), RANDOM_SECONDS, round));
      }
      for (MountedSystem system : missing.isEmpty() ? turn : List.<MountedSystem>of()) {
        KernelCaches.dropPages();
        cold.add(system.name(), ReadSpeed.sequential(system.file(file)) / MEBIBYTE);
        KernelCaches.dropPages();
        randomCold.add(
            system.name(), ReadSpeed.random(system.file(file), RANDOM_SECONDS, rounds + round));
      }
      lab.say("round %d of a file that is here", round + 1);
    }
    section
        .table(table(missing.isEmpty()))
        .chart(warm.chart("MiB/s, a file that is here, cached", "MiB/s"));
    missing.ifPresent(how -> section.paragraph("%s.", how));
    target(section, "sequential, warm", warm, WARM_SHARE);
    target(section, "random 4 KiB, warm", random, RANDOM_SHARE);
    if (missing.isEmpty()) {
      target(section, "sequential, cold", cold, COLD_SHARE);
      target(section, "random 4 KiB, cold", randomCold, RANDOM_SHARE);
    }
  }

  /// Nobody is always the first.
  private List<MountedSystem> turn(int round) {
    List<MountedSystem> turn = new ArrayList<>(systems);
    return round % 2 == 0 ? turn : turn.reversed();
  }

  private Table table(boolean withCold) {
    Table table =
        new Table(
            List.of(
                "system",
                "sequential, warm, MiB/s",
                "cold",
                "random 4 KiB, warm, reads/s",
                "cold"));
    for (MountedSystem system : systems) {
      String name = system.name();
      table.add(
          name,
          range(warm, name),
          withCold ? range(cold, name) : "-",
          range(random, name),
          withCold ? range(randomCold, name) : "-");
    }
    return table;
  }

  private static String range(Figures figures, String system) {
    Statistics of = figures.of(system);
    return "%,.0f (%,.0f to %,.0f)".formatted(of.median(), of.least(), of.greatest());
  }

  private static void target(Section section, String what, Figures figures, double share) {
    section.target(
        Target.atLeast(
            "mount, here: " + what + ", in the disk's own",
            figures.ratio(MountedSystem.POTLUCK, MountedSystem.NATIVE),
            share,
            ""));
  }

  /// Writes the file, if it is not there.
  static Path file(Path folder, String name, long bytes) throws IOException {
    Path file = folder.resolve(name);
    if (!Files.exists(file)) {
      Trees.file(file, bytes, name.hashCode());
    }
    return file;
  }
}
