package dev.potluck.cli;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `potluck doctor`.
@Command(
    name = "doctor",
    description = "Say what is missing on this machine and how to get it.",
    footer = {"", "Exit status: 0 if nothing is missing, else 1."})
final class DoctorCommand implements Callable<Integer> {
  private final Surroundings surroundings;
  @Mixin private final JsonOption json = new JsonOption();

  DoctorCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    var checks = new Machine(surroundings).checks();
    var well = checks.stream().noneMatch(check -> check.state() == Check.State.MISSING);
    if (json.wanted()) {
      Documents.print(
          surroundings,
          Map.of("ok", well, "checks", checks.stream().map(DoctorCommand::document).toList()));
    } else {
      print(checks);
    }
    return well ? ExitStatus.DONE : ExitStatus.FAILED;
  }

  private void print(List<Check> checks) {
    var table = new Table("", "CHECK", "FOUND", "WHAT TO DO");
    for (var check : checks) {
      var mark =
          switch (check.state()) {
            case OK -> "ok";
            case MISSING -> "MISSING";
            case OPTIONAL -> "note";
          };
      table.row(mark, check.what(), check.found(), check.remedy());
    }
    table.print(surroundings);
  }

  private static Map<String, String> document(Check check) {
    return Map.of(
        "check", check.what(),
        "state", check.state().name().toLowerCase(Locale.ROOT),
        "found", check.found(),
        "remedy", check.remedy());
  }
}
