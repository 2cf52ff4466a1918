package dev.potluck.bench;

import dev.potluck.content.PotluckException;
import dev.potluck.simulation.Recorder;
import dev.potluck.simulation.View;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/// The peers of a party on hosts of their own.
record Stations(Lab lab, List<Station> all) {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  /// Leases are over, and what was asked in between is settled.
  private static final Duration PEACE = Duration.ofMinutes(1);

  Stations {
    all = List.copyOf(all);
  }

  /// Waits until all know that so many keep the directory.
  void awaitSeats(int count) throws InterruptedException {
    for (Station station : all) {
      station
          .peer()
          .await(
              "status",
              Map.of(),
              LIMIT,
              status -> status.path("directory").path("members").size() == count);
    }
  }

  /// Waits until everybody is there for everybody.
  void awaitPeace() throws InterruptedException {
    for (Station station : all) {
      station
          .peer()
          .await(
              "peers",
              Map.of(),
              PEACE,
              peers ->
                  peers.size() == all.size()
                      && peers
                          .valueStream()
                          .allMatch(p -> p.path("state").asString("").equals("alive")));
    }
  }

  /// What each of them thinks of members and names.
  void noteViews(Recorder recorder) {
    SortedMap<String, String> wanted = new TreeMap<>();
    all.forEach(station -> wanted.put(station.name(), "alive"));
    recorder.sees(new View("the members", "whoever started them", wanted));
    for (Station station : all) {
      recorder.sees(new View("the members", station.name(), asked(station, "peers", "state")));
      recorder.sees(new View("the names", station.name(), asked(station, "ls", "root")));
    }
  }

  private SortedMap<String, String> asked(Station station, String command, String fact) {
    SortedMap<String, String> facts = new TreeMap<>();
    try {
      for (JsonNode line : station.peer().ask(command, Map.of())) {
        facts.put(line.path("name").asString(""), line.path(fact).asString(""));
      }
    } catch (PotluckException e) {
      lab.say("%s does not answer: %s", station.name(), e.getMessage());
      facts.put("answer", "none");
    }
    return facts;
  }
}
