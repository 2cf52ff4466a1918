package dev.potluck.peer;

import dev.potluck.directory.Endpoint;
import dev.potluck.directory.Holder;
import dev.potluck.directory.Load;
import dev.potluck.directory.Member;
import dev.potluck.directory.PeerId;
import dev.potluck.directory.Reason;
import dev.potluck.wire.Whereabouts;
import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Instant;
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
      CREATE TABLE IF NOT EXISTS since(id TEXT PRIMARY KEY, at_ms INTEGER NOT NULL);
      """;
  private static final int MOST = 10_000;

  /// Of an id, where a name is not known.
  private static final int NAME_LENGTH = 8;

  private final Database database;
  private final Map<PeerId, Known> known = new LinkedHashMap<>();
  private volatile String selfName;

  /// @param sinceMs when it began to listen there, by its own clock; 0: not known
  private record Known(String name, Endpoint control, Endpoint bulk, long sinceMs) {}

  /// @param database has the table of {@link #SCHEMA}
  PeerBook(Database database, String selfName) throws IOException {
    this.database = database;
    this.selfName = selfName;
    database.call(
        connection -> {
          try (var statement = connection.createStatement();
              ResultSet row =
                  statement.executeQuery(
                      "SELECT id, name, control, bulk, coalesce(at_ms, 0) FROM peer LEFT JOIN since"
                          + " USING (id)")) {
            while (row.next()) {
              known.put(
                  new PeerId(row.getString(1)),
                  new Known(
                      row.getString(2),
                      Endpoint.parse(row.getString(3)),
                      Endpoint.parse(row.getString(4)),
                      row.getLong(5)));
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
    Map<PeerId, Known> changed = new LinkedHashMap<>();
    synchronized (known) {
      for (Member member : members) {
        if (member.control().isPresent() && member.bulk().isPresent()) {
          learn(member.id(), member.name(), member.control().get(), member.bulk().get(), changed);
        }
      }
    }
    save(changed);
  }

  /// The same of those who have something: they may be asked next when the directory is away.
  void learnHolders(Collection<Holder> holders) throws IOException {
    Map<PeerId, Known> changed = new LinkedHashMap<>();
    synchronized (known) {
      for (Holder holder : holders) {
        learn(holder.peer(), holder.name(), holder.control(), holder.bulk(), changed);
      }
    }
    save(changed);
  }

  private void learn(
      PeerId peer, String name, Endpoint control, Endpoint bulk, Map<PeerId, Known> changed) {
    Known before = known.get(peer);
    // Older news than what was heard before must not come back.
    long since = before == null ? 0 : before.sinceMs;
    note(peer, new Known(name, control, bulk, since), changed);
  }

  /// Takes over what members say of where they and others are, durably: what is newer counts.
  ///
  /// @return whether anything was news
  boolean hear(Collection<Whereabouts> told) throws IOException {
    Map<PeerId, Known> changed = new LinkedHashMap<>();
    synchronized (known) {
      for (Whereabouts said : told) {
        Known before = known.get(said.peer());
        long since = said.since().toEpochMilli();
        // Of whom nobody has heard here, the directory tells.
        if (before != null && before.sinceMs < since) {
          note(said.peer(), new Known(before.name, said.control(), said.bulk(), since), changed);
        }
      }
    }
    save(changed);
    return !changed.isEmpty();
  }

  /// Notes a member that was not known here, durably. What it is called the directory tells.
  ///
  /// @return false if it was known
  boolean meet(Whereabouts member) throws IOException {
    Map<PeerId, Known> changed = new LinkedHashMap<>();
    synchronized (known) {
      if (!known.containsKey(member.peer())) {
        String name = member.peer().text().substring(0, NAME_LENGTH);
        long since = member.since().toEpochMilli();
        Known met = new Known(name, member.control(), member.bulk(), since);
        note(member.peer(), met, changed);
      }
    }
    save(changed);
    return !changed.isEmpty();
  }

  /// Where all members are, as far as this machine knows.
  List<Whereabouts> whereabouts() {
    synchronized (known) {
      return known.entrySet().stream()
          .map(
              e ->
                  new Whereabouts(
                      e.getKey(),
                      e.getValue().control,
                      e.getValue().bulk,
                      Instant.ofEpochMilli(e.getValue().sinceMs)))
          .toList();
    }
  }

  private void note(PeerId peer, Known now, Map<PeerId, Known> changed) {
    boolean room = known.containsKey(peer) || known.size() < MOST;
    if (room && !now.equals(known.put(peer, now))) {
      changed.put(peer, now);
    }
  }

  private void save(Map<PeerId, Known> changed) throws IOException {
    if (changed.isEmpty()) {
      return;
    }
    database.call(
        connection -> {
          try (PreparedStatement put =
                  connection.prepareStatement("INSERT OR REPLACE INTO peer VALUES (?,?,?,?)");
              PreparedStatement since =
                  connection.prepareStatement("INSERT OR REPLACE INTO since VALUES (?,?)")) {
            for (Map.Entry<PeerId, Known> member : changed.entrySet()) {
              put.setString(1, member.getKey().text());
              put.setString(2, member.getValue().name);
              put.setString(3, member.getValue().control.toString());
              put.setString(4, member.getValue().bulk.toString());
              put.addBatch();
              since.setString(1, member.getKey().text());
              since.setLong(2, member.getValue().sinceMs);
              since.addBatch();
            }
            var _ = put.executeBatch();
            return since.executeBatch();
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
