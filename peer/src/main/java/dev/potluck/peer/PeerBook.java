package dev.potluck.peer;

import dev.potluck.directory.Endpoint;
import dev.potluck.directory.Holder;
import dev.potluck.directory.Load;
import dev.potluck.directory.Member;
import dev.potluck.directory.PeerId;
import dev.potluck.directory.Reason;
import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The members this peer has heard of, by key, with their last known addresses: how it finds the
/// others again when the directory is away, also after a restart. Thread-safe.
final class PeerBook {
  static final String SCHEMA =
      """
      CREATE TABLE IF NOT EXISTS peer(
        id TEXT PRIMARY KEY, name TEXT NOT NULL, control TEXT NOT NULL, bulk TEXT NOT NULL);
      """;
  private static final int MOST = 10_000;

  private final Database database;
  private final Map<PeerId, Known> known = new LinkedHashMap<>();
  private volatile String selfName;

  private record Known(String name, Endpoint control, Endpoint bulk) {}

  /// @param database has the table of {@link #SCHEMA}
  PeerBook(Database database, String selfName) throws IOException {
    this.database = database;
    this.selfName = selfName;
    database.call(
        connection -> {
          try (var statement = connection.createStatement();
              ResultSet row = statement.executeQuery("SELECT id, name, control, bulk FROM peer")) {
            while (row.next()) {
              known.put(
                  new PeerId(row.getString(1)),
                  new Known(
                      row.getString(2),
                      Endpoint.parse(row.getString(3)),
                      Endpoint.parse(row.getString(4))));
            }
            return true;
          }
        });
  }

  /// What this peer is called in the party.
  String selfName() {
    return selfName;
  }

  void selfName(String granted) {
    selfName = granted;
  }

  /// Takes over what the directory says of the members, durably.
  void learn(Collection<Member> members) throws IOException {
    List<Member> changed = new ArrayList<>();
    synchronized (known) {
      for (Member member : members) {
        if (member.control().isEmpty() || member.bulk().isEmpty() || known.size() >= MOST) {
          continue;
        }
        Known now = new Known(member.name(), member.control().get(), member.bulk().get());
        if (!now.equals(known.put(member.id(), now))) {
          changed.add(member);
        }
      }
    }
    if (!changed.isEmpty()) {
      save(changed);
    }
  }

  private void save(List<Member> members) throws IOException {
    database.call(
        connection -> {
          try (PreparedStatement put =
              connection.prepareStatement("INSERT OR REPLACE INTO peer VALUES (?,?,?,?)")) {
            for (Member member : members) {
              put.setString(1, member.id().text());
              put.setString(2, member.name());
              put.setString(3, member.control().orElseThrow().toString());
              put.setString(4, member.bulk().orElseThrow().toString());
              put.addBatch();
            }
            return put.executeBatch();
          }
        });
  }

  /// The peer as a holder of something, for who called us.
  Optional<Holder> holder(PeerId peer) {
    synchronized (known) {
      return Optional.ofNullable(known.get(peer)).map(found -> holder(peer, found));
    }
  }

  /// All peers there are, each as a holder of something.
  List<Holder> all() {
    synchronized (known) {
      return known.entrySet().stream().map(e -> holder(e.getKey(), e.getValue())).toList();
    }
  }

  private static Holder holder(PeerId peer, Known known) {
    return new Holder(
        peer, known.name, known.control, known.bulk, Reason.KEPT, true, new Load(0, 0));
  }

  /// What people call a peer.
  String nameOf(PeerId peer) {
    synchronized (known) {
      Known found = known.get(peer);
      return found == null ? peer.text() : found.name;
    }
  }

  /// Control addresses of all peers, to knock at.
  List<Endpoint> controls() {
    synchronized (known) {
      return known.values().stream().map(Known::control).toList();
    }
  }

  /// The peer of that name or id.
  Optional<PeerId> find(String nameOrId) {
    synchronized (known) {
      return known.entrySet().stream()
          .filter(e -> e.getValue().name.equals(nameOrId) || e.getKey().text().equals(nameOrId))
          .map(Map.Entry::getKey)
          .findFirst();
    }
  }
}
