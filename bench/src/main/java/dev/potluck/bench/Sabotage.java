package dev.potluck.bench;

import dev.potluck.content.FailedException;
import dev.potluck.content.PotluckException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Does harm to a party, one thing after another, often to the peer that leads; mends each after a
/// while.
final class Sabotage {
  private static final long HARM_MS_MAX = 7_000;
  private static final long REST_MS_MAX = 2_500;

  private final Lab lab;
  private final Stations party;
  private final SplittableRandom random;
  private final Map<String, Integer> made = new TreeMap<>();
  private final List<Mending> toMend = new ArrayList<>();

  /// Something to be put right.
  @FunctionalInterface
  private interface Mending {
    void mend() throws IOException, InterruptedException;
  }

  Sabotage(Lab lab, Stations party, long seed) {
    this.lab = lab;
    this.party = party;
    this.random = new SplittableRandom(seed);
  }

  /// How often what was done.
  Map<String, Integer> made() {
    return made;
  }

  void run(Duration time) throws IOException, InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    CountDownLatch never = new CountDownLatch(1);
    while (System.nanoTime() < end && !lab.isEnding()) {
      harm(victim());
      boolean _ = never.await(random.nextLong(200, HARM_MS_MAX), TimeUnit.MILLISECONDS);
      if (random.nextInt(3) > 0) {
        end();
      }
      boolean _ = never.await(random.nextLong(100, REST_MS_MAX), TimeUnit.MILLISECONDS);
    }
  }

  /// Puts everything right.
  void end() throws IOException, InterruptedException {
    for (Mending mending : toMend) {
      mending.mend();
    }
    toMend.clear();
  }

  private void harm(Station victim) throws IOException, InterruptedException {
    switch (random.nextInt(5)) {
      case 0 -> {
        // Nobody waits for one that does not hear: it is put right before it is killed.
        end();
        note("kill -9", victim);
        victim.restart();
      }
      case 1 -> {
        note("SIGSTOP", victim);
        victim.stop();
        toMend.add(victim::goOn);
      }
      case 2 -> {
        note("cut off", victim);
        for (Station other : others(victim)) {
          cut(victim, other);
          cut(other, victim);
        }
      }
      case 3 -> {
        note("one-way cut", victim);
        boolean out = random.nextBoolean();
        for (Station other : others(victim)) {
          cut(out ? victim : other, out ? other : victim);
        }
      }
      default -> {
        Station other = others(victim).get(random.nextInt(party.all().size() - 1));
        note("cut link to " + other.name(), victim);
        cut(victim, other);
        cut(other, victim);
      }
    }
  }

  private void note(String what, Station victim) {
    lab.say("%s: %s", victim.name(), what);
    made.merge(what.startsWith("cut link") ? "cut link" : what, 1, Integer::sum);
  }

  private void cut(Station from, Station to) throws IOException, InterruptedException {
    from.cut(to);
    toMend.add(() -> mend(from, to));
  }

  /// What was cut twice is mended once.
  private void mend(Station from, Station to) throws IOException, InterruptedException {
    try {
      from.mend(to);
    } catch (FailedException e) {
      lab.say("mended before: %s", e.getMessage());
    }
  }

  private List<Station> others(Station one) {
    return party.all().stream().filter(other -> !other.equals(one)).toList();
  }

  private Station victim() {
    Station any = party.all().get(random.nextInt(party.all().size()));
    if (random.nextBoolean()) {
      return any;
    }
    try {
      String leader =
          any.peer().ask("status", Map.of()).path("directory").path("leader").asString("");
      return party.all().stream()
          .filter(station -> station.peer().address().equals(leader))
          .findFirst()
          .orElse(any);
    } catch (PotluckException e) {
      lab.say("who leads is not known: %s", e.getMessage());
      return any;
    }
  }
}
