package dev.potluck.cli;

import dev.potluck.content.Name;
import dev.potluck.directory.Seating;
import dev.potluck.peer.Selection;
import dev.potluck.peer.UpOptions;
import dev.potluck.peer.WriteOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// `potluck up`.
@Command(
    name = "up",
    sortOptions = false,
    description = "Share a folder: found a party, join one, or return to it. Runs until Ctrl-C.",
    footer = {
      "",
      "Prints one line to standard output once it serves: ready NAME HOST:PORT",
      "A share that is known rejoins its party without --join."
    })
final class UpCommand implements Callable<Integer> {
  private static final String CORRUPT = "corrupt=";

  private final Surroundings surroundings;
  private final Daemon.Starter<PeerStart> starter;

  @Option(
      names = "--share",
      paramLabel = "DIR",
      description = "The folder. Default: $POTLUCK_SHARE, the nearest share upward, ~/Potluck.")
  private @Nullable Path share;

  @Option(
      names = "--mount",
      paramLabel = "DIR",
      description = "Show every file of everyone in this folder.")
  private @Nullable Path mount;

  @Option(
      names = "--read-timeout",
      paramLabel = "D",
      converter = Durations.class,
      description = "How long reading in the mount waits for a holder. Default: 30s.")
  private Duration readTimeout = Duration.ofSeconds(30);

  @Option(
      names = "--write-timeout",
      paramLabel = "D",
      converter = Durations.class,
      description = "How long writing in the mount waits for the directory. Default: 30s.")
  private Duration writeTimeout = WriteOptions.DEFAULTS.patience();

  @Option(
      names = "--commit",
      paramLabel = "close|async",
      description = {
        "What closing a file in the mount waits for: that the party has it (close, the default),",
        "or that it is safe on this machine (async)."
      })
  private WriteOptions.Commit commit = WriteOptions.DEFAULTS.commit();

  @Mixin private final PartyOptions party = new PartyOptions();

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "What people call this peer. Default: the host's name.")
  private @Nullable String name;

  @Option(
      names = "--prefix",
      paramLabel = "P",
      description = "Put P/ before the names of this share's files.")
  private @Nullable String prefix;

  @Option(
      names = "--accept-conflicts",
      description = "At a first join, keep clashing files beside the party's, however many.")
  private boolean acceptConflicts;

  @Option(
      names = "--latency",
      paramLabel = "FILE",
      description = "Emulate latency: lines of A B MILLISECONDS.")
  private @Nullable Path latency;

  @Option(
      names = "--selector",
      paramLabel = "adaptive|classic",
      description = "How holders are chosen. Default: adaptive.")
  private Selection.Algorithm selector = Selection.DEFAULTS.algorithm();

  @Option(
      names = "--settle",
      paramLabel = "D",
      converter = Durations.class,
      description = "Announce a file once it was unchanged for this long. Default: 1s.")
  private Duration settle = Duration.ofSeconds(1);

  @Option(
      names = "--trash",
      paramLabel = "D",
      converter = Durations.class,
      description = "How long deleted and replaced files can be restored. Default: 30d.")
  private Duration trash = Duration.ofDays(30);

  @Option(
      names = "--keep-versions",
      paramLabel = "N",
      description = {
        "Keep the last N replaced versions of each file here, up to 16, however old, so that",
        "get NAME --version K finds them. Default: 0: as long as --trash keeps them."
      })
  private int keepVersions;

  @Option(
      names = "--directory",
      paramLabel = "N",
      description = "At most N peers keep the directory, 1 to 5. Default: 5.")
  private int seatsMax = Seating.SEATS_MAX;

  @Option(names = "--inject", hidden = true, paramLabel = "corrupt=N", converter = Injection.class)
  private int corruptEvery;

  @Option(
      names = {"-v", "--verbose"},
      description = "Log more.")
  private boolean verbose;

  UpCommand(Surroundings surroundings, Daemon.Starter<PeerStart> starter) {
    this.surroundings = surroundings;
    this.starter = starter;
  }

  @Override
  public Integer call() throws InterruptedException {
    return new DaemonRun(surroundings, verbose).run(begun -> starter.start(start(), begun));
  }

  /// What was typed, checked.
  PeerStart start() {
    return new PeerStart(
        options(),
        Optional.ofNullable(mount).map(surroundings::resolve),
        readTimeout,
        new WriteOptions(commit, writeTimeout));
  }

  /// What was typed of the peer, checked.
  UpOptions options() {
    return new UpOptions(
        new ShareLocator(surroundings).toShare(share),
        party.presence(Optional.ofNullable(name)),
        party.membership(),
        Optional.ofNullable(prefix).map(Names::folder).map(Name::of),
        acceptConflicts,
        new Selection(selector, Optional.ofNullable(latency).map(surroundings::resolve)),
        party.rhythm(),
        settle,
        trash,
        keepVersions,
        seatsMax,
        corruptEvery);
  }

  /// `corrupt=N`: corruption for tests and demonstrations.
  static final class Injection implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String text) {
      if (!text.matches("corrupt=[1-9]\\d{0,8}")) {
        throw new TypeConversionException("'" + text + "' is not corrupt=N");
      }
      return Integer.valueOf(text.substring(CORRUPT.length()));
    }
  }
}
