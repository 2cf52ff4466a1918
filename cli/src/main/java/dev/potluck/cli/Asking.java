package dev.potluck.cli;

import dev.potluck.peer.ControlClient;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// What commands that ask a running peer have in common: which one, and how they print its answer.
final class Asking {
  @Option(
      names = "--at",
      paramLabel = "DIR",
      description =
          "The share of the peer to ask. Else $POTLUCK_SHARE, else the nearest one upward.")
  private @Nullable Path at;

  @Option(names = "--json", description = "Print one JSON document instead of text.")
  private boolean json;

  boolean json() {
    return json;
  }

  /// The share of the peer that is asked.
  Path share(Surroundings surroundings) {
    return new ShareLocator(surroundings).running(at);
  }

  /// Asks, and takes no notice of progress.
  JsonNode ask(Surroundings surroundings, String command, Map<String, ?> args) {
    return ask(surroundings, command, args, progress -> {});
  }

  JsonNode ask(
      Surroundings surroundings, String command, Map<String, ?> args, Consumer<JsonNode> progress) {
    try (var client = ControlClient.connect(share(surroundings))) {
      return client.call(command, args, listener(surroundings, progress));
    }
  }

  /// Prints the document as it is if JSON is wanted, else as `text` does.
  int print(Surroundings surroundings, JsonNode document, Consumer<JsonNode> text) {
    if (json) {
      Documents.print(surroundings, document);
    } else {
      text.accept(document);
    }
    return ExitStatus.DONE;
  }

  /// Notes go to standard error, whatever else is printed.
  static ControlClient.Listener listener(Surroundings surroundings, Consumer<JsonNode> progress) {
    return new ControlClient.Listener() {
      @Override
      public void note(String text) {
        surroundings.err().println("potluck: " + PrintableText.of(text));
      }

      @Override
      public void progress(JsonNode document) {
        progress.accept(document);
      }
    };
  }
}
