package dev.potluck.simulation;

import dev.potluck.simulation.Action.Edit;
import dev.potluck.simulation.Outcome.Committed;
import dev.potluck.simulation.Outcome.Done;
import dev.potluck.simulation.Outcome.Granted;
import dev.potluck.simulation.Outcome.Reason;
import dev.potluck.simulation.Outcome.Refused;
import dev.potluck.simulation.Outcome.Seen;
import dev.potluck.simulation.Outcome.Uncertain;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A history written by hand, mostly about the name `x`.
final class Story {
  private final List<Operation> operations = new ArrayList<>();
  private final List<View> views = new ArrayList<>();

  static Story story() {
    return new Story();
  }

  History history() {
    return new History(operations, views);
  }

  Story writes(long from, long to, String who, long base, String content, long number) {
    return writesUnder(from, to, who, Action.NO_TOKEN, base, content, number);
  }

  Story writesUnder(
      long from, long to, String who, long token, long base, String content, long number) {
    Action commit = new Action.Commit(new Edit("x", base, content, token));
    return add(from, to, who, commit, new Committed(List.of(number)));
  }

  Story writesBoth(long from, long to, String who, String x, String y) {
    Action commit = new Action.Commit(List.of(new Edit("x", 0, x, 0), new Edit("y", 0, y, 0)));
    return add(from, to, who, commit, new Committed(List.of(1L, 1L)));
  }

  Story perhapsWrites(long from, String who, long base, String content) {
    return add(from, 0, who, new Action.Commit(new Edit("x", base, content, 0)), new Uncertain());
  }

  Story locks(long from, long to, String who, long token) {
    return locksName("x", from, to, who, token);
  }

  Story locksName(String name, long from, long to, String who, long token) {
    return add(from, to, who, new Action.Lock(name), new Granted(token));
  }

  Story unlocks(long from, long to, String who, long token) {
    return add(from, to, who, new Action.Unlock("x", token), new Done());
  }

  Story deletes(long from, long to, String who) {
    return add(from, to, who, new Action.Delete("x"), new Done());
  }

  Story refused(long from, long to, String who, Action action, Reason reason) {
    return add(from, to, who, action, new Refused(reason));
  }

  Story sees(long from, long to, long number, @Nullable String content) {
    return seesOf("x", from, to, number, content);
  }

  Story seesOf(String name, long from, long to, long number, @Nullable String content) {
    Outcome seen = new Seen(number, Optional.ofNullable(content));
    return add(from, to, "dora", new Action.Read(name), seen);
  }

  Story seesPast(long from, long to, long number, String content, long pastNumber, String past) {
    TreeMap<Long, String> before = new TreeMap<>();
    before.put(pastNumber, past);
    return add(
        from, to, "dora", new Action.Read("x"), new Seen(number, Optional.of(content), before));
  }

  Story remembers(long from, long to, long number, @Nullable String content) {
    Outcome seen = new Seen(number, Optional.ofNullable(content));
    operations.add(new Operation("dora", new Action.Read("x"), from, seen, to, true));
    return this;
  }

  Story thinks(String by, String member, String state) {
    TreeMap<String, String> facts = new TreeMap<>();
    facts.put(member, state);
    views.add(new View("the members", by, facts));
    return this;
  }

  private Story add(long from, long to, String who, Action action, Outcome outcome) {
    operations.add(new Operation(who, action, from, outcome, to, false));
    return this;
  }
}
