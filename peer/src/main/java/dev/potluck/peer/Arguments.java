package dev.potluck.peer;

import dev.potluck.content.Name;
import dev.potluck.content.UsageException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// The arguments of one control command, read with the errors a caller understands.
record Arguments(JsonNode json) {

  String text(String key) {
    return optionalText(key).orElseThrow(() -> new UsageException("missing argument: " + key));
  }

  Optional<String> optionalText(String key) {
    JsonNode value = json.path(key);
    if (value.isMissingNode() || value.isNull()) {
      return Optional.empty();
    }
    if (!value.isString()) {
      throw new UsageException("argument " + key + " is no text");
    }
    return Optional.of(value.asString());
  }

  Name name(String key) {
    return Name.of(text(key));
  }

  List<Name> names(String key) {
    List<Name> names = new ArrayList<>();
    json.path(key).forEach(node -> names.add(Name.of(node.asString(""))));
    return names;
  }

  boolean flag(String key) {
    return json.path(key).asBoolean(false);
  }

  long number(String key, long otherwise) {
    return json.path(key).asLong(otherwise);
  }

  /// How long to wait for what is not there; not at all if unsaid.
  Duration waiting() {
    return Duration.ofMillis(Math.max(0, number("wait_ms", 0)));
  }
}
