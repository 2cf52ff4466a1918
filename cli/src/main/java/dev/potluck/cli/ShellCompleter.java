package dev.potluck.cli;

import dev.potluck.content.PotluckException;
import dev.potluck.peer.ControlClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jline.builtins.Completers.FileNameCompleter;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;
import picocli.CommandLine;

/// Completes commands, their options, the party's names and peers, and files of this machine.
final class ShellCompleter implements Completer {
  private static final int NAMES_MAX = 200;
  private static final Set<String> OF_NAMES =
      Set.of(
          "find",
          "get",
          "download",
          "cat",
          "rm",
          "mv",
          "restore",
          "ls",
          "lock",
          "unlock",
          "history");
  private static final Set<String> OF_PEERS = Set.of("load", "getload", "expel");
  private static final Set<String> OF_FILES = Set.of("put", "upload");

  private final Path share;
  private final CommandLine commands;
  private final Completer files = new FileNameCompleter();

  ShellCompleter(Path share, CommandLine commands) {
    this.share = share;
    this.commands = commands;
  }

  @Override
  public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
    if (line.wordIndex() == 0) {
      words().forEach(word -> candidates.add(new Candidate(word)));
      return;
    }
    var command = line.words().getFirst();
    var before = line.words().get(line.wordIndex() - 1);
    if (line.word().startsWith("-")) {
      options(command).forEach(option -> candidates.add(new Candidate(option)));
    } else if (before.equals("--peer") || OF_PEERS.contains(command)) {
      peers().forEach(peer -> candidates.add(new Candidate(peer)));
    } else if (before.equals("-o") || OF_FILES.contains(command)) {
      files.complete(reader, line, candidates);
    } else if (OF_NAMES.contains(command)) {
      names(line.word().substring(0, line.wordCursor())).forEach(candidates::add);
    }
  }

  /// What a line can begin with.
  private List<String> words() {
    var words = new ArrayList<>(CommandTree.words());
    words.removeAll(ShellWords.NOT_HERE);
    words.addAll(ShellWords.classicWords());
    words.add("help");
    words.add("exit");
    return words;
  }

  private List<String> options(String command) {
    var parser = commands.getSubcommands().get(command);
    return parser == null
        ? List.of()
        : parser.getCommandSpec().options().stream()
            .filter(option -> !option.hidden())
            .map(CommandLine.Model.OptionSpec::longestName)
            .sorted()
            .toList();
  }

  /// Names below the prefix; one level at a time, as paths are typed.
  private List<Candidate> names(String prefix) {
    try {
      var found =
          ControlClient.ask(share, "complete", Map.of("prefix", prefix, "limit", NAMES_MAX));
      var names = found.path("names").valueStream().map(name -> name.asString("")).toList();
      return names.stream()
          .map(name -> upToSlash(name, prefix.length()))
          .distinct()
          .map(name -> new Candidate(name, name, null, null, null, null, !name.endsWith("/")))
          .toList();
    } catch (PotluckException _) {
      return List.of(); // completion is a convenience: a command will say what is wrong
    }
  }

  private static String upToSlash(String name, int from) {
    var slash = name.indexOf('/', from);
    return slash < 0 ? name : name.substring(0, slash + 1);
  }

  private List<String> peers() {
    try {
      return ControlClient.ask(share, "peers", Map.of())
          .valueStream()
          .map(peer -> peer.path("name").asString(""))
          .filter(name -> !name.isEmpty())
          .toList();
    } catch (PotluckException _) {
      return List.of(); // as above
    }
  }
}
