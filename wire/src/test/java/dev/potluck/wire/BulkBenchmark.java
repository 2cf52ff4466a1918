package dev.potluck.wire;

import dev.potluck.content.ContentId;
import dev.potluck.content.PieceHasher;
import dev.potluck.content.Pieces;
import dev.potluck.content.Root;
import dev.potluck.directory.Endpoint;
import dev.potluck.directory.PeerId;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// Throughput of the bulk port on loopback: 1 GiB from a file, over mutual TLS, hashed and written
/// by the receiver. Arguments: folder, MiB, calls at once, rounds.
@SuppressWarnings("FutureReturnValueIgnored") // outcomes are never exceptions
public final class BulkBenchmark {
  private BulkBenchmark() {}

  public static void main(String[] args) throws Exception {
    Path folder =
        Files.createDirectories(Path.of(args.length > 0 ? args[0] : "/dev/shm/potluck-bulk"));
    long size = (args.length > 1 ? Long.parseLong(args[1]) : 1_024) << 20;
    int atOnce = args.length > 2 ? Integer.parseInt(args[2]) : 4;
    int rounds = args.length > 3 ? Integer.parseInt(args[3]) : 6;
    Path file = folder.resolve("source");
    write(file, size);
    ContentId id = new ContentId(Root.of(new SecureRandom().generateSeed(32)), size);
    TestParty party = new TestParty(Files.createTempDirectory(folder, "party"));
    Identity server = party.member();
    try (var threads = new WireThreads();
        var clientThreads = new WireThreads();
        var from = FileChannel.open(file, StandardOpenOption.READ);
        var bulk =
            BulkServer.start(
                threads, party.tls(server), TestParty.LOOPBACK, source(from), new FakePeer());
        var client = new BulkClient(clientThreads, party.tls())) {
      for (int round = 0; round < rounds; round++) {
        Path target = folder.resolve("target");
        Files.deleteIfExists(target);
        long cpu = cpuNanos();
        long start = System.nanoTime();
        fetch(client, TestParty.at(bulk.port()), server.id(), id, target, atOnce);
        double seconds = (System.nanoTime() - start) / 1e9;
        double cores = (cpuNanos() - cpu) / 1e9;
        System.out.printf(
            "%.2f GB/s, %.2f core-s/GB, direct %d + %d MiB, resident %s%n",
            size / 1e9 / seconds,
            cores / (size / 1e9),
            threads.reservedBytes() >> 20,
            clientThreads.reservedBytes() >> 20,
            resident());
      }
    }
  }

  private static void fetch(
      BulkClient client, Endpoint holder, PeerId peer, ContentId id, Path target, int atOnce)
      throws Exception {
    Pieces pieces = new Pieces(id.size());
    var next = new AtomicInteger();
    var left = new CountDownLatch(pieces.count());
    var bad = new AtomicLong();
    try (var to = FileChannel.open(target, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      for (int i = 0; i < atOnce; i++) {
        more(client, holder, peer, id, to, next, left, bad);
      }
      left.await();
    }
    if (bad.get() > 0) {
      throw new IOException(bad + " pieces failed");
    }
  }

  private static void more(
      BulkClient client,
      Endpoint holder,
      PeerId peer,
      ContentId id,
      FileChannel to,
      AtomicInteger next,
      CountDownLatch left,
      AtomicLong bad) {
    Pieces pieces = new Pieces(id.size());
    int piece = next.getAndIncrement();
    if (piece >= pieces.count()) {
      return;
    }
    PieceHasher hasher = new PieceHasher(pieces);
    hasher.begin(piece);
    BulkSink sink =
        new BulkSink() {
          @Override
          public void write(long position, ByteBuffer bytes) throws IOException {
            hasher.update(bytes.duplicate());
            for (long at = position; bytes.hasRemaining(); ) {
              at += to.write(bytes, at);
            }
          }

          @Override
          public boolean mayBlock() {
            return false;
          }
        };
    client
        .fetch(holder, peer, id, pieces.offset(piece), pieces.length(piece), sink)
        .outcome()
        .thenAccept(
            outcome -> {
              if (!(outcome instanceof TransferOutcome.Complete)) {
                System.out.println(outcome);
                bad.incrementAndGet();
              }
              hasher.finish();
              left.countDown();
              more(client, holder, peer, id, to, next, left, bad);
            });
  }

  private static BulkSource source(FileChannel from) {
    return (_, _) ->
        Optional.of(
            new Served() {
              @Override
              public boolean has(long offset, long lengthBytes) {
                return true;
              }

              @Override
              public int read(long position, ByteBuffer target) throws IOException {
                return from.read(target, position);
              }

              @Override
              public byte[] layer() {
                return new byte[0];
              }

              @Override
              public void close() {}
            });
  }

  private static void write(Path file, long size) throws IOException {
    if (Files.exists(file) && Files.size(file) == size) {
      return;
    }
    byte[] block = new byte[1 << 20];
    new SecureRandom().nextBytes(block);
    try (var out = Files.newOutputStream(file)) {
      for (long done = 0; done < size; done += block.length) {
        out.write(block);
      }
    }
  }

  private static long cpuNanos() {
    var os =
        (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return os.getProcessCpuTime();
  }

  private static String resident() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS"))
        .findFirst()
        .orElse("?");
  }
}
