package dev.potluck.bench;

import dev.potluck.content.UsageException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/// What the user asked of a benchmark; what is unsaid is as issue and README state it.
///
/// @param rounds of interleaved runs
/// @param seeds of a simulation
/// @param mebibytes of the big file
/// @param files how many small ones
/// @param names in the directory
/// @param peers sizes of swarms
/// @param results where reports go
/// @param scratch where files lie that must be on a disk
record BenchOptions(
    int rounds,
    int seeds,
    int mebibytes,
    int files,
    int names,
    List<Integer> peers,
    Path results,
    Path scratch) {
  static final String USAGE =
      """
        -n N            rounds of interleaved runs (5)
        --mib N         size of the big file (1024; in swarms 64)
        --files N       how many small files (10000)
        --names N       names in the directory (1000000)
        --peers N,N     sizes of swarms (8,16)
        --seeds N       simulations (3)
        --results DIR   where reports go (bench/results)
        --scratch DIR   where files lie that are to be on a disk (TMPDIR)
      """;

  private static final int UNSAID = 0;

  BenchOptions {
    if (rounds < 1 || seeds < 1 || files < 1 || names < 1 || mebibytes < 0 || peers.isEmpty()) {
      throw new UsageException("counts and sizes are at least 1");
    }
    peers = List.copyOf(peers);
  }

  static BenchOptions parse(List<String> words, Path folder, Path results) {
    BenchOptions options =
        new BenchOptions(
            5,
            3,
            UNSAID,
            10_000,
            1_000_000,
            List.of(8, 16),
            results,
            Path.of(System.getProperty("java.io.tmpdir")));
    Deque<String> left = new ArrayDeque<>(words);
    while (!left.isEmpty()) {
      String option = left.pop();
      if (left.isEmpty()) {
        throw new UsageException(option + " wants a value.\n" + USAGE);
      }
      options = options.with(option, left.pop(), folder);
    }
    return options;
  }

  /// The size of the big file, in bytes.
  long bytesOr(int usualMebibytes) {
    return (long) (mebibytes == UNSAID ? usualMebibytes : mebibytes) << 20;
  }

  private BenchOptions with(String option, String value, Path folder) {
    return switch (option) {
      case "-n" -> copy(number(value), seeds, mebibytes, files, names, peers, results, scratch);
      case "--seeds" ->
          copy(rounds, number(value), mebibytes, files, names, peers, results, scratch);
      case "--mib" -> copy(rounds, seeds, number(value), files, names, peers, results, scratch);
      case "--files" ->
          copy(rounds, seeds, mebibytes, number(value), names, peers, results, scratch);
      case "--names" ->
          copy(rounds, seeds, mebibytes, files, number(value), peers, results, scratch);
      case "--peers" ->
          copy(rounds, seeds, mebibytes, files, names, numbers(value), results, scratch);
      case "--results" ->
          copy(rounds, seeds, mebibytes, files, names, peers, folder.resolve(value), scratch);
      case "--scratch" ->
          copy(rounds, seeds, mebibytes, files, names, peers, results, folder.resolve(value));
      default -> throw new UsageException("no option " + option + ".\n" + USAGE);
    };
  }

  private static BenchOptions copy(
      int rounds,
      int seeds,
      int mebibytes,
      int files,
      int names,
      List<Integer> peers,
      Path results,
      Path scratch) {
    return new BenchOptions(rounds, seeds, mebibytes, files, names, peers, results, scratch);
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
