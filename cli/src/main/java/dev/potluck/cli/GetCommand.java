package dev.potluck.cli;

import dev.potluck.content.UsageException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `potluck get NAME… [-r PREFIX] [-o FILE]`.
@Command(
    name = "get",
    description = "Fetch files, verified, into the share; or with -o to a file or folder.",
    footer = {
      "",
      "Exit status: 3 no such name; 4 no holder is up (--wait waits for one; what has arrived is kept);",
      "7 every holder's copy is corrupt."
    })
final class GetCommand implements Callable<Integer> {
  /// More than so many files are summed up.
  private static final int LISTED_MAX = 20;

  private final Surroundings surroundings;
  @Mixin private final Asking asking = new Asking();
  @Mixin private final WaitOption wait = new WaitOption();

  @Parameters(paramLabel = "NAME", arity = "0..*", description = "The exact names.")
  private List<String> names = List.of();

  @Option(
      names = {"-r", "--recursive"},
      paramLabel = "PREFIX",
      description = "Everything in this folder of the party.")
  private @Nullable String prefix;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Write here instead of into the share; a folder if there are several names.")
  private @Nullable String output;

  @Option(names = "--version", paramLabel = "N", description = "This version, not the current one.")
  private @Nullable Long version;

  GetCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    return asking.print(surroundings, got(args()), this::text);
  }

  private JsonNode got(Map<String, Object> args) {
    try (var progress = new ProgressBar(surroundings)) {
      return asking.ask(surroundings, "get", args, progress::show);
    }
  }

  private Map<String, Object> args() {
    if (names.isEmpty() == (prefix == null)) {
      throw new UsageException("get wants names, or a folder with -r");
    }
    if (version != null && (names.size() != 1 || version < 1)) {
      throw new UsageException("--version is a number from 1 on, of one name");
    }
    var args = new LinkedHashMap<String, Object>();
    args.put("names", Names.of(names));
    args.put("wait_ms", wait.millis());
    if (!asking.json()) {
      args.put("listed_max", LISTED_MAX);
    }
    if (prefix != null) {
      args.put("prefix", Names.folder(prefix));
    }
    if (version != null) {
      args.put("version", version);
    }
    if (output != null) {
      args.put("output", target(output).toString());
    }
    return args;
  }

  /// Where the file goes, or the folder that several files go to.
  private Path target(String typed) {
    var path = surroundings.resolve(Path.of(typed));
    if (prefix != null || names.size() > 1) {
      if (Files.exists(path) && !Files.isDirectory(path)) {
        throw new UsageException("-o " + typed + " is a file; several names need a folder");
      }
      return path;
    }
    var name = names.getFirst();
    return typed.endsWith("/") || Files.isDirectory(path)
        ? path.resolve(name.substring(name.lastIndexOf('/') + 1))
        : path;
  }

  private void text(JsonNode got) {
    var summed = got.path("summed");
    if (summed.isObject()) {
      surroundings
          .out()
          .println(
              "got %d files, %s, of which %s moved"
                  .formatted(
                      summed.path("files").asLong(),
                      Sizes.shown(summed.path("bytes").asLong()),
                      Sizes.shown(summed.path("moved").asLong())));
    }
    for (var file : got.path("files")) {
      surroundings.out().println(line(file));
    }
  }

  private static String line(JsonNode file) {
    var name = PrintableText.of(file.path("name").asString(""));
    var size = file.path("size").asLong();
    if (moved(file) == 0 && size > 0) {
      return name + " is here already (" + Sizes.shown(size) + ")";
    }
    var seconds = file.path("seconds").asDouble();
    var line = new StringBuilder("got ").append(name).append(", ").append(Sizes.shown(size));
    if (seconds > 0) {
      line.append(", ").append(Sizes.rate(moved(file) / seconds));
    }
    var from =
        file.path("from")
            .valueStream()
            .map(
                holder ->
                    PrintableText.of(holder.path("peer").asString(""))
                        + " "
                        + Sizes.shown(holder.path("bytes").asLong()))
            .toList();
    return from.isEmpty()
        ? line.toString()
        : line.append(", from ").append(String.join(", ", from)).toString();
  }

  private static long moved(JsonNode file) {
    var moved = file.path("moved");
    return moved.isBoolean()
        ? (moved.asBoolean() ? file.path("size").asLong() : 0)
        : moved.asLong(0);
  }
}
