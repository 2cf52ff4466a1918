package dev.potluck.peer;

import dev.potluck.content.FailedException;
import dev.potluck.content.Name;
import dev.potluck.directory.Endpoint;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Which party this machine belongs to, remembered in its state folder: `up` in a known share
/// rejoins without being told again.
///
/// @param founder whether the party began here: this machine hosts the directory
/// @param addresses control addresses to knock at, the best first
/// @param prefix put before the names of this share's own files
record PartyState(boolean open, boolean founder, List<Endpoint> addresses, Optional<Name> prefix) {
  private static final String FILE = "party.json";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  PartyState {
    addresses = List.copyOf(addresses);
  }

  static Optional<PartyState> load(Path stateFolder) {
    Path file = stateFolder.resolve(FILE);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      JsonNode json = JSON.readTree(Files.readAllBytes(file));
      List<Endpoint> addresses = new ArrayList<>();
      json.path("addresses").forEach(a -> addresses.add(Endpoint.parse(a.asString())));
      String prefix = json.path("prefix").asString("");
      return Optional.of(
          new PartyState(
              json.path("open").asBoolean(),
              json.path("founder").asBoolean(),
              addresses,
              prefix.isEmpty() ? Optional.empty() : Optional.of(Name.of(prefix))));
    } catch (IOException | JacksonException e) {
      throw new FailedException(
          file + " cannot be read: " + e.getMessage() + "; remove it to join a party anew", e);
    }
  }

  /// Durable on return.
  void save(Path stateFolder) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("open", open);
    document.put("founder", founder);
    document.put("addresses", addresses.stream().map(Endpoint::toString).toList());
    document.put("prefix", prefix.map(Name::value).orElse(""));
    Path file = stateFolder.resolve(FILE);
    Path temporary = stateFolder.resolve(FILE + ".new");
    try {
      Files.write(temporary, JSON.writeValueAsBytes(document));
      try (var channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new FailedException("cannot write " + file + ": " + e.getMessage(), e);
    }
  }
}
