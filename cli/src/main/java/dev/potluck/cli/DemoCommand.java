package dev.potluck.cli;

import dev.potluck.content.FailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `potluck demo`.
@Command(
    name = "demo",
    description =
        "Show it: a tracker and four peers as real processes on this machine, with failures.",
    footer = {
      "",
      "Without FILEs: large files and source trees of the JDK it runs on, and this repository.",
      "Everything lies in a temporary folder and is removed at the end, also on Ctrl-C.",
      "Exit status: 1 if any copy differs from its original."
    })
final class DemoCommand implements Callable<Integer> {
  /// Originals unpacked, brought, fetched by three more, and partial downloads.
  private static final int COPIES = 6;

  private final Surroundings surroundings;

  @Parameters(paramLabel = "FILE", arity = "0..*", description = "Files or folders to share.")
  private List<Path> typed = List.of();

  @Option(names = "--keep", description = "Leave it running until Ctrl-C, to look around.")
  private boolean keep;

  DemoCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws InterruptedException {
    var base = surroundings.variables().getOrDefault("TMPDIR", "");
    var party =
        new DemoParty(Path.of(base.isEmpty() ? System.getProperty("java.io.tmpdir") : base));
    var onSignal = new Thread(party::close, "demo-end");
    Runtime.getRuntime().addShutdownHook(onSignal);
    try (party) {
      var files =
          typed.isEmpty()
              ? DemoFiles.ofThisMachine(surroundings, party.folder("unpacked"))
              : DemoFiles.of(surroundings, typed.stream().map(surroundings::resolve).toList());
      needRoom(party.folder(), files.bytes() * COPIES);
      var equal = new Demo(surroundings, party, files).run();
      if (keep) {
        lookAround(party);
      }
      return equal ? ExitStatus.DONE : ExitStatus.FAILED;
    }
  }

  private void lookAround(DemoParty party) throws InterruptedException {
    var out = surroundings.out();
    out.println();
    out.println("It runs on. Look around from another terminal:");
    var potluck = surroundings.variables().getOrDefault("POTLUCK_LAUNCHER", "potluck");
    out.println("  " + potluck + " ls --at " + party.folder("anna"));
    out.println("  " + potluck + " peers --at " + party.folder(DemoParty.TRACKER));
    out.println("  " + potluck + " shell --at " + party.folder("dan"));
    out.println(
        "  kill -9 " + party.pid("carla") + "   # carla; logs are in " + party.folder("log"));
    out.println("Ctrl-C ends it and removes " + party.folder());
    out.flush();
    new CountDownLatch(1).await();
  }

  private static void needRoom(Path folder, long bytes) {
    try {
      var free = Files.getFileStore(folder).getUsableSpace();
      if (free < bytes) {
        throw new FailedException(
            "the demonstration needs %s in %s, and %s are free; set TMPDIR, or name smaller files"
                .formatted(Sizes.shown(bytes), folder, Sizes.shown(free)));
      }
    } catch (IOException e) {
      throw new FailedException("cannot look at " + folder + ": " + e.getMessage(), e);
    }
  }
}
