package dev.potluck.cli;

import dev.potluck.content.FailedException;
import dev.potluck.content.Name;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// What came out of a demonstration, and whether every copy is what it should be.
final class DemoReport {
  private static final int BUFFER_BYTES = 1 << 20;

  private final DemoParty party;
  private final DemoFiles files;
  private final Map<Name, String> originals = new ConcurrentHashMap<>();
  private final Map<String, Fetch> fetches = new LinkedHashMap<>();
  private final Map<String, List<Name>> different = new HashMap<>();
  private final List<String> incidents = new ArrayList<>();

  DemoReport(DemoParty party, DemoFiles files) {
    this.party = party;
    this.files = files;
  }

  /// One peer's fetch of everything.
  ///
  /// @param got what `get` answered
  /// @param took from asking to the answer
  record Fetch(JsonNode got, Duration took) {
    /// Bytes by sender.
    Map<String, Long> senders() {
      var senders = new TreeMap<String, Long>();
      for (var file : got.path("files")) {
        for (var sender : file.path("from")) {
          senders.merge(
              sender.path("peer").asString("?"), sender.path("bytes").asLong(), Long::sum);
        }
      }
      return senders;
    }

    long bytes() {
      return senders().values().stream().mapToLong(Long::longValue).sum();
    }
  }

  /// Before anything else, so that nothing of the demonstration can have changed them.
  void hashOriginals() {
    files.files().parallelStream()
        .forEach(file -> originals.put(file.name(), sha256(file.original())));
  }

  void fetched(String peer, Fetch fetch) {
    fetches.put(peer, fetch);
  }

  void killed(String victim, String witness, String progress) {
    incidents.add(
        progress.isEmpty()
            ? victim + " was killed, but " + witness + " had everything already: use larger files"
            : victim
                + " was killed with -9 when "
                + witness
                + " had "
                + progress
                + "; the others went on");
  }

  /// What the receivers noticed of the liar.
  void corrupted(String liar, List<String> receivers) {
    for (var receiver : receivers) {
      var pieces = party.ask(receiver, "status", Map.of()).path("corrupt_pieces").asLong(0);
      incidents.add(
          pieces == 0
              ? receiver + " met none of " + liar + "'s corrupt pieces"
              : "%s found out %d corrupt pieces from %s and fetched them again"
                  .formatted(receiver, pieces, liar));
    }
  }

  void relearnt(Duration took) {
    incidents.add(
        "the tracker was killed with -9, returned with nothing, and knew all %d names after %s"
            .formatted(files.files().size(), Durations.shown(took)));
  }

  /// Reads every copy back and compares its SHA-256 with the original's.
  ///
  /// @return whether all are equal
  boolean compare(List<String> peers) {
    for (var peer : peers) {
      var share = party.folder(peer);
      different.put(
          peer,
          files.files().parallelStream()
              .filter(file -> !isEqual(file, share.resolve(file.name().value())))
              .map(DemoFiles.Original::name)
              .sorted()
              .toList());
    }
    return different.values().stream().allMatch(List::isEmpty);
  }

  void print(Surroundings surroundings, List<String> peers, Duration took) {
    var out = surroundings.out();
    out.println();
    var table =
        new Table("PEER", ">FILES", ">FETCHED", ">TIME", ">SPEED", "SHA-256", "FETCHED FROM");
    for (var peer : peers) {
      table.row(cells(peer));
    }
    table.print(surroundings);
    out.println();
    incidents.forEach(incident -> out.println("- " + PrintableText.of(incident)));
    different.forEach(
        (peer, names) ->
            names.stream()
                .limit(10)
                .forEach(
                    name ->
                        out.println(
                            "- DIFFERENT at " + peer + ": " + PrintableText.of(name.value()))));
    var wrong = different.values().stream().mapToInt(List::size).sum();
    out.println();
    out.println(
        wrong == 0
            ? "All %d copies have the SHA-256 of their originals. %s."
                .formatted(peers.size() * files.files().size(), Durations.shown(took))
            : "%d of %d copies are NOT equal to their originals."
                .formatted(wrong, peers.size() * files.files().size()));
  }

  private Object[] cells(String peer) {
    var count = files.files().size();
    var equal = count - different.getOrDefault(peer, List.of()).size();
    var fetch = fetches.get(peer);
    if (fetch == null) {
      throw new IllegalStateException(peer + " has not fetched");
    }
    var seconds = Math.max(fetch.took().toMillis(), 1) / 1000.0;
    return new Object[] {
      peer,
      count,
      Sizes.shown(fetch.bytes()),
      Durations.shown(fetch.took()),
      Sizes.rate(fetch.bytes() / seconds),
      equal == count ? "all equal" : equal + " of " + count,
      fetch.senders().entrySet().stream()
          .map(sender -> sender.getKey() + " " + Sizes.shown(sender.getValue()))
          .collect(Collectors.joining(", "))
    };
  }

  private boolean isEqual(DemoFiles.Original file, Path copy) {
    return Files.isRegularFile(copy) && sha256(copy).equals(originals.get(file.name()));
  }

  private static String sha256(Path file) {
    try (var channel = FileChannel.open(file)) {
      var digest = MessageDigest.getInstance("SHA-256");
      var buffer = ByteBuffer.allocate(BUFFER_BYTES);
      while (channel.read(buffer.clear()) >= 0) {
        digest.update(buffer.flip());
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (IOException e) {
      throw new FailedException("cannot read " + file + ": " + e.getMessage(), e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
