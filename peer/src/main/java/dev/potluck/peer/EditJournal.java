package dev.potluck.peer;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// `.potluck/journal/`: small edits with all their bytes, on the disk before their files are. One
/// write of the disk then does for an edit, or for all that are made at once, where the file, its
/// folder and the database took one each; those follow when the kernel sees fit. An edit that a
/// power cut takes back is made again by {@link JournalRecovery}.
///
/// Two files are written in turn. One that is full is begun anew after all that its entries say has
/// come to the disk. Thread-safe.
final class EditJournal implements AutoCloseable {
  /// The largest content that is worth being written twice.
  static final int CONTENT_BYTES_MAX = 64 << 10;

  static final String FOLDER = ".potluck/journal";

  private static final Logger LOG = System.getLogger(EditJournal.class.getName());
  private static final int EDIT = 0;
  private static final int WITHDRAWAL = 1;
  private static final long FLUSH_MS = 100;
  private static final long AGAIN_MS = 1_000;
  private static final long ENDING_MS = 3_000;

  /// Brings to the disk what entries say.
  @FunctionalInterface
  interface Checkpoint {
    void run() throws IOException;
  }

  private final Half[] halves;
  private final long boot;
  private final ScheduledThreadPoolExecutor thread =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().name("share-journal").daemon().factory());
  private @Nullable Checkpoint checkpoint;
  private @Nullable Checkpoint flush;

  // Guarded by this.
  private long next = 1;
  private int active;
  private boolean begun;
  private boolean rowsWait;
  private boolean checking;

  /// One file, and how many of its entries are not in place yet. Guarded by the journal.
  private static final class Half {
    final JournalFile file;
    int underWay;
    boolean free = true;
    boolean leftSomething;

    Half(JournalFile file) {
      this.file = file;
    }
  }

  /// An entry whose file is not in place yet.
  static final class Ticket {
    private final Half half;
    private final long number;

    private Ticket(Half half, long number) {
      this.half = half;
      this.number = number;
    }
  }

  private EditJournal(JournalFile one, JournalFile other, long boot) {
    this.halves = new Half[] {new Half(one), new Half(other)};
    this.boot = boot;
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  static EditJournal open(ShareTree tree) throws IOException {
    tree.makeFolder(FOLDER, 0700);
    return new EditJournal(half(tree, "0"), half(tree, "1"), boot());
  }

  private static JournalFile half(ShareTree tree, String name) throws IOException {
    String path = FOLDER + "/" + name;
    boolean there = tree.stat(path).isPresent();
    return new JournalFile(there ? tree.openForWriting(path) : tree.create(path));
  }

  /// Tells one run of the machine from another.
  private static long boot() throws IOException {
    CRC32C id = new CRC32C();
    id.update(
        Files.readString(Path.of("/proc/sys/kernel/random/boot_id"))
            .getBytes(StandardCharsets.US_ASCII));
    return id.getValue();
  }

  /// What an earlier run left.
  ///
  /// @param sameBoot whether the machine was up all the time since: then nothing of what was
  ///   written is missing
  record Left(boolean sameBoot, List<JournaledEdit> edits) {}

  /// The edits of earlier runs, in their order.
  Left left() throws IOException {
    NavigableMap<Long, JournaledEdit> edits = new TreeMap<>();
    List<Long> withdrawn = new ArrayList<>();
    boolean sameBoot = true;
    for (Half half : halves) {
      JournalFile.Left left = half.file.left();
      half.leftSomething = !left.entries().isEmpty();
      sameBoot &= !half.leftSomething || left.boot() == boot;
      long number = left.first();
      for (byte[] entry : left.entries()) {
        read(number++, entry, edits, withdrawn);
      }
      next = Math.max(next, number);
    }
    withdrawn.forEach(edits::remove);
    return new Left(sameBoot, List.copyOf(edits.values()));
  }

  private static void read(
      long number, byte[] entry, NavigableMap<Long, JournaledEdit> edits, List<Long> withdrawn)
      throws IOException {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(entry))) {
      if (in.readByte() == WITHDRAWAL) {
        withdrawn.add(in.readLong());
        return;
      }
      FileIdentity before =
          in.readBoolean()
              ? new FileIdentity(in.readLong(), in.readLong(), in.readLong(), in.readLong())
              : null;
      Intent intent = IntentCodec.decoded(in.readNBytes(in.readInt())).getFirst();
      edits.put(number, new JournaledEdit(intent, before, ByteBuffer.wrap(in.readAllBytes())));
    }
  }

  private static byte[] encoded(JournaledEdit edit) {
    byte[] intent = IntentCodec.encoded(List.of(edit.intent()));
    byte[] content = new byte[edit.content().remaining()];
    edit.content().duplicate().get(content);
    var bytes = new ByteArrayOutputStream(intent.length + content.length + 64);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(EDIT);
      FileIdentity before = edit.before();
      out.writeBoolean(before != null);
      if (before != null) {
        out.writeLong(before.inode());
        out.writeLong(before.size());
        out.writeLong(before.mtimeNs());
        out.writeLong(before.ctimeNs());
      }
      out.writeInt(intent.length);
      out.write(intent);
      out.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // Memory does not fail.
    }
    return bytes.toByteArray();
  }

  /// Forgets what was left, once it is in place and on the disk, and begins to work.
  ///
  /// @param whole brings all that was put in place to the disk, and the database
  /// @param rows writes what the database is to know, without waiting for the disk
  void start(Checkpoint whole, Checkpoint rows) throws IOException {
    checkpoint = whole;
    flush = rows;
    for (Half half : halves) {
      if (half.leftSomething) {
        half.file.begin(next, boot);
      }
    }
  }

  /// Writes an edit down; it counts after {@link #sync}, and until {@link #settled} or {@link
  /// #withdraw} it is under way.
  ///
  /// @return nothing if there is no room at present
  synchronized Optional<Ticket> append(JournaledEdit edit) throws IOException {
    byte[] entry = encoded(edit);
    Half half = halves[active];
    if (!begun) {
      half.file.begin(next, boot);
      half.free = false;
      begun = true;
    }
    if (!half.file.append(next, entry)) {
      Half other = halves[1 - active];
      if (!other.free) {
        return Optional.empty();
      }
      other.file.begin(next, boot);
      other.free = false;
      active = 1 - active;
      half = other;
      freeFull();
      if (!half.file.append(next, entry)) {
        throw new IllegalStateException("an edit of " + entry.length + " bytes is not small");
      }
    }
    half.underWay++;
    return Optional.of(new Ticket(half, next++));
  }

  /// Returns when the entry is on the disk.
  void sync(Ticket ticket) throws IOException {
    ticket.half.file.sync(ticket.number);
  }

  /// Its file is in place.
  synchronized void settled(Ticket ticket) {
    ticket.half.underWay--;
    freeFull();
  }

  /// Its file could not be put in place: it must not be made again either.
  synchronized void withdraw(Ticket ticket) throws IOException {
    byte[] entry = new byte[1 + Long.BYTES];
    entry[0] = WITHDRAWAL;
    ByteBuffer.wrap(entry).putLong(1, ticket.number);
    // Without room it stays: after a crash just then its file is there although nobody heard so.
    if (halves[active].file.append(next, entry)) {
      next++;
    }
    settled(ticket);
  }

  /// There are rows for the database to be written soon, many together.
  synchronized void rowsWait() {
    if (!rowsWait) {
      rowsWait = true;
      after(FLUSH_MS, this::writeRows);
    }
  }

  private void writeRows() {
    synchronized (this) {
      rowsWait = false;
    }
    if (!run(flush, "the list of files is written later")) {
      rowsWait();
    }
  }

  private void after(long delayMs, Runnable what) {
    try {
      var _ = thread.schedule(what, delayMs, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.log(Level.DEBUG, "the share is closed: the next start goes on");
    }
  }

  /// Sees to it that the file that is not written any more is free again, once all its entries are
  /// in place. With the monitor held.
  private void freeFull() {
    Half other = halves[1 - active];
    if (!other.free && !checking && other.underWay == 0) {
      checking = true;
      after(0, () -> check(other));
    }
  }

  private void check(Half full) {
    if (!run(checkpoint, "small edits stay in the journal for now")) {
      after(AGAIN_MS, () -> check(full));
      return;
    }
    synchronized (this) {
      full.free = true;
      checking = false;
    }
  }

  private static boolean run(@Nullable Checkpoint what, String otherwise) {
    try {
      if (what != null) {
        what.run();
      }
      return true;
    } catch (IOException e) {
      LOG.log(Level.WARNING, otherwise + ": {0}", e.getMessage());
      return false;
    }
  }

  @Override
  public void close() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(ENDING_MS, TimeUnit.MILLISECONDS)) {
        LOG.log(Level.DEBUG, "the disk is slow: the next start goes on");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (Half half : halves) {
      half.file.close();
    }
  }
}
