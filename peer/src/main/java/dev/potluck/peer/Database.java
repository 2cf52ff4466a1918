package dev.potluck.peer;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/// One SQLite file with one connection: calls are transactions, one after the other, in WAL mode.
final class Database implements AutoCloseable {
  /// Work inside one transaction.
  interface Transaction<T extends @Nullable Object> {
    T run(Connection connection) throws SQLException;
  }

  private final Path file;
  private final Connection connection;

  private Database(Path file, Connection connection) {
    this.file = file;
    this.connection = connection;
  }

  /// One in which what a call wrote is durable when it returns.
  ///
  /// @param schema statements that make the tables if they are missing
  static Database open(Path file, String schema) throws IOException {
    return open(file, schema, "FULL");
  }

  /// One that a power cut can put back by a few transactions, each still whole: for what others
  /// know as well. A process that dies loses nothing.
  static Database openCopy(Path file, String schema) throws IOException {
    return open(file, schema, "NORMAL");
  }

  private static Database open(Path file, String schema, String synchronous) throws IOException {
    try {
      Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
      try (Statement statement = connection.createStatement()) {
        statement.execute("PRAGMA journal_mode=WAL");
        statement.execute("PRAGMA synchronous=" + synchronous);
        statement.execute("PRAGMA cache_size=-4000");
        statement.executeUpdate(schema);
        connection.setAutoCommit(false);
        return new Database(file, connection);
      } catch (SQLException e) {
        connection.close();
        throw e;
      }
    } catch (SQLException e) {
      throw failure(file, e);
    }
  }

  /// Runs a transaction: all of it is kept or none.
  synchronized <T extends @Nullable Object> T call(Transaction<T> transaction) throws IOException {
    try {
      boolean committed = false;
      try {
        T result = transaction.run(connection);
        connection.commit();
        committed = true;
        return result;
      } finally {
        if (!committed) {
          connection.rollback();
        }
      }
    } catch (SQLException e) {
      throw failure(file, e);
    }
  }

  private static IOException failure(Path file, SQLException e) {
    return new IOException("database " + file + ": " + e.getMessage(), e);
  }

  @Override
  public synchronized void close() throws IOException {
    try {
      connection.close();
    } catch (SQLException e) {
      throw failure(file, e);
    }
  }
}
