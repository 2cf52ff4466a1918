package dev.potluck.peer;

import dev.potluck.content.Kind;
import dev.potluck.content.Name;
import dev.potluck.content.PotluckException;
import dev.potluck.content.UnavailableException;
import dev.potluck.directory.Entry;
import dev.potluck.directory.Member;
import dev.potluck.directory.MemberState;
import dev.potluck.wire.DirectoryClient;
import dev.potluck.wire.PeerClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Before this machine leaves the party: gives others the files that nobody else has.
final class HandOver {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  /// Given at a time, to one member.
  private static final int FILES = 500;

  private static final long BYTES = 256L << 20;

  private final Share share;
  private final DirectoryClient directory;
  private final PeerClient peers;
  private final PeerBook book;

  HandOver(Share share, DirectoryClient directory, PeerClient peers, PeerBook book) {
    this.share = share;
    this.directory = directory;
    this.peers = peers;
    this.book = book;
  }

  /// Who is told how it goes.
  @FunctionalInterface
  interface Notes {
    void note(String text) throws IOException;
  }

  /// @throws UnavailableException if somebody has to take files, and nobody can
  void run(Notes notes) throws IOException {
    List<Entry> alone = onlyHere();
    if (alone.isEmpty()) {
      return;
    }
    List<Member> heirs = heirs();
    if (heirs.isEmpty()) {
      throw stays(alone, "nobody else is up to take them");
    }
    long bytes = alone.stream().mapToLong(entry -> entry.version().content().size()).sum();
    notes.note(
        "giving %d files that only this machine has (%d MiB) to %s"
            .formatted(
                alone.size(),
                bytes >> 20,
                String.join(", ", heirs.stream().map(Member::name).toList())));
    int turn = 0;
    for (List<Name> part : parts(alone)) {
      give(part, heirs, turn++, alone);
    }
  }

  private static UnavailableException stays(List<Entry> alone, String why) {
    return new UnavailableException(
        "%d files are on this machine only, as %s, and %s: try again later, or leave with --abandon,"
                .formatted(alone.size(), alone.getFirst().name(), why)
            + " after which the party has them no more");
  }

  /// Files of the party whose only holder is this machine.
  private List<Entry> onlyHere() {
    List<String> self = List.of(book.selfName());
    List<Entry> alone = new ArrayList<>();
    directory.listAll(
        Optional.empty(),
        TIMEOUT,
        line -> {
          boolean only =
              line.entry().version().kind() != Kind.FOLDER && line.holderNames().equals(self);
          if (only && isHere(line.entry())) {
            alone.add(line.entry());
          }
        });
    return alone;
  }

  private boolean isHere(Entry entry) {
    return share.find(entry.name()).filter(file -> file.holds(entry.version())).isPresent();
  }

  private List<Member> heirs() {
    return directory.members(TIMEOUT).members().stream()
        .filter(member -> member.state() == MemberState.ALIVE && member.control().isPresent())
        .filter(member -> !member.name().equals(book.selfName()))
        .toList();
  }

  private static List<List<Name>> parts(List<Entry> entries) {
    List<List<Name>> parts = new ArrayList<>();
    List<Name> part = new ArrayList<>();
    long bytes = 0;
    for (Entry entry : entries) {
      part.add(entry.name());
      bytes += entry.version().content().size();
      if (part.size() == FILES || bytes >= BYTES) {
        parts.add(part);
        part = new ArrayList<>();
        bytes = 0;
      }
    }
    if (!part.isEmpty()) {
      parts.add(part);
    }
    return parts;
  }

  /// Gives a part to one member after the other, until one has taken it.
  private void give(List<Name> part, List<Member> heirs, int turn, List<Entry> alone) {
    String why = "";
    for (int i = 0; i < heirs.size(); i++) {
      Member heir = heirs.get((turn + i) % heirs.size());
      try {
        give(part, heir);
        return;
      } catch (PotluckException e) {
        why = heir.name() + " cannot take them: " + e.getMessage();
      }
    }
    throw stays(alone, why);
  }

  private void give(List<Name> part, Member heir) {
    boolean done = false;
    while (!done) {
      done = peers.adopt(heir.control().orElseThrow(), heir.id(), part, TIMEOUT);
    }
  }
}
