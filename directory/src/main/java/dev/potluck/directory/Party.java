package dev.potluck.directory;

import dev.potluck.directory.Saved.Standing;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Who is in: members, the deny list and the tickets that were used.
final class Party {
  static final int MAX_NAME_LENGTH = 40;

  /// How long a used ticket is remembered after it expired: clocks differ.
  private static final Duration MEMORY_OF_TICKETS = Duration.ofDays(1);

  private final Map<PeerId, Saved.Joined> members = new HashMap<>();
  private final Set<String> grantedNames = new HashSet<>();
  private final SortedSet<PeerId> denied = new TreeSet<>();
  private final SortedMap<String, Saved.Used> tickets = new TreeMap<>();

  /// In the order of their ids.
  List<Saved.Joined> members() {
    return members.values().stream().sorted(Comparator.comparing(Saved.Joined::peer)).toList();
  }

  /// The members that did not leave and are not dead.
  Iterable<Saved.Joined> active() {
    return () -> members.values().stream().filter(m -> m.standing() == Standing.MEMBER).iterator();
  }

  Saved.@Nullable Joined member(PeerId peer) {
    return members.get(peer);
  }

  boolean isDenied(PeerId peer) {
    return denied.contains(peer);
  }

  /// What people call the peer; the beginning of its id if it is no member.
  String nameOf(PeerId peer) {
    Saved.Joined member = members.get(peer);
    return member == null ? peer.text().substring(0, 8) : member.grantedName();
  }

  /// Whether {@link #enlist} would change nothing.
  boolean isEnlisted(PeerId peer, String wishedName) {
    Saved.Joined member = members.get(peer);
    return member != null
        && member.standing() == Standing.MEMBER
        && member.wishedName().equals(cleaned(wishedName));
  }

  Result enlist(PeerId peer, String wishedName) {
    if (isDenied(peer)) {
      return expelled(peer);
    }
    String wish = cleaned(wishedName);
    Saved.Joined known = members.get(peer);
    String granted =
        known != null && known.wishedName().equals(wish)
            ? known.grantedName()
            : renamed(known, wish);
    members.put(peer, new Saved.Joined(peer, wish, granted, Standing.MEMBER));
    return new Result.Enlisted(peer, granted);
  }

  Result redeem(Command.Redeem command, Instant now) {
    tickets.values().removeIf(used -> used.expires().plus(MEMORY_OF_TICKETS).isBefore(now));
    if (isDenied(command.peer())) {
      return expelled(command.peer());
    }
    Saved.Used used = tickets.get(command.ticketId());
    if (used != null && !used.peer().equals(command.peer())) {
      return new Result.Refused(
          Refusal.DENIED, "this ticket was used by another machine: ask for a new one");
    }
    if (used == null && command.expires().isBefore(now)) {
      return new Result.Refused(Refusal.DENIED, "this ticket has expired: ask for a new one");
    }
    if (used == null) {
      tickets.put(
          command.ticketId(),
          new Saved.Used(command.ticketId(), command.expires(), command.peer()));
    }
    return new Result.Done();
  }

  Result expel(PeerId peer) {
    denied.add(peer);
    Saved.Joined known = members.get(peer);
    if (known != null) {
      members.put(
          peer, new Saved.Joined(peer, known.wishedName(), known.grantedName(), Standing.LEFT));
    }
    return new Result.Done();
  }

  /// Does nothing to who left, or is no member.
  Result declareDead(PeerId peer) {
    Saved.Joined known = members.get(peer);
    if (known != null && known.standing() == Standing.MEMBER) {
      members.put(
          peer, new Saved.Joined(peer, known.wishedName(), known.grantedName(), Standing.DEAD));
    }
    return new Result.Done();
  }

  Result.Refused expelled(PeerId peer) {
    return new Result.Refused(
        Refusal.DENIED, nameOf(peer) + " has left this party or was expelled from it");
  }

  List<Saved> saved() {
    List<Saved> items = new ArrayList<>(members());
    denied.forEach(peer -> items.add(new Saved.Denied(peer)));
    items.addAll(tickets.values());
    return items;
  }

  void restore(Saved.Joined member) {
    members.put(member.peer(), member);
    grantedNames.add(member.grantedName());
  }

  void restore(Saved.Denied peer) {
    denied.add(peer.peer());
  }

  void restore(Saved.Used ticket) {
    tickets.put(ticket.ticketId(), ticket);
  }

  private String renamed(Saved.@Nullable Joined known, String wish) {
    if (known != null) {
      grantedNames.remove(known.grantedName());
    }
    String granted = wish;
    for (int i = 2; !grantedNames.add(granted); i++) {
      granted = wish + "-" + i;
    }
    return granted;
  }

  /// A name for people that fits into a file's name, an address bar and a column.
  private static String cleaned(String wish) {
    StringBuilder name = new StringBuilder();
    wish.codePoints()
        .limit(MAX_NAME_LENGTH)
        .map(c -> c < 0x80 && (Character.isLetterOrDigit(c) || c == '_' || c == '.') ? c : '-')
        .forEach(name::appendCodePoint);
    while (!name.isEmpty() && (name.charAt(0) == '-' || name.charAt(0) == '.')) {
      name.deleteCharAt(0);
    }
    return name.isEmpty() ? "peer" : name.toString();
  }
}
