package dev.potluck.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;

/// Mean download time against the number of holders, with emulated latency, for both ways to select
/// holders.
///
/// Four peers download at the same time, each a file of its own, so that they cannot help each
/// other; each holder has all files and a slow link, so that load matters as well as latency. No
/// file is used twice: a peer stays linked for a while to whom it got a content from.
final class HolderGraph {
  private static final int HOLDERS = 8;
  private static final int RECEIVERS = 4;
  private static final int MEGABITS = 50;
  private static final int MEBIBYTES = 4;
  private static final int LATENCY_MIN_MS = 20;
  private static final int LATENCY_MAX_MS = 300;
  private static final int ROUNDS_MAX = 2;
  private static final int STARTED_AT_A_TIME = 3;
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final List<String> SELECTORS = List.of("classic", "adaptive");

  private final Lab lab;
  private final Path work;
  private final Hosts hosts;
  private final PotluckPeer tracker;

  private HolderGraph(Lab lab) throws IOException, InterruptedException {
    this.lab = lab;
    this.work = lab.memoryFolder();
    this.hosts = Hosts.on(lab);
    this.tracker =
        PotluckPeer.tracker(lab, hosts.add("trk", 0), work.resolve("tracker"), List.of("--memory"));
  }

  /// Measures, and adds table and picture to a section.
  static void draw(Lab lab, Section section) throws IOException, InterruptedException {
    HolderGraph graph = new HolderGraph(lab);
    List<List<LineChart.Point>> lines = graph.measure();
    Table table = new Table(List.of("holders", "classic, s", "adaptive, s", "adaptive / classic"));
    for (int i = 0; i < HOLDERS; i++) {
      double classic = lines.get(0).get(i).y();
      double adaptive = lines.get(1).get(i).y();
      table.add(
          Integer.toString(i + 1),
          "%.3f".formatted(classic),
          "%.3f".formatted(adaptive),
          "%.2f".formatted(adaptive / classic));
    }
    List<LineChart.Line> drawn = new ArrayList<>();
    for (int i = 0; i < SELECTORS.size(); i++) {
      drawn.add(new LineChart.Line(SELECTORS.get(i), lines.get(i)));
    }
    section
        .paragraph(
            """
            Mean download time against the number of holders: %d peers download at the same time, \
            each a file of its own of %d MiB; holders of %d Mbit/s; emulated latency of %d to \
            %d ms between each holder and each peer (`--latency FILE`); means over %d rounds.""",
            RECEIVERS, MEBIBYTES, MEGABITS, LATENCY_MIN_MS, LATENCY_MAX_MS, rounds(lab))
        .table(table)
        .chart(new LineChart("Mean download time", "holders", "seconds", drawn));
  }

  private static int rounds(Lab lab) {
    return Math.min(ROUNDS_MAX, lab.options().rounds());
  }

  /// A line for each selector.
  private List<List<LineChart.Point>> measure() throws IOException, InterruptedException {
    List<Callable<PotluckPeer>> starts = new ArrayList<>();
    Path latencies = Files.writeString(work.resolve("latencies"), latencies());
    for (String selector : SELECTORS) {
      for (int i = 0; i < RECEIVERS; i++) {
        String name = nameOf(selector, i);
        Host host = hosts.add(name, 0);
        List<String> words = List.of("--latency", latencies.toString(), "--selector", selector);
        starts.add(() -> PotluckPeer.join(lab, host, work.resolve(name), tracker, words));
      }
    }
    List<PotluckPeer> receivers = Together.all(STARTED_AT_A_TIME, starts);
    List<List<LineChart.Point>> lines = List.of(new ArrayList<>(), new ArrayList<>());
    for (int count = 1; count <= HOLDERS; count++) {
      addHolder(count);
      for (int s = 0; s < SELECTORS.size(); s++) {
        List<PotluckPeer> some = receivers.subList(s * RECEIVERS, (s + 1) * RECEIVERS);
        double mean = meanSeconds(some, count);
        lab.say("%d holders, %s: mean %.3f s", count, SELECTORS.get(s), mean);
        lines.get(s).add(new LineChart.Point(count, mean));
      }
    }
    return lines;
  }

  /// Starts one, with what is fetched from now on.
  private void addHolder(int number) throws IOException, InterruptedException {
    String name = "h" + number;
    Path share = Files.createDirectory(work.resolve(name));
    for (int holders = number; holders <= HOLDERS; holders++) {
      for (int i = 0; i < RECEIVERS * rounds(lab); i++) {
        String file = fileOf(holders, i / RECEIVERS, i % RECEIVERS);
        Trees.file(share.resolve(file), MEBIBYTES << 20, file.hashCode());
      }
    }
    var _ = PotluckPeer.join(lab, hosts.add(name, MEGABITS), share, tracker, List.of());
  }

  private double meanSeconds(List<PotluckPeer> receivers, int holders)
      throws IOException, InterruptedException {
    List<Double> seconds = new ArrayList<>();
    for (int round = 0; round < rounds(lab); round++) {
      List<Callable<Double>> downloads = new ArrayList<>();
      for (int i = 0; i < receivers.size(); i++) {
        PotluckPeer receiver = receivers.get(i);
        String file = fileOf(holders, round, i);
        receiver.awaitHolders(file, holders, LIMIT);
        downloads.add(() -> download(receiver, file));
      }
      seconds.addAll(Together.all(receivers.size(), downloads));
      for (int i = 0; i < receivers.size(); i++) {
        Files.delete(receivers.get(i).share().resolve(fileOf(holders, round, i)));
        var _ = receivers.get(i).update();
      }
    }
    return Statistics.of(seconds).mean();
  }

  private static double download(PotluckPeer receiver, String file) {
    long began = System.nanoTime();
    var _ = receiver.ask("get", Map.of("names", List.of(file)));
    return (System.nanoTime() - began) / 1e9;
  }

  /// A line for each holder and receiver; the same for receivers of the same number.
  static String latencies() {
    SplittableRandom random = new SplittableRandom(9);
    StringBuilder text = new StringBuilder();
    for (int holder = 1; holder <= HOLDERS; holder++) {
      for (int i = 0; i < RECEIVERS; i++) {
        int latencyMs = random.nextInt(LATENCY_MIN_MS, LATENCY_MAX_MS + 1);
        for (String selector : SELECTORS) {
          text.append("h%d %s %d%n".formatted(holder, nameOf(selector, i), latencyMs));
        }
      }
    }
    return text.toString();
  }

  private static String nameOf(String selector, int number) {
    return selector.charAt(0) + Integer.toString(number);
  }

  private static String fileOf(int holders, int round, int receiver) {
    return "file-" + holders + "-" + round + "-" + receiver;
  }
}
