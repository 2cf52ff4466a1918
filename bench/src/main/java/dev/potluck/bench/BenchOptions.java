package dev.potluck.bench;

import dev.potluck.content.UsageException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/// What the user asked of the benchmarks; what is unsaid is as issue and README state it.
///
/// @param rounds of interleaved runs
/// @param seeds of a simulation
/// @param firstSeed of them, and of what goes wrong in histories
/// @param party machines in a simulated party, 0 if each seed says
/// @param mebibytes of the big file, 0 if unsaid
/// @param files how many small ones
/// @param names in the directory
/// @param peers sizes of swarms
/// @param crowd peers in a simulation
/// @param seconds an idle peer is watched, or things go wrong
/// @param results where reports go
/// @param scratch where files lie that must be on a disk
record BenchOptions(
    int rounds,
    int seeds,
    int firstSeed,
    int party,
    int mebibytes,
    int files,
    int names,
    List<Integer> peers,
    int crowd,
    int seconds,
    Path results,
    Path scratch) {
  static final String USAGE =
      """
        -n N            rounds of interleaved runs (5)
        --mib N         size of the big file (1024; in swarms 64)
        --files N       how many small files (10000)
        --names N       names in the directory (1000000)
        --peers N,N     sizes of swarms (8,16)
        --crowd N       peers in a simulation (1000)
        --seeds N       simulations (3): as many parties, and up to 3 swarms
        --first-seed N  of the simulations, and of what goes wrong in histories (1)
        --party N       machines in a simulated party (5 to 9: the seed says)
        --seconds N     how long an idle peer is watched, or things go wrong (60)
        --results DIR   where reports go (bench/results)
        --scratch DIR   where files lie that are to be on a disk (TMPDIR)
      """;

  private static final Set<String> KNOWN =
      Set.of(
          "-n",
          "--mib",
          "--files",
          "--names",
          "--peers",
          "--crowd",
          "--seeds",
          "--first-seed",
          "--party",
          "--seconds",
          "--results",
          "--scratch");
  private static final int UNSAID = 0;

  BenchOptions {
    peers = List.copyOf(peers);
  }

  static BenchOptions parse(List<String> words, Path folder, Path results) {
    Map<String, String> said = new HashMap<>();
    Deque<String> left = new ArrayDeque<>(words);
    while (!left.isEmpty()) {
      String option = left.pop();
      if (!KNOWN.contains(option)) {
        throw new UsageException("no option " + option + ".\n" + USAGE);
      }
      if (left.isEmpty()) {
        throw new UsageException(option + " wants a value.\n" + USAGE);
      }
      said.put(option, left.pop());
    }
    return new BenchOptions(
        number(said.getOrDefault("-n", "5")),
        number(said.getOrDefault("--seeds", "3")),
        number(said.getOrDefault("--first-seed", "1")),
        said.containsKey("--party") ? number(said.getOrDefault("--party", "")) : UNSAID,
        said.containsKey("--mib") ? number(said.getOrDefault("--mib", "")) : UNSAID,
        number(said.getOrDefault("--files", "10000")),
        number(said.getOrDefault("--names", "1000000")),
        numbers(said.getOrDefault("--peers", "8,16")),
        number(said.getOrDefault("--crowd", "1000")),
        number(said.getOrDefault("--seconds", "60")),
        folder.resolve(said.getOrDefault("--results", results.toString())),
        folder.resolve(said.getOrDefault("--scratch", System.getProperty("java.io.tmpdir"))));
  }

  /// The machines of a simulated party; empty if the seed says.
  OptionalInt machines() {
    return party == UNSAID ? OptionalInt.empty() : OptionalInt.of(party);
  }

  /// The size of the big file, in bytes.
  long bytesOr(int usualMebibytes) {
    return (long) (mebibytes == UNSAID ? usualMebibytes : mebibytes) << 20;
  }

  private static List<Integer> numbers(String value) {
    return Arrays.stream(value.split(",", -1)).map(BenchOptions::number).toList();
  }

  private static int number(String value) {
    try {
      int number = Integer.parseInt(value);
      if (number > 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new UsageException("not a number: " + value, e);
    }
    throw new UsageException("not above 0: " + value);
  }
}
