package dev.potluck.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a daemon leaves on the machine when it is killed with -9: nothing outside its share.
@Timeout(120)
final class KilledDaemonTest {
  private static final Duration START_LIMIT = Duration.ofMinutes(1);
  private static final String KEPT = "libsqlitejdbc.so";

  @TempDir private Path folder;
  private Path temporary;

  @BeforeEach
  void makeTemporaryFolder() throws IOException {
    temporary = Files.createDirectory(folder.resolve("temporary"));
  }

  @Test
  void nothingIsLeftInTheTemporaryFolderAndTheNextStartUsesWhatIsThere() throws Exception {
    killOnceReady(List.of("up", "--share", folder.resolve("share").toString(), "--open"));
    var library = onlyLibrary(folder.resolve("share/.potluck/native"));
    var unpackedAt = Files.getLastModifiedTime(library);
    killOnceReady(List.of("up", "--share", folder.resolve("share").toString()));

    assertThat(temporary).isEmptyDirectory();
    assertThat(onlyLibrary(folder.resolve("share/.potluck/native"))).isEqualTo(library);
    assertThat(Files.getLastModifiedTime(library)).isEqualTo(unpackedAt);
  }

  @Test
  void trackerLeavesNothingEither() throws Exception {
    killOnceReady(List.of("tracker", "--state", folder.resolve("state").toString(), "--open"));

    assertThat(temporary).isEmptyDirectory();
  }

  @Test
  void firstStartsAtTheSameTimeShareTheLaunchersFolder() throws Exception {
    var libraries = folder.resolve("app/native");
    var flags =
        List.of("-Dpotluck.native=" + libraries, "-Djava.library.path=" + libraries, noTemporary());
    var started = new ArrayList<PotluckProcess>();
    try {
      for (var name : List.of("anna", "ben", "carl")) {
        started.add(start(flags, List.of("up", "--share", folder.resolve(name).toString())));
      }
      for (var process : started) {
        process.awaitReady(START_LIMIT);
      }
    } finally {
      started.forEach(PotluckProcess::kill);
    }

    assertThat(temporary).isEmptyDirectory();
    assertThat(libraries.resolve(KEPT)).isExecutable();
    assertThat(libraries).isDirectoryNotContaining("glob:**unpacking-*");
    assertThat(folder.resolve("anna/.potluck/native")).doesNotExist();
  }

  @Test
  void launchersFolderThatCannotBeWrittenIsPassedOver() throws Exception {
    var occupied = Files.writeString(folder.resolve("app"), "not a folder");

    killOnceReady(
        List.of("up", "--share", folder.resolve("share").toString(), "--open"),
        "-Dpotluck.native=" + occupied.resolve("native"));

    assertThat(temporary).isEmptyDirectory();
    assertThat(onlyLibrary(folder.resolve("share/.potluck/native"))).isExecutable();
  }

  @Test
  void socketOfAShareWithALongPathIsDeletedByTheNextStart() throws Exception {
    var share = folder.resolve("long-".repeat(20)).resolve("share");
    var pointer = share.resolve(".potluck/socket");

    killOnceReady(List.of("up", "--share", share.toString(), "--open"));
    var left = Path.of(Files.readString(pointer));
    assertThat(left).exists();
    try (var process = start(List.of(noTemporary()), List.of("up", "--share", share.toString()))) {
      process.awaitReady(START_LIMIT);
      var next = Path.of(Files.readString(pointer));
      process.terminate();
      process.awaitExit(START_LIMIT);

      assertThat(left.getParent()).doesNotExist();
      assertThat(next.getParent()).doesNotExist();
    }
    assertThat(temporary).isEmptyDirectory();
  }

  private void killOnceReady(List<String> words, String... flags) throws Exception {
    var all = new ArrayList<>(List.of(flags));
    all.add(noTemporary());
    try (var process = start(all, words)) {
      process.awaitReady(START_LIMIT);
      process.kill();
      process.awaitExit(START_LIMIT);
    }
  }

  private String noTemporary() {
    return "-Djava.io.tmpdir=" + temporary;
  }

  private PotluckProcess start(List<String> flags, List<String> words) {
    var listening = new ArrayList<>(words);
    listening.addAll(List.of("--listen", "127.0.0.1:0"));
    return PotluckProcess.start(
        folder,
        folder.resolve("log-" + words.hashCode()),
        PotluckProcess.Java.OWN.with(flags),
        listening);
  }

  private static Path onlyLibrary(Path kept) throws IOException {
    var versions = entries(kept);
    assertThat(versions).hasSize(1);
    return versions.getFirst().resolve(KEPT);
  }

  private static List<Path> entries(Path in) throws IOException {
    try (var entries = Files.list(in)) {
      return entries.toList();
    }
  }
}
