package dev.potluck.peer;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/// One SQLite file with one connection: calls are transactions, one after the other. In WAL mode;
/// what a call wrote is durable when it returns.
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

  /// @param schema statements that make the tables if they are missing
  static Database open(Path file, String schema) throws IOException {
    try {
      Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
      try (Statement statement = connection.createStatement()) {
        statement.execute("PRAGMA journal_mode=WAL");
        statement.execute("PRAGMA synchronous=FULL");
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
