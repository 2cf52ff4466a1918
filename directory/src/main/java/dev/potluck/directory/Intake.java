package dev.potluck.directory;

import dev.potluck.content.Name;
import dev.potluck.content.Version;
import dev.potluck.directory.Copies.Copy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Sorts one announcement: what changes nothing hard is recorded at once, the rest is news, to be
/// judged again when its command is applied. What follows news on the same name goes with it, so
/// that order is kept.
final class Intake {
  private final NameTable names;
  private final Holdings holdings;
  private final LastCopies lastCopies;
  private final Presence presence;
  private final Judge judge;
  private final boolean certain;
  private final List<Fact> news = new ArrayList<>();
  private final List<Verdict> verdicts = new ArrayList<>();

  /// @param certain whether the directory knows what every member holds
  Intake(
      NameTable names,
      Holdings holdings,
      LastCopies lastCopies,
      Presence presence,
      Judge judge,
      boolean certain) {
    this.names = names;
    this.holdings = holdings;
    this.lastCopies = lastCopies;
    this.presence = presence;
    this.judge = judge;
    this.certain = certain;
  }

  void take(Fact fact) {
    if (presence.isInFlight(fact.name())) {
      follow(fact);
      return;
    }
    switch (fact) {
      case Fact.Holds holds -> holds(holds);
      case Fact.GaveUp gaveUp -> gaveUp(gaveUp);
      case Fact.Edited edited -> ruled(edited);
      case Fact.Known known -> ruled(known);
    }
  }

  Announced announced(int session) {
    if (news.isEmpty()) {
      return new Announced(verdicts, Optional.empty());
    }
    presence.proposed();
    Command command = new Command.Learn(presence.peer, news, presence.hello().contact());
    return new Announced(verdicts, Optional.of(new Proposal(session, command)));
  }

  /// Nearly all facts are current as they stand: no ruling is made for those.
  private void holds(Fact.Holds fact) {
    NameState state = names.get(fact.name());
    Version version = fact.version();
    boolean current =
        state != null
            && state.isLive()
            && state.number() == version.number()
            && state.sameContent(version)
            && state.sameAttributes(version);
    if (current) {
      holdings.record(presence, fact.name(), state, Holdings.copy(fact, false));
    } else {
      ruled(fact);
    }
  }

  private void gaveUp(Fact.GaveUp fact) {
    Copy held = holdings.held(presence, fact.name());
    boolean fetched = held != null && held.reason() == Reason.FETCHED;
    holdings.giveUp(presence, fact.name(), fact.version());
    if (!fact.byUser() || fetched || !lastCopies.wasLast(fact.name(), fact.version())) {
      return;
    }
    if (certain) {
      isNews(fact);
    } else {
      lastCopies.add(presence.peer, fact.name(), fact.version());
    }
  }

  private void ruled(Fact fact) {
    switch (judge.judge(fact)) {
      case Ruling.Becomes _ -> isNews(fact);
      case Ruling.Settled(Verdict verdict) -> {
        if (holdings.settle(presence, fact, verdict)) {
          verdicts.add(verdict);
        }
      }
    }
  }

  private void follow(Fact fact) {
    if (fact instanceof Fact.GaveUp(Name name, long number, boolean byUser) && byUser) {
      isNews(new Fact.GaveUp(name, number, false));
      lastCopies.add(presence.peer, name, number);
    } else {
      isNews(fact);
    }
  }

  private void isNews(Fact fact) {
    presence.inFlight(fact.name());
    news.add(fact);
  }
}
