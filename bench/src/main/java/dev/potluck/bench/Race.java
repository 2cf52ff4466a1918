package dev.potluck.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The clock of one run of a {@link Crowd}, and what passes the links meanwhile.
final class Race {
  private final Scene scene;
  private final List<Traffic> before;
  private final List<Double> seconds = new ArrayList<>();
  private final long startNanos;

  private Race(Scene scene) throws IOException, InterruptedException {
    this.scene = scene;
    this.before = traffic();
    this.startNanos = System.nanoTime();
  }

  /// Starts the clock, once the machine is quiet and has the memory that will be written.
  static Race start(Scene scene) throws IOException, InterruptedException {
    Memory.claim(scene.work(), scene.leechers().size() * Files.size(scene.file()));
    new Quiet().await();
    return new Race(scene);
  }

  /// One more leecher is done.
  void arrived(long nanos) {
    seconds.add((nanos - startNanos) / 1e9);
  }

  /// All are done.
  Arrivals over() throws IOException, InterruptedException {
    List<Traffic> after = traffic();
    List<Long> sent = new ArrayList<>();
    long received = 0;
    for (int i = 0; i < after.size(); i++) {
      Traffic passed = after.get(i).since(before.get(i));
      if (i < scene.seeds().size()) {
        sent.add(passed.sentBytes());
      } else {
        received += passed.receivedBytes();
      }
    }
    return new Arrivals(seconds, sent, received);
  }

  /// @throws IOException if what arrived in a folder is not the file
  void check(Path folder) throws IOException {
    if (Files.mismatch(scene.file(), folder.resolve(scene.name())) >= 0) {
      throw new IOException("what arrived in " + folder + " is not the original");
    }
  }

  private List<Traffic> traffic() throws IOException, InterruptedException {
    List<Traffic> all = new ArrayList<>();
    for (Host seed : scene.seeds()) {
      all.add(Hosts.traffic(seed));
    }
    for (Host leecher : scene.leechers()) {
      all.add(Hosts.traffic(leecher));
    }
    return all;
  }
}
