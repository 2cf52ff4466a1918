package dev.potluck.bench;

import java.io.IOException;
import java.util.List;

/// What the directory costs with very many names.
final class DirectoryBenchmark implements Benchmark {
  private static final int PEERS = 100;
  private static final double FIND_MS_MAX = 5;
  private static final double NAME_BYTES_MAX = 200;
  private static final double HOLDER_BYTES_MAX = 24;

  @Override
  public String summary() {
    return "1,000,000 names: memory, announcements and finds a second";
  }

  @Override
  public Section run(Lab lab) throws IOException, InterruptedException {
    int names = lab.options().names();
    DirectoryCost cost = DirectoryCost.of(names, PEERS);
    FindLatency wire = FindLatency.of(lab, names);
    double p50 = Statistics.percentile(wire.milliseconds(), 0.5);
    double p99 = Statistics.percentile(wire.milliseconds(), 0.99);
    double most = Statistics.percentile(wire.milliseconds(), 1);
    Table table = new Table(List.of("figure", "in process", "gRPC, mutual TLS"));
    table.add("new facts a second", Target.figure(cost.learned()), Target.figure(wire.announced()));
    table.add("unchanged facts a second", Target.figure(cost.unchanged()), "-");
    table.add("finds a second", Target.figure(cost.finds()), Target.figure(wire.findsPerSecond()));
    table.add("find, p50, ms", "-", "%.2f".formatted(p50));
    table.add("find, p99, ms", "-", "%.2f".formatted(p99));
    table.add("find, slowest, ms", "-", "%.2f".formatted(most));
    table.add(
        "bytes a name with its first holder, beyond the name",
        "%.1f".formatted(cost.nameBytes()),
        "-");
    table.add("bytes each further holder", "%.1f".formatted(cost.holderBytes()), "-");
    Section section =
        new Section("The directory with %,d names".formatted(names))
            .paragraph(
                """
                In process: the state machine alone, a second of its thread's processor time, %d
                peers. gRPC: `potluck tracker --memory` in a process of its own; 16 clients, each
                with a connection and a certificate of its own, on the same machine, ask for random
                names, at once again when they are answered; %,d finds.""",
                PEERS, wire.milliseconds().size())
            .table(table)
            .target(Target.atMost("find, 16 clients: p99", p99, FIND_MS_MAX, "ms"))
            .target(
                Target.atMost(
                    "directory: memory a name with its first holder, beyond it",
                    cost.nameBytes(),
                    NAME_BYTES_MAX + HOLDER_BYTES_MAX,
                    "bytes"))
            .target(
                Target.atMost(
                    "directory: memory each further holder",
                    cost.holderBytes(),
                    HOLDER_BYTES_MAX,
                    "bytes"));
    return Machine.sign(section, lab, List.of());
  }
}
