package dev.potluck.content;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Roots and piece layers against libtorrent, an independent implementation of BEP 52 (`apt-get
/// install python3-libtorrent`, which `./verify` sees to).
class BitTorrentRootsTest {
  private static final String PYTHON = "/usr/bin/python3";
  private static final int PIECE = Pieces.MIN_LENGTH;

  @TempDir Path folder;

  @Test
  void rootsAndPieceLayersAreThoseOfBitTorrent() throws Exception {
    assumeThat(System.getenv("CI") != null || hasLibtorrent())
        .as("python3-libtorrent is installed")
        .isTrue();
    List<Path> files = new ArrayList<>();
    // libtorrent makes no torrent of an empty file alone; BEP 52 gives that none, and we say zero.
    for (int size :
        new int[] {1, 16_383, 16_384, 16_385, PIECE - 1, PIECE, PIECE + 1, 3 << 20, 7_654_321}) {
      files.add(file(size));
    }

    List<String> theirs = libtorrent(files);

    List<String> ours = new ArrayList<>();
    for (Path file : files) {
      ours.add(describe(hash(file)));
    }
    assertThat(ours).isEqualTo(theirs);
  }

  @Test
  void anEmptyFileHasTheZeroRoot() throws IOException {
    assertThat(hash(file(0)).content()).isEqualTo(ContentId.EMPTY);
  }

  private static String describe(ContentHasher.Hashed hashed) {
    byte[] layer = hashed.layer().bytes();
    String digest =
        layer.length == 0 ? "-" : HexFormat.of().formatHex(MerkleTree.sha256().digest(layer));
    return hashed.content().root() + " " + digest;
  }

  private Path file(int size) throws IOException {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return Files.write(folder.resolve("f" + size), bytes);
  }

  private static ContentHasher.Hashed hash(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      return new ContentHasher(Runnable::run, 1)
          .hash((position, target) -> channel.read(target, position), channel.size());
    }
  }

  private static boolean hasLibtorrent() throws IOException, InterruptedException {
    return Files.isExecutable(Path.of(PYTHON))
        && new ProcessBuilder(PYTHON, "-c", "import libtorrent")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor()
            == 0;
  }

  private List<String> libtorrent(List<Path> files) throws IOException, InterruptedException {
    Path script = folder.resolve("roots.py");
    try (var resource = BitTorrentRootsTest.class.getResourceAsStream("/roots.py")) {
      Files.write(script, resource.readAllBytes());
    }
    List<String> command = new ArrayList<>(List.of(PYTHON, script.toString(), "" + PIECE));
    files.forEach(file -> command.add(file.toString()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output.lines().toList();
  }
}
