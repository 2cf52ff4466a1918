package dev.potluck.peer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.stream.Stream;

/// Where this machine's seat keeps its log. A log is taken away, or put in another's place, in one
/// step: half a log would be taken for one.
final class LogFolder {
  private static final String CURRENT = "log";
  private static final String GONE = "log.gone";

  /// A log that is being begun.
  private static final String BEGUN = "log.begun";

  /// One that is begun, and is to take the place of the current one.
  private static final String NEXT = "log.next";

  /// What another directory took the place of, and its epoch.
  private static final String GIVEN_UP = "log.epoch-";

  private final Path state;

  /// @param state the state folder
  LogFolder(Path state) {
    this.state = state;
  }

  Path current() {
    return state.resolve(CURRENT);
  }

  /// An empty folder for a log that is to take the place of the current one; nothing is there until
  /// {@link #replace}.
  Path begin() throws IOException {
    Path begun = state.resolve(BEGUN);
    deleteAll(begun);
    Files.createDirectories(begun);
    return begun;
  }

  /// Puts the log that was begun in the place of the current one, which nobody has open; that is
  /// kept aside. What a crash interrupts {@link #finish} does.
  ///
  /// @param epoch of the current log
  void replace(int epoch) throws IOException {
    Files.move(state.resolve(BEGUN), state.resolve(NEXT), StandardCopyOption.ATOMIC_MOVE);
    finish(epoch);
  }

  /// Finishes what was interrupted, before a log is opened.
  ///
  /// @param epoch of the current log, if there is one
  void finish(int epoch) throws IOException {
    deleteAll(state.resolve(GONE));
    deleteAll(state.resolve(BEGUN));
    Path next = state.resolve(NEXT);
    if (Files.exists(next)) {
      setAside(epoch);
      Files.move(next, current(), StandardCopyOption.ATOMIC_MOVE);
    }
  }

  /// Keeps the log where nobody takes it for one: what it knows that others don't may be wanted.
  void setAside(int epoch) throws IOException {
    if (Files.exists(current())) {
      Path aside = state.resolve(GIVEN_UP + epoch);
      deleteAll(aside);
      Files.move(current(), aside, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  void delete() throws IOException {
    Path gone = state.resolve(GONE);
    deleteAll(gone);
    Files.move(current(), gone, StandardCopyOption.ATOMIC_MOVE);
    deleteAll(gone);
  }

  private static void deleteAll(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
