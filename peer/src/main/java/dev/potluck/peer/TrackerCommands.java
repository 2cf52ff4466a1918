package dev.potluck.peer;

import dev.potluck.content.ContentId;
import dev.potluck.content.Name;
import dev.potluck.content.NoSuchNameException;
import dev.potluck.content.UsageException;
import dev.potluck.directory.Endpoint;
import dev.potluck.directory.Entry;
import dev.potluck.directory.Epoch;
import dev.potluck.directory.Found;
import dev.potluck.directory.Listed;
import dev.potluck.directory.Member;
import dev.potluck.directory.PeerId;
import dev.potluck.wire.Ticket;
import dev.potluck.wire.WireLimits;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// What a user of this machine can ask its tracker.
final class TrackerCommands implements ControlHandler {
  private static final long DAY_MS = Duration.ofDays(1).toMillis();

  private final Station station;
  private final DirectoryHost host;
  private final Endpoint address;
  private final EventLog events;

  TrackerCommands(Station station, DirectoryHost host, Endpoint address, EventLog events) {
    this.station = station;
    this.host = host;
    this.address = address;
    this.events = events;
  }

  @Override
  public void handle(String command, JsonNode json, ControlReply reply)
      throws IOException, InterruptedException {
    Arguments args = new Arguments(json);
    switch (command) {
      case "find" -> reply.result(find(args.name("name")));
      case "ls" -> reply.result(ls(args));
      case "load" -> reply.result(new Documents.Load(TrackerOptions.NAME, 0, 0, 0));
      case "peers" -> reply.result(members().stream().map(Documents.Peer::of).toList());
      case "status" -> reply.result(status());
      case "invite" -> reply.result(invite(args));
      case "expel" -> reply.result(expel(args.text("peer")));
      case "events" -> PeerCommands.follow(events, reply);
      case "complete" -> reply.result(new Documents.Completions(List.of()));
      default ->
          throw new UsageException(
              "a tracker has no files and does not know " + command + "; ask a peer with --at");
    }
  }

  private PeerId self() {
    return station.identity().id();
  }

  private List<Member> members() {
    return host.members();
  }

  private Documents.Found find(Name name) {
    Found found = host.find(self(), name);
    Entry entry = found.entry();
    ContentId content = entry.version().content();
    int of = content.pieces().count();
    List<Documents.HolderOfName> holders =
        found.holders().stream()
            .map(
                holder ->
                    new Documents.HolderOfName(
                        holder.name(),
                        holder.control().toString(),
                        holder.whole() ? of : 0,
                        of,
                        null,
                        holder.load().uploads() + holder.load().downloads()))
            .toList();
    return new Documents.Found(
        name.value(),
        Documents.kind(entry.version()),
        entry.version().number(),
        content.size(),
        content.root().toString(),
        "none",
        false,
        holders);
  }

  private List<Documents.Listed> ls(Arguments args) {
    Optional<Name> prefix = args.optionalText("prefix").map(Name::of);
    Optional<String> peer = args.optionalText("peer");
    List<Documents.Listed> lines = new ArrayList<>();
    Optional<Name> after = Optional.empty();
    List<Listed> page;
    do {
      page = host.list(self(), prefix, after, WireLimits.LIST_PAGE);
      for (Listed line : page) {
        after = Optional.of(line.entry().name());
        if (peer.isEmpty() || line.holderNames().contains(peer.get())) {
          ContentId content = line.entry().version().content();
          lines.add(
              new Documents.Listed(
                  line.entry().name().value(),
                  Documents.kind(line.entry().version()),
                  line.entry().version().number(),
                  content.size(),
                  content.root().toString(),
                  line.holderNames(),
                  false));
        }
      }
    } while (page.size() == WireLimits.LIST_PAGE);
    return lines;
  }

  private Documents.Status status() {
    return new Documents.Status(
        TrackerOptions.NAME,
        self().text(),
        address.toString(),
        "",
        station.party().open(),
        new Documents.Directory(
            "leader",
            address.toString(),
            List.of(TrackerOptions.NAME),
            "connected",
            Epoch.of(host.incarnation()),
            true,
            ""),
        0,
        0,
        0,
        0,
        new Documents.Durability(host.names()),
        List.of(),
        host.distrusted(),
        List.of(),
        List.of(),
        List.of());
  }

  private Documents.Invitation invite(Arguments args) {
    Ticket ticket = host.invite(self(), Duration.ofMillis(args.number("valid_ms", DAY_MS)));
    return new Documents.Invitation(ticket.encode(), ticket.expires().toString());
  }

  private Documents.Expelled expel(String asked) {
    Member member =
        members().stream()
            .filter(m -> m.name().equals(asked) || m.id().text().equals(asked))
            .findFirst()
            .orElseThrow(
                () -> new NoSuchNameException("no such peer: " + asked + "; see potluck peers"));
    host.expel(self(), member.id());
    events.add("expelled", "peer", member.name());
    return new Documents.Expelled(member.name(), member.id().text());
  }
}
