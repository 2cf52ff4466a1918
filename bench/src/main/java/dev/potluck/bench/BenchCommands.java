package dev.potluck.bench;

import dev.potluck.cli.CommandProvider;
import dev.potluck.content.UsageException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// `potluck bench NAME…`: the benchmarks by name, one after the other, into one report.
public final class BenchCommands implements CommandProvider {
  private static final String ALL = "all";

  /// The exit status of what Ctrl-C has ended.
  private static final int INTERRUPTED = 130;

  private static final Map<String, Benchmark> BENCHMARKS = new LinkedHashMap<>();

  static {
    BENCHMARKS.put("single", new SingleBenchmark());
    BENCHMARKS.put("small", new SmallBenchmark());
    BENCHMARKS.put("swarm", new SwarmBenchmark());
    BENCHMARKS.put("mount", new MountBenchmark());
    BENCHMARKS.put("write", new WriteBenchmark());
    BENCHMARKS.put("programs", new ProgramsBenchmark());
    BENCHMARKS.put("holders", new HoldersBenchmark());
    BENCHMARKS.put("directory", new DirectoryBenchmark());
    BENCHMARKS.put("agreement", new AgreementBenchmark());
    BENCHMARKS.put("simulate", new SimulateBenchmark());
    BENCHMARKS.put("histories", new HistoriesBenchmark());
    BENCHMARKS.put("idle", new IdleBenchmark());
  }

  /// Which benchmarks, and what else was said.
  record Request(Set<String> names, List<String> options) {
    /// The names are all that comes before the first option; `all` is every one.
    static Request of(List<String> args, Set<String> known) {
      Set<String> names = new LinkedHashSet<>();
      int at = 0;
      while (at < args.size() && !args.get(at).startsWith("-")) {
        String name = args.get(at++);
        if (name.equals(ALL)) {
          names.addAll(known);
        } else if (known.contains(name)) {
          names.add(name);
        } else {
          throw new UsageException("no benchmark " + name + ".\n" + usage());
        }
      }
      if (names.isEmpty()) {
        throw new UsageException("which benchmark?\n" + usage());
      }
      return new Request(names, args.subList(at, args.size()));
    }

    /// What a report of these is called.
    String title(Set<String> known) {
      return names.containsAll(known) ? ALL : String.join("-", names);
    }
  }

  @Override
  public String name() {
    return "bench";
  }

  @Override
  public int run(List<String> args, Path folder, PrintStream out, PrintStream err)
      throws Exception {
    if (args.isEmpty() || args.contains("--help") || args.contains("-h")) {
      out.print(usage());
      return 0;
    }
    Request request = Request.of(args, BENCHMARKS.keySet());
    Launcher launcher = Launcher.ofThisProcess();
    BenchOptions options = BenchOptions.parse(request.options, folder, launcher.resultsFolder());
    launcher.warmUp();
    LocalDate today = LocalDate.now(ZoneOffset.UTC);
    String stem = today + "-" + request.title(BENCHMARKS.keySet());
    Report report =
        new Report(stem, "Potluck measured", "%s: %s.".formatted(today, Machine.described()));
    int status = 0;
    for (String name : request.names) {
      err.println("== " + name);
      try (Lab lab = new Lab(options, launcher, err)) {
        Section section;
        try {
          section = Objects.requireNonNull(BENCHMARKS.get(name)).run(lab);
        } catch (RuntimeException | IOException e) {
          if (lab.isEnding()) {
            return INTERRUPTED;
          }
          status = 1;
          err.println(name + " failed: " + e);
          section = failed(name, e, lab.keepLogs(stem + "-" + name));
        }
        report = report.with(section);
        // After each: what was measured stays if a later one is broken off.
        Path written = report.write(options.results());
        err.println("written: " + written);
      }
    }
    out.print(report.markdown());
    if (request.names.size() > 1) {
      out.printf("%n%s", Target.table(report.targets()).markdown());
    }
    return status;
  }

  private static Section failed(String name, Exception why, Path logs) {
    return new Section(name + " failed")
        .paragraph("%s", why.getMessage() == null ? why.toString() : why.getMessage())
        .paragraph("What the processes said is in `%s`.", logs);
  }

  private static String usage() {
    StringBuilder text = new StringBuilder("potluck bench NAME… [OPTION…]\n\n");
    BENCHMARKS.forEach(
        (name, benchmark) -> text.append("  %-10s %s%n".formatted(name, benchmark.summary())));
    text.append("  %-10s %s%n".formatted(ALL, "every one of these, some twenty minutes"));
    return text.append("\n").append(BenchOptions.USAGE).toString();
  }
}
