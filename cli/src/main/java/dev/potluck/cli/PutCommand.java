package dev.potluck.cli;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `potluck put FILE…`.
@Command(
    name = "put",
    description = "Bring files, or folders with all that is in them, into the share and the party.",
    footer = {"", "Exit status: 5 if a name exists with other content and --replace is not given."})
final class PutCommand implements Callable<Integer> {
  private static final int LISTED_MAX = 20;

  private final Surroundings surroundings;
  @Mixin private final Asking asking = new Asking();

  @Parameters(paramLabel = "FILE", arity = "1..*", description = "Files or folders.")
  private List<String> files = List.of();

  @Option(
      names = "--as",
      paramLabel = "NAME",
      description = "The name in the party; with several FILEs the folder they go to.")
  private @Nullable String as;

  @Option(names = "--replace", description = "Replace a name that exists.")
  private boolean replace;

  @Option(names = "--atomic", description = "All files or none, in one step.")
  private boolean atomic;

  PutCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    var upload = Upload.of(surroundings, files, as);
    upload
        .skipped()
        .forEach(
            (path, why) ->
                surroundings
                    .err()
                    .println("potluck: skipped " + PrintableText.of(path + ": " + why)));
    Map<String, Object> args =
        Map.of("files", upload.documents(), "replace", replace, "atomic", atomic);
    return asking.print(surroundings, asking.ask(surroundings, "put", args), this::text);
  }

  private void text(JsonNode put) {
    var done = put.path("files");
    if (done.size() > LISTED_MAX) {
      var bytes = done.valueStream().mapToLong(file -> file.path("size").asLong()).sum();
      surroundings.out().println("put " + done.size() + " files, " + Sizes.shown(bytes));
      return;
    }
    for (var file : done) {
      surroundings
          .out()
          .println(
              "put %s (version %s, %s)"
                  .formatted(
                      PrintableText.of(file.path("name").asString("")),
                      file.path("version").asString("?"),
                      Sizes.shown(file.path("size").asLong())));
    }
  }
}
