package dev.potluck.cli;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Runs a daemon in the foreground: says when it is ready, and ends cleanly on SIGTERM and Ctrl-C,
/// with status 0, also while it starts.
final class DaemonRun {
  /// A user who pressed Ctrl-C waits no longer than 5 s.
  private static final Duration END_LIMIT = Duration.ofMillis(4_500);

  private static final Duration OWN_END_LIMIT = Duration.ofMillis(3_500);

  private static final Logger LOG = System.getLogger(DaemonRun.class.getName());

  private final Surroundings surroundings;
  private @Nullable Daemon begun; // guarded by this
  private boolean ending; // guarded by this

  DaemonRun(Surroundings surroundings, boolean verbose) {
    this.surroundings = surroundings;
    DaemonLog.open(verbose);
  }

  /// Starts the daemon and waits until it ends.
  ///
  /// @return the exit status
  int run(DaemonStart start) throws InterruptedException {
    var onSignal = new Thread(this::endBySignal, "end");
    Runtime.getRuntime().addShutdownHook(onSignal);
    try {
      var daemon = start.start(this::begun);
      try {
        begun(daemon);
        surroundings.out().println("ready " + daemon.name() + " " + daemon.address());
        surroundings.out().flush();
        daemon.awaitEnd();
        return ExitStatus.DONE;
      } finally {
        closeInTime(daemon);
      }
    } catch (InterruptedException | RuntimeException e) {
      if (isEnding()) {
        return ExitStatus.DONE; // because of the signal, which has the last word
      }
      throw e;
    } finally {
      forget(onSignal);
    }
  }

  /// There is something to close when a signal comes. What begins after a signal is given up: the
  /// process ends without it.
  private synchronized void begun(Daemon daemon) throws InterruptedException {
    if (ending) {
      throw new InterruptedException("a signal came while it started");
    }
    begun = daemon;
  }

  private synchronized @Nullable Daemon end() {
    ending = true;
    return begun;
  }

  private synchronized boolean isEnding() {
    return ending;
  }

  /// One that has ended by itself has done what it was to do: what does not close in time, ends
  /// with the process.
  private void closeInTime(Daemon daemon) throws InterruptedException {
    if (!closes(daemon, OWN_END_LIMIT)) {
      surroundings.err().println("potluck: not all of it ended in time; the next start cleans up");
    }
  }

  /// A signal makes the JVM end with a status of its own, unless we are quicker.
  private void endBySignal() {
    var clean = true;
    var daemon = end(); // null: what a killed process leaves is all there is yet
    if (daemon != null) {
      try {
        clean = closes(daemon, END_LIMIT);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        clean = false;
      }
    }
    if (!clean) {
      surroundings.err().println("potluck: it did not end in time; the next start cleans up");
    }
    surroundings.out().flush();
    surroundings.err().flush();
    Runtime.getRuntime().halt(clean ? ExitStatus.DONE : ExitStatus.FAILED);
  }

  /// Closes it on a thread that does not keep the process alive.
  ///
  /// @return whether that was done in time
  private static boolean closes(Daemon daemon, Duration limit) throws InterruptedException {
    var closing = Thread.ofPlatform().daemon().name("close").start(daemon::close);
    var inTime = closing.join(limit);
    if (!inTime) {
      LOG.log(Level.INFO, "closing is at {0}", List.of(closing.getStackTrace()));
    }
    return inTime;
  }

  private static void forget(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException _) {
      // The JVM is ending by a signal: the hook decides the exit status.
    }
  }

  /// Starts it.
  @FunctionalInterface
  interface DaemonStart {
    Daemon start(Daemon.Begun begun) throws InterruptedException;
  }
}
