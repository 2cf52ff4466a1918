package dev.potluck.peer;

import dev.potluck.content.ContentId;
import dev.potluck.content.Name;
import dev.potluck.content.PieceLayer;
import dev.potluck.content.Version;
import dev.potluck.directory.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What is known of the share's files, in SQLite at `.potluck/share.db`: it spares a restart
/// hashing everything again and remembers versions. Each {@link #write} is one transaction, which
/// survives the end of the process; only `durable` ones are sure to survive a power cut.
/// Thread-safe.
final class ScanDatabase implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(ScanDatabase.class.getName());

  private static final String SCHEMA =
      """
      CREATE TABLE IF NOT EXISTS files (
        path TEXT PRIMARY KEY, name TEXT, inode INTEGER, size INTEGER, mtime INTEGER, ctime INTEGER,
        root BLOB, base INTEGER, base_root BLOB, base_size INTEGER, reason TEXT, mode INTEGER,
        racy INTEGER, overlay BLOB, overlaid_size INTEGER,
        attributes_edited INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS layers (
        content TEXT PRIMARY KEY, hashes BLOB);
      CREATE TABLE IF NOT EXISTS intents (
        id INTEGER PRIMARY KEY, batch BLOB);
      CREATE TABLE IF NOT EXISTS trash (
        id TEXT PRIMARY KEY, name TEXT, path TEXT, inode INTEGER, root BLOB, size INTEGER,
        mode INTEGER, since INTEGER) WITHOUT ROWID;
      CREATE INDEX IF NOT EXISTS trash_root ON trash(root);
      CREATE TABLE IF NOT EXISTS aside (
        id TEXT PRIMARY KEY) WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS mounts (
        path TEXT PRIMARY KEY) WITHOUT ROWID;
      """;

  private static final String TRASH =
      "SELECT id, name, path, inode, root, size, mode, since, id IN (SELECT id FROM aside)"
          + " FROM trash";

  private static final int SQLITE_FULL = 13;

  private final Connection connection;

  private final LaterChanges later = new LaterChanges();

  private ScanDatabase(Connection connection) {
    this.connection = connection;
  }

  /// Opens or makes it. One that a power cut or the disk damaged is put beside, and everything is
  /// hashed again.
  static ScanDatabase open(Path file) throws IOException {
    try {
      return opened(file);
    } catch (SQLException e) {
      Path beside = file.resolveSibling(file.getFileName() + ".damaged");
      LOG.log(
          System.Logger.Level.WARNING,
          "the share''s database is damaged ({0}); it is now {1}, and the share is hashed again",
          e.getMessage(),
          beside);
      if (Files.exists(file)) {
        Files.move(file, beside, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      }
      Files.deleteIfExists(file.resolveSibling(file.getFileName() + "-wal"));
      Files.deleteIfExists(file.resolveSibling(file.getFileName() + "-shm"));
      try {
        return opened(file);
      } catch (SQLException again) {
        throw new IOException("can't use " + file + ": " + again.getMessage(), again);
      }
    }
  }

  private static ScanDatabase opened(Path file) throws SQLException {
    // As a URI, since "?" in a plain path would start SQLite's parameters.
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file.toUri());
    boolean usable = false;
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode=WAL");
      statement.execute("PRAGMA synchronous=NORMAL");
      statement.execute("PRAGMA cache_size=-4096");
      statement.execute("PRAGMA locking_mode=EXCLUSIVE");
      statement.executeUpdate(SCHEMA);
      addColumns(statement);
      try (ResultSet check = statement.executeQuery("PRAGMA quick_check(1)")) {
        if (!check.next() || !"ok".equals(check.getString(1))) {
          throw new SQLException("its check failed");
        }
      }
      connection.setAutoCommit(false);
      usable = true;
      return new ScanDatabase(connection);
    } finally {
      if (!usable) {
        connection.close();
      }
    }
  }

  /// What a database of before lacks.
  private static void addColumns(Statement statement) throws SQLException {
    addColumn(statement, "overlay", "BLOB");
    addColumn(statement, "overlaid_size", "INTEGER");
    addColumn(statement, "attributes_edited", "INTEGER NOT NULL DEFAULT 0");
  }

  private static void addColumn(Statement statement, String name, String type) throws SQLException {
    String there = "SELECT 1 FROM pragma_table_info('files') WHERE name = '" + name + "'";
    boolean has;
    try (ResultSet row = statement.executeQuery(there)) {
      has = row.next();
    }
    if (!has) {
      statement.executeUpdate("ALTER TABLE files ADD COLUMN " + name + " " + type);
    }
  }

  synchronized List<FileRecord> files() throws IOException {
    flush();
    return query(
        "SELECT path, name, inode, size, mtime, ctime, root, base, base_root, base_size, reason,"
            + " mode, racy, overlay, overlaid_size, attributes_edited FROM files",
        ScanDatabase::file);
  }

  synchronized List<Intent> intents() throws IOException {
    List<Intent> intents = new ArrayList<>();
    for (byte[] batch : query("SELECT batch FROM intents ORDER BY id", row -> row.getBytes(1))) {
      intents.addAll(IntentCodec.decoded(batch));
    }
    return intents;
  }

  synchronized List<TrashRecord> trash() throws IOException {
    flush();
    return query(TRASH + " ORDER BY id", ScanDatabase::trashed);
  }

  /// What the trash has of one content.
  synchronized List<TrashRecord> trash(ContentId content) throws IOException {
    flush();
    try (PreparedStatement select =
        connection.prepareStatement(TRASH + " WHERE root = ? AND size = ?")) {
      select.setBytes(1, content.root().bytes());
      select.setLong(2, content.size());
      List<TrashRecord> records = new ArrayList<>();
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          records.add(trashed(row));
        }
      }
      return records;
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  private static TrashRecord trashed(ResultSet row) throws SQLException {
    return new TrashRecord(
        row.getString(1),
        Name.of(row.getString(2)),
        row.getString(3),
        row.getLong(4),
        content(row.getBytes(5), row.getLong(6)),
        row.getInt(7),
        Instant.ofEpochMilli(row.getLong(8)),
        row.getBoolean(9));
  }

  /// Folders of the share on which other file systems were mounted.
  synchronized Set<String> mounts() throws IOException {
    return Set.copyOf(query("SELECT path FROM mounts", row -> row.getString(1)));
  }

  synchronized void mounts(Set<String> paths) throws IOException {
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate("DELETE FROM mounts");
      batch("INSERT INTO mounts VALUES (?)", List.copyOf(paths), (s, p) -> s.setString(1, p));
      connection.commit();
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  /// The piece hashes of a content that was hashed or downloaded here.
  synchronized Optional<PieceLayer> layer(ContentId content) throws IOException {
    if (content.pieces().count() <= 1) {
      return PieceLayer.verified(content, new byte[0]);
    }
    flush();
    try (PreparedStatement select =
        connection.prepareStatement("SELECT hashes FROM layers WHERE content = ?")) {
      select.setString(1, content.toString());
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? PieceLayer.verified(content, row.getBytes(1)) : Optional.empty();
      }
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  /// Has changes written with the next ones, or by {@link #flush}: for what a start after a crash
  /// finds out without them. Only records of files and of the trash.
  void writeLater(DatabaseChanges changes) {
    later.add(changes);
  }

  /// Writes what was to be written later.
  synchronized void flush() throws IOException {
    DatabaseChanges waiting = later.copy();
    if (!waiting.isEmpty()) {
      transact(List.of(waiting), false);
    }
  }

  /// Makes all of the changes or none.
  ///
  /// @param durable whether they, and all before, must survive a power cut once this returns
  synchronized void write(DatabaseChanges changes, boolean durable) throws IOException {
    transact(List.of(later.copy(), changes), durable);
  }

  /// @param all the first is what was to be written later
  private void transact(List<DatabaseChanges> all, boolean durable) throws IOException {
    try {
      if (durable) {
        pragma("synchronous=FULL");
      }
      for (DatabaseChanges changes : all) {
        writeIntents(changes);
        writeFiles(changes);
        dropLayers(changes);
        writeTrash(changes);
      }
      connection.commit();
      later.written(all.getFirst());
      if (durable) {
        pragma("synchronous=NORMAL");
      }
    } catch (SQLException e) {
      try {
        connection.rollback();
      } catch (SQLException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw failure(e);
    }
  }

  private void pragma(String setting) throws SQLException {
    // SQLite ignores a change of "synchronous" within a transaction.
    connection.setAutoCommit(true);
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA " + setting);
    } finally {
      connection.setAutoCommit(false);
    }
  }

  private void writeIntents(DatabaseChanges changes) throws SQLException {
    if (!changes.intents.isEmpty()) {
      try (PreparedStatement insert =
          connection.prepareStatement("INSERT OR REPLACE INTO intents VALUES (?, ?)")) {
        insert.setLong(1, changes.intentId);
        insert.setBytes(2, IntentCodec.encoded(changes.intents));
        insert.executeUpdate();
      }
    } else if (changes.intentId != 0) {
      batch(
          "DELETE FROM intents WHERE id = ?",
          List.of(changes.intentId),
          (s, id) -> s.setLong(1, id));
    }
  }

  private void writeFiles(DatabaseChanges changes) throws SQLException {
    batch("DELETE FROM files WHERE path = ?", changes.removed, (s, path) -> s.setString(1, path));
    batch(
        "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        changes.files,
        ScanDatabase::bind);
    batch(
        "INSERT OR IGNORE INTO layers VALUES (?, ?)",
        changes.layers.stream().filter(l -> l.content().pieces().count() > 1).toList(),
        (s, layer) -> {
          s.setString(1, layer.content().toString());
          s.setBytes(2, layer.bytes());
        });
  }

  /// Forgets piece hashes of what is nowhere any more.
  private void dropLayers(DatabaseChanges changes) throws SQLException {
    batch(
        "DELETE FROM layers WHERE content = ?",
        changes.droppedLayers,
        (s, content) -> s.setString(1, content.toString()));
  }

  private void writeTrash(DatabaseChanges changes) throws SQLException {
    batch("DELETE FROM trash WHERE id = ?", changes.untrashed, (s, id) -> s.setString(1, id));
    batch("DELETE FROM aside WHERE id = ?", changes.untrashed, (s, id) -> s.setString(1, id));
    batch(
        "INSERT OR REPLACE INTO aside VALUES (?)",
        changes.trashed.stream().filter(TrashRecord::aside).toList(),
        (s, t) -> s.setString(1, t.id()));
    batch(
        "INSERT OR REPLACE INTO trash VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        changes.trashed,
        (s, t) -> {
          s.setString(1, t.id());
          s.setString(2, t.name().value());
          s.setString(3, t.path());
          s.setLong(4, t.inode());
          s.setBytes(5, t.content().root().bytes());
          s.setLong(6, t.content().size());
          s.setInt(7, t.mode());
          s.setLong(8, t.since().toEpochMilli());
        });
  }

  synchronized void clearIntents() throws IOException {
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate("DELETE FROM intents");
      connection.commit();
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  /// Forgets piece hashes of contents that no file or trash record names.
  synchronized void dropUnusedLayers(Set<ContentId> used) throws IOException {
    List<String> unused =
        query("SELECT content FROM layers", row -> row.getString(1)).stream()
            .filter(text -> !used.contains(ContentId.parse(text)))
            .toList();
    try {
      batch("DELETE FROM layers WHERE content = ?", unused, (s, c) -> s.setString(1, c));
      connection.commit();
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  @Override
  public synchronized void close() throws IOException {
    try {
      flush();
    } finally {
      closeConnection();
    }
  }

  private void closeConnection() throws IOException {
    try {
      connection.close();
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  private static void bind(PreparedStatement s, FileRecord r) throws SQLException {
    s.setString(1, r.path());
    s.setString(2, r.name().value().equals(r.path()) ? null : r.name().value());
    s.setLong(3, r.identity().inode());
    s.setLong(4, r.identity().size());
    s.setLong(5, r.identity().mtimeNs());
    s.setLong(6, r.identity().ctimeNs());
    s.setBytes(7, r.content().root().bytes());
    s.setLong(8, r.base());
    ContentId base = r.baseContent();
    s.setBytes(9, base == null ? null : base.root().bytes());
    s.setLong(10, base == null ? 0 : base.size());
    s.setString(11, r.reason().name());
    s.setInt(12, FileStat.modeOf(r.kind(), r.mode()));
    s.setInt(13, r.racy() ? 1 : 0);
    Overlay overlay = r.overlay();
    s.setBytes(14, overlay == null ? null : overlay.encoded());
    s.setLong(15, overlay == null ? 0 : r.content().size());
    s.setBoolean(16, r.attributesEdited());
  }

  private static FileRecord file(ResultSet row) throws SQLException {
    String path = row.getString(1);
    String name = row.getString(2);
    FileIdentity identity =
        new FileIdentity(row.getLong(3), row.getLong(4), row.getLong(5), row.getLong(6));
    byte @Nullable [] written = row.getBytes(14);
    Overlay overlay = written == null ? null : Overlay.decoded(written);
    long size = overlay == null ? identity.size() : row.getLong(15);
    ContentId content = content(row.getBytes(7), size);
    byte @Nullable [] baseRoot = row.getBytes(9);
    ContentId base = baseRoot == null ? null : content(baseRoot, row.getLong(10));
    int statMode = row.getInt(12);
    return new FileRecord(
        path,
        Name.of(name == null ? path : name),
        new FileRecord.OnDisk(identity, statMode & Version.MODE_MASK, row.getInt(13) != 0, overlay),
        new FileRecord.Standing(
            FileStat.kindOf(statMode),
            content,
            row.getLong(8),
            content.equals(base) ? content : base,
            Reason.valueOf(row.getString(11)),
            row.getBoolean(16)));
  }

  private static ContentId content(byte[] root, long size) {
    return new ContentId(dev.potluck.content.Root.of(root), size);
  }

  private <T> List<T> query(String sql, RowReader<T> reader) throws IOException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<T> result = new ArrayList<>();
      while (rows.next()) {
        result.add(reader.read(rows));
      }
      return result;
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  private <T> void batch(String sql, List<T> rows, Binder<T> binder) throws SQLException {
    if (rows.isEmpty()) {
      return;
    }
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (T row : rows) {
        binder.bind(statement, row);
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }

  private static IOException failure(SQLException e) {
    if (e.getErrorCode() == SQLITE_FULL) {
      return new Errno.NoSpaceException("the share's database");
    }
    return new IOException("the share's database: " + e.getMessage(), e);
  }

  @FunctionalInterface
  private interface RowReader<T> {
    T read(ResultSet row) throws SQLException;
  }

  @FunctionalInterface
  private interface Binder<T> {
    void bind(PreparedStatement statement, T row) throws SQLException;
  }
}
