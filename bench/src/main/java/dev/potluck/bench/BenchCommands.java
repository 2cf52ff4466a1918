package dev.potluck.bench;

import dev.potluck.cli.CommandProvider;
import dev.potluck.content.UsageException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// `potluck bench NAME`: every benchmark by name.
public final class BenchCommands implements CommandProvider {
  private static final Map<String, Benchmark> BENCHMARKS = new LinkedHashMap<>();

  static {
    BENCHMARKS.put("single", new SingleBenchmark());
    BENCHMARKS.put("small", new SmallBenchmark());
  }

  @Override
  public String name() {
    return "bench";
  }

  @Override
  public int run(List<String> args, Path folder, PrintStream out, PrintStream err)
      throws Exception {
    if (args.isEmpty() || args.contains("--help")) {
      out.print(usage());
      return 0;
    }
    Benchmark benchmark = BENCHMARKS.get(args.getFirst());
    if (benchmark == null) {
      throw new UsageException("no benchmark " + args.getFirst() + ".\n" + usage());
    }
    Launcher launcher = Launcher.ofThisProcess();
    BenchOptions options =
        BenchOptions.parse(args.subList(1, args.size()), folder, launcher.resultsFolder());
    try (Lab lab = new Lab(options, launcher, err)) {
      Report report = benchmark.run(lab);
      Path written = report.write(options.results(), args.getFirst(), lab.today());
      out.println(report.markdown(args.getFirst()));
      err.println("written: " + written);
    }
    return 0;
  }

  private static String usage() {
    StringBuilder text = new StringBuilder("potluck bench NAME [OPTION…]\n\n");
    BENCHMARKS.forEach(
        (name, benchmark) -> text.append("  %-10s %s%n".formatted(name, benchmark.summary())));
    return text.append("\n").append(BenchOptions.USAGE).toString();
  }
}
