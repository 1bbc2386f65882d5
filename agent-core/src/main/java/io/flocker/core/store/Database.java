package io.flocker.core.store;

import io.flocker.core.failure.FailureException;
import io.flocker.core.state.DurableFile;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;

/**
 * The SQLite file {@value #FILE} of a state folder, from {@link #open} to {@link #close}. Any
 * thread may call, and waits for a thread of the database's own; see FORMATS.md for the tables.
 */
public final class Database implements AutoCloseable {
  /** The file's name. */
  public static final String FILE = "flockerd.db";

  /** Where SQLite's library is unpacked to if the programs lack it: /tmp may be without exec. */
  private static final String LIBRARY = "native";

  private static final Duration DEADLINE = Duration.ofSeconds(10);
  private static final int BUSY_MS = 5_000;
  private static final int LOG_BYTES = 16 * 1024 * 1024;

  /** Pages of 4 KiB in the log, from which on a commit waits until they are in the file as well. */
  private static final int MOST_PAGES = 8_192;

  private final FolderLock lock;
  private final Checkpoints checkpoints;
  private final Lane writer;
  private final Lane reader;

  private Database(FolderLock lock, Checkpoints checkpoints, Lane writer, Lane reader) {
    this.lock = lock;
    this.checkpoints = checkpoints;
    this.writer = writer;
    this.reader = reader;
  }

  /** Whether the node's state folder has none, as before its first start. */
  public static boolean isMissing(Path folder) {
    return Files.notExists(folder.resolve(FILE));
  }

  /**
   * Opens it, makes it where it is missing, brings it to this version where it is older. A file
   * that cannot be used is left as it is: what it holds is for people to decide about.
   *
   * @param folder the node's state folder, which exists
   * @throws IOException naming the file and what is wrong with it
   */
  public static Database open(Path folder) throws IOException {
    return open(folder, Migrations.load());
  }

  static Database open(Path folder, Migrations migrations) throws IOException {
    FolderLock lock = FolderLock.take(folder);
    try {
      unpackInto(folder.resolve(LIBRARY));
      Path file = folder.resolve(FILE);
      DurableFile.keepPrivate(file); // What SQLite makes beside it has the same mode.
      Connection writing = migrated(file, migrations);
      try {
        return over(lock, file, writing);
      } catch (SQLException e) {
        writing.close();
        throw e;
      }
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    } catch (SQLException e) {
      lock.close();
      throw refusal(folder.resolve(FILE), e);
    }
  }

  /** Does {@code work} and returns once it is on disk, alone or with what others have written. */
  <T extends @Nullable Object> T write(Work<T> work) throws FailureException {
    T result = writer.call(work);
    checkpoints.plan();
    return result;
  }

  /** Does {@code work}, which changes nothing; it sees all that was written before. */
  <T extends @Nullable Object> T read(Work<T> work) throws FailureException {
    return reader.call(work);
  }

  /**
   * Whether it can be read and written to, as far as that shows without writing. Blocks.
   *
   * @param patience how long it may take, for what waits before it too: once to write, and once
   *     more to read
   */
  public boolean answers(Duration patience) {
    try {
      int written = writer.call(Database::version, patience);
      return reader.call(Database::version, patience) == written;
    } catch (FailureException _) {
      return false;
    }
  }

  private static int version(Statements statements) throws SQLException {
    try (ResultSet row = statements.of("PRAGMA user_version").executeQuery()) {
      return row.getInt(1);
    }
  }

  /** Ends what is being done and closes the file. Idempotent. */
  @Override
  public void close() throws IOException {
    reader.close();
    writer.close();
    checkpoints.close();
    lock.close();
  }

  private static Database over(FolderLock lock, Path file, Connection writing) throws SQLException {
    Connection reading = connect(file);
    try {
      return new Database(
          lock,
          new Checkpoints(connect(file)),
          new Lane("store-writer", writing, DEADLINE),
          new Lane("store-reader", reading, DEADLINE));
    } catch (SQLException e) {
      reading.close();
      throw e;
    }
  }

  private static Connection migrated(Path file, Migrations migrations)
      throws SQLException, IOException {
    Connection connection = connect(file);
    try {
      requireWhole(connection);
      migrations.apply(connection);
      connection.rollback();
      return connection;
    } catch (IOException e) {
      connection.close();
      throw new IOException(file + " " + e.getMessage(), e);
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  private static Connection connect(Path file) throws SQLException {
    SQLiteConfig configuration = new SQLiteConfig();
    configuration.setJournalMode(JournalMode.WAL);
    configuration.setSynchronous(SynchronousMode.FULL);
    configuration.enforceForeignKeys(true);
    configuration.setBusyTimeout(BUSY_MS);
    configuration.setJournalSizeLimit(LOG_BYTES);
    configuration.setGetGeneratedKeys(false);
    Connection connection = configuration.createConnection("jdbc:sqlite:" + file);
    try (Statement statement = connection.createStatement()) {
      var _ = statement.execute("PRAGMA wal_autocheckpoint = " + MOST_PAGES);
    }
    connection.setAutoCommit(false);
    return connection;
  }

  private static void requireWhole(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("PRAGMA quick_check(1)")) {
      if (!row.getString(1).equals("ok")) {
        throw new SQLException("it is damaged: " + row.getString(1));
      }
    }
  }

  /** What a killed daemon has left there is removed; the lock is ours. */
  private static void unpackInto(Path folder) throws IOException {
    DurableFile.createFolder(folder);
    try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, "sqlite-*")) {
      for (Path file : left) {
        Files.delete(file);
      }
    }
    System.setProperty("org.sqlite.tmpdir", folder.toString());
  }

  private static IOException refusal(Path file, SQLException cause) {
    return new IOException(
        file
            + " cannot be used: "
            + cause.getMessage()
            + "; make it readable and writable, or restore it, or move it and its -wal and -shm"
            + " away: then all that it remembers is forgotten, past operations, idempotency keys"
            + " and which containers ended by themselves among it",
        cause);
  }
}
