package dev.potluck.bench;

import dev.potluck.content.FailedException;
import dev.potluck.simulation.Check;
import dev.potluck.simulation.History;
import dev.potluck.simulation.Operation;
import dev.potluck.simulation.Outcome;
import dev.potluck.simulation.Recorder;
import dev.potluck.simulation.Violation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Five real peers on hosts of their own, killed, stopped and cut off while their users lock,
/// write, delete and move the same names; what was asked and answered is checked as the simulator's
/// histories are.
final class HistoriesBenchmark implements Benchmark {
  private static final int PEERS = 5;
  private static final int NAMES = 6;

  /// What a report says if nothing was wrong; else there is none.
  static final String KEPT = "all promises kept";

  @Override
  public String summary() {
    return "five peers that are killed, stopped and cut off: is what they answered consistent";
  }

  @Override
  public Section run(Lab lab) throws IOException, InterruptedException {
    if (Hosts.missing().isPresent()) {
      throw new FailedException("histories needs hosts: " + Hosts.missing().get());
    }
    Recorder recorder = new Recorder();
    Path work = lab.diskFolder();
    Hosts hosts = Hosts.on(lab);
    List<Station> stations = new ArrayList<>();
    for (int i = 1; i <= PEERS; i++) {
      stations.add(Station.up(lab, hosts, work.resolve("p" + i), stations));
    }
    Stations party = new Stations(lab, stations);
    party.awaitSeats(PEERS);
    List<String> names = new ArrayList<>();
    for (int i = 0; i < NAMES; i++) {
      names.add("" + (char) ('a' + i / 2) + i % 2);
    }
    Duration time = Duration.ofSeconds(lab.options().seconds());
    lab.say("%d peers serve; for %d s things go wrong", PEERS, time.toSeconds());
    Map<String, Integer> troubles = work(lab, party, recorder, names, time);
    History history = recorder.history();
    List<Violation> violations = Check.violations(history);
    violations.forEach(violation -> lab.say("%s", violation));
    if (!violations.isEmpty()) {
      Path kept = lab.keepLogs("histories").resolve("history.txt");
      Files.write(kept, history.operations().stream().map(Operation::toString).toList());
      throw new FailedException(
          "promises broken (all operations: "
              + kept
              + "): "
              + violations.stream().map(Violation::toString).collect(Collectors.joining("\n")));
    }
    return section(history, troubles, time);
  }

  private static Map<String, Integer> work(
      Lab lab, Stations party, Recorder recorder, List<String> names, Duration time)
      throws IOException, InterruptedException {
    long seed = lab.options().firstSeed();
    Sabotage sabotage = new Sabotage(lab, party, seed);
    List<RecordedUser> users = new ArrayList<>();
    try {
      for (Station station : party.all()) {
        RecordedUser user = new RecordedUser(station, recorder, names, seed + users.size());
        users.add(user);
        user.start();
      }
      sabotage.run(time);
    } finally {
      users.forEach(RecordedUser::stop);
    }
    sabotage.end();
    for (RecordedUser user : users) {
      user.join();
    }
    party.awaitPeace();
    lab.say("all is mended; looking at what is left");
    for (RecordedUser user : users) {
      user.lookInTheEnd();
    }
    party.noteViews(recorder);
    return sabotage.made();
  }

  private static Section section(History history, Map<String, Integer> troubles, Duration time)
      throws IOException {
    Table table = new Table(List.of("asked", "done", "refused", "uncertain"));
    Map<String, int[]> counts = new TreeMap<>();
    for (Operation one : history.operations()) {
      int[] row = counts.computeIfAbsent(one.action().getClass().getSimpleName(), _ -> new int[3]);
      row[kind(one)]++;
    }
    counts.forEach((what, row) -> table.add(what, "" + row[0], "" + row[1], "" + row[2]));
    return new Section("Histories of %d peers, %d s of trouble".formatted(PEERS, time.toSeconds()))
        .paragraph(
            """
                Peers in network namespaces, each with a user that locks, commits with and without a
                lock, deletes, moves and looks. Meanwhile: %s. %d operations were checked for
                linearizability, tokens that grow, lost commits, names that come back, and agreement:
                %s. Load average at the end %s.""",
            troubles, history.operations().size(), KEPT, Machine.loadAverage())
        .table(table);
  }

  private static int kind(Operation one) {
    if (!one.outcome().isCertain()) {
      return 2;
    }
    return one.outcome() instanceof Outcome.Refused ? 1 : 0;
  }
}
