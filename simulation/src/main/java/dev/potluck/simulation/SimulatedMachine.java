package dev.potluck.simulation;

import dev.potluck.directory.PeerId;
import java.time.Duration;
import java.time.Instant;

/// One machine of a party: whether it runs, its clocks, which go neither alike nor right, and its
/// disk, which takes time to write.
final class SimulatedMachine {
  private static final Instant EPOCH = Instant.parse("2026-01-01T00:00:00Z");

  final int number;
  final String name;
  final PeerId id;
  private final EventQueue events;

  /// How fast its clocks go.
  private final double rate;

  /// How wrong its clock of the day is.
  private final Duration ahead;

  private boolean up;

  /// Counts its starts: what belongs to an earlier one is void.
  private int life;

  private long frozenUntilNanos;
  private long writeNanos;
  private long diskFreeNanos;

  SimulatedMachine(
      EventQueue events, int number, double rate, Duration ahead, Duration writeTakes) {
    this.events = events;
    this.number = number;
    this.name = "m" + number;
    this.id = id(number);
    this.rate = rate;
    this.ahead = ahead;
    this.writeNanos = writeTakes.toNanos();
  }

  /// Letters that say the number.
  private static PeerId id(int number) {
    StringBuilder text = new StringBuilder("m");
    for (int i = 0, rest = number; i < PeerId.LENGTH - 1; i++, rest /= 26) {
      text.append((char) ('a' + rest % 26));
    }
    return PeerId.of(text.toString());
  }

  boolean isUp() {
    return up;
  }

  int life() {
    return life;
  }

  /// Its clock that goes on evenly.
  Instant now() {
    return EPOCH.plusNanos((long) (events.nowNanos() * rate));
  }

  /// Its clock of the day.
  Instant wallClock() {
    return now().plus(ahead);
  }

  void start() {
    up = true;
    life++;
    frozenUntilNanos = 0;
    diskFreeNanos = 0;
  }

  /// Loses power: what was being written is not on disk.
  void crash() {
    up = false;
    life++;
  }

  /// Does nothing for a while, as when it collects garbage or is stopped; its clocks go on.
  void freeze(Duration time) {
    frozenUntilNanos = Math.max(frozenUntilNanos, events.nowNanos() + time.toNanos());
  }

  void thaw() {
    frozenUntilNanos = Math.min(frozenUntilNanos, events.nowNanos());
  }

  void writesTake(Duration time) {
    writeNanos = time.toNanos();
  }

  /// Does something after a time by its own clock, unless it ends before.
  void after(Duration time, Runnable action) {
    int now = life;
    events.after((long) (time.toNanos() / rate), () -> act(now, action));
  }

  /// Does something as soon as it can, if it is still in that life.
  void act(int inLife, Runnable action) {
    if (!up || inLife != life) {
      return;
    }
    if (events.nowNanos() < frozenUntilNanos) {
      events.at(frozenUntilNanos, () -> act(inLife, action));
    } else {
      action.run();
    }
  }

  /// Writes to disk, in order.
  ///
  /// @param durable happens when it is there, whether the machine notices or not
  /// @param then is done by the machine after that
  void write(Runnable durable, Runnable then) {
    int now = life;
    diskFreeNanos = Math.max(diskFreeNanos, events.nowNanos()) + writeNanos;
    events.at(
        diskFreeNanos,
        () -> {
          if (up && now == life) {
            durable.run();
            act(now, then);
          }
        });
  }
}
