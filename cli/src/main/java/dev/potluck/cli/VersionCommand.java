package dev.potluck.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Properties;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `potluck version`.
@Command(name = "version", description = "Show the version of Potluck and of what it runs on.")
final class VersionCommand implements Callable<Integer> {
  private final Surroundings surroundings;
  @Mixin private final JsonOption json = new JsonOption();

  VersionCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    var java = System.getProperty("java.runtime.version", "?");
    var system =
        "%s %s %s"
            .formatted(
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                System.getProperty("os.arch"));
    if (json.wanted()) {
      var document = new LinkedHashMap<String, String>();
      document.put("version", version());
      document.put("java", java);
      document.put("system", system);
      Documents.print(surroundings, document);
    } else {
      surroundings.out().println("potluck %s (Java %s, %s)".formatted(version(), java, system));
    }
    return 0;
  }

  /// The version this program was built as.
  static String version() {
    var properties = new Properties();
    try (var stream = VersionCommand.class.getResourceAsStream("version.properties")) {
      properties.load(stream);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty("version", "?");
  }
}
