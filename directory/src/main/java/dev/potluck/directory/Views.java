package dev.potluck.directory;

import dev.potluck.content.Name;
import dev.potluck.content.NoSuchNameException;
import dev.potluck.content.UnavailableException;
import dev.potluck.directory.Copies.Copy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What the tracker answers to questions.
final class Views {
  private final Directory directory;
  private final Presences presences;
  private final Holdings holdings;

  Views(Directory directory, Presences presences, Holdings holdings) {
    this.directory = directory;
    this.presences = presences;
    this.holdings = holdings;
  }

  Found find(Name name, Instant now, boolean learning) {
    NameState state = directory.names().get(name);
    if (state == null && learning) {
      throw unknownYet(name);
    }
    if (state == null || !state.isLive()) {
      throw new NoSuchNameException("no such name: " + name);
    }
    List<Holder> holders = new ArrayList<>();
    holdings.eachHolder(state, now, (presence, copy) -> holders.add(holder(presence, copy)));
    return new Found(state.entry(), holders, learning);
  }

  private static UnavailableException unknownYet(Name name) {
    return new UnavailableException(
        "the directory has just started and does not know " + name + " yet: try again soon");
  }

  List<Entry> history(Name name, boolean learning) {
    List<Entry> history = directory.history(name);
    if (history.isEmpty() && learning) {
      throw unknownYet(name);
    }
    if (history.isEmpty()) {
      throw new NoSuchNameException("no such name: " + name);
    }
    return history;
  }

  HeldLock held(NameLock lock) {
    return new HeldLock(lock, directory.party().nameOf(lock.owner()));
  }

  List<Listed> list(
      @Nullable Name under, @Nullable Name after, @Nullable PeerId holder, int limit, Instant now) {
    List<Listed> page = new ArrayList<>();
    String start = after == null ? "" : after.value();
    if (under != null && start.compareTo(under.value()) < 0) {
      NameState itself = directory.names().get(under);
      if (itself != null && limit > 0) {
        listIfWanted(itself, holder, now, page);
      }
    }
    Iterator<NameState> following =
        under == null
            ? directory.names().after(start)
            : directory.names().below(under.value(), start);
    while (page.size() < limit && following.hasNext()) {
      NameState state = following.next();
      if (under != null && !state.name.isIn(under)) {
        break;
      }
      listIfWanted(state, holder, now, page);
    }
    return page;
  }

  List<Member> members(Instant now) {
    List<Member> members = new ArrayList<>();
    for (Saved.Joined joined : directory.members()) {
      members.add(member(joined, presences.ofPeer(joined.peer()), now));
    }
    return members;
  }

  private void listIfWanted(
      NameState state, @Nullable PeerId holder, Instant now, List<Listed> page) {
    if (!state.isLive()) {
      return;
    }
    List<String> names = new ArrayList<>();
    boolean[] wanted = {holder == null};
    holdings.eachHolder(
        state,
        now,
        (presence, _) -> {
          names.add(directory.party().nameOf(presence.peer));
          wanted[0] |= presence.peer.equals(holder);
        });
    if (wanted[0]) {
      page.add(new Listed(state.entry(), names));
    }
  }

  private Holder holder(Presence presence, Copy copy) {
    return new Holder(
        presence.peer,
        directory.party().nameOf(presence.peer),
        presence.hello().control(),
        presence.hello().bulk(),
        copy.reason(),
        copy.whole(),
        presence.load());
  }

  private Member member(Saved.Joined joined, @Nullable Presence presence, Instant now) {
    boolean alive = presence != null && presence.isAlive(now);
    MemberState state =
        switch (joined.standing()) {
          case LEFT -> MemberState.LEFT;
          case DEAD -> MemberState.DEAD;
          case MEMBER -> alive ? MemberState.ALIVE : MemberState.SUSPECT;
        };
    Optional<Hello> hello = Optional.ofNullable(presence).map(Presence::hello);
    return new Member(
        joined.peer(),
        joined.grantedName(),
        state,
        hello.map(Hello::control),
        hello.map(Hello::bulk),
        presence != null && alive ? presence.digest().count() : 0,
        presence != null && alive ? presence.bytes() : 0,
        presence != null && alive ? presence.load() : Load.NONE);
  }
}
