package io.flocker.core.store;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteConfig;

@Timeout(300)
class DatabaseTest {
  private static final int MANY = 500;
  private static final long MEBIBYTES = 256;

  @TempDir private Path folder;

  @Test
  void aNewOneHasTheTablesThatAreWrittenDown() throws Exception {
    try (Database database = Database.open(folder)) {
      assertEquals(golden(), schema(database));
    }
  }

  @Test
  void whatIsWrittenWithUnusualCareIsSetSo() throws Exception {
    try (Database database = Database.open(folder)) {
      assertEquals("wal", database.write(statements -> pragma(statements, "journal_mode")));
      assertEquals("2", database.write(statements -> pragma(statements, "synchronous")));
      assertEquals("1", database.write(statements -> pragma(statements, "foreign_keys")));
    }
  }

  @Test
  void whatManyWriteAtOnceIsAllThere() throws Exception {
    try (Database database = Database.open(folder);
        ExecutorService many = Executors.newVirtualThreadPerTaskExecutor()) {
      run(database, "CREATE TABLE t (n INTEGER PRIMARY KEY)");
      List<Future<?>> writes = new ArrayList<>();
      for (int i = 0; i < MANY; i++) {
        int number = i;
        writes.add(
            many.submit(() -> {
              run(database, "INSERT INTO t VALUES (" + number + ")");
              assertEquals("1", one(database, "SELECT count(*) FROM t WHERE n = " + number));
              return true;
            }));
      }
      for (Future<?> write : writes) {
        write.get();
      }
      assertEquals(Integer.toString(MANY), one(database, "SELECT count(*) FROM t"));
    }
  }

  @Test
  void whatIsCommittedComesIntoTheFileWithoutAnyMoreCommits() throws Exception {
    try (Database database = Database.open(folder)) {
      run(database, "CREATE TABLE t (text TEXT)");
      run(database, "INSERT INTO t VALUES ('a word that stands nowhere else')");
      while (!Files.readString(folder.resolve(Database.FILE), ISO_8859_1)
          .contains("a word that stands nowhere else")) {
        Thread.onSpinWait(); // Nobody is told: a checkpoint changes nothing that is read.
      }
    }
  }

  @Test
  void theLogDoesNotGrowWithWhatIsWritten() throws Exception {
    try (Database database = Database.open(folder)) {
      run(database, "CREATE TABLE t (filling BLOB)");
      long longest = 0;
      for (int i = 0; i < MEBIBYTES; i++) {
        run(database, "INSERT INTO t VALUES (zeroblob(1048576))");
        longest = Math.max(longest, Files.size(folder.resolve(Database.FILE + "-wal")));
      }
      assertTrue(longest < (MEBIBYTES << 20) / 2, longest + " bytes");
    }
  }

  @Test
  void oneThatFailsTakesNoOtherDown() throws Exception {
    try (Database database = Database.open(folder);
        ExecutorService many = Executors.newVirtualThreadPerTaskExecutor()) {
      run(database, "CREATE TABLE t (n INTEGER PRIMARY KEY)");
      CountDownLatch gate = new CountDownLatch(1);
      Future<?> busy =
          many.submit(() ->
              database.write(_ -> {
                awaitUninterruptibly(gate);
                return true;
              }));
      List<Future<Boolean>> writes = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        writes.add(
            many.submit(() -> {
              run(database, "INSERT INTO t VALUES (1)");
              return true;
            }));
      }
      gate.countDown();
      busy.get();
      int failed = 0;
      for (Future<Boolean> write : writes) {
        failed += write.state() == Future.State.FAILED || fails(write) ? 1 : 0;
      }
      assertEquals(9, failed);
      assertEquals("1", one(database, "SELECT count(*) FROM t"));
    }
  }

  @Test
  void goesOnOnceThereIsRoomAgainInAFullFile() throws Exception {
    try (Database database = Database.open(folder)) {
      run(database, "CREATE TABLE t (filling BLOB)");
      String insert = "INSERT INTO t VALUES (zeroblob(100000))";
      long pages = Long.parseLong(one(database, "PRAGMA page_count"));
      limit(database, pages + 1);
      for (int i = 0; i < 3; i++) {
        FailureException full = assertThrows(FailureException.class, () -> run(database, insert));
        assertEquals(RequestFailure.STATE_UNAVAILABLE, full.failure());
        assertTrue(full.detail().contains("disk is full"), full.detail());
      }
      assertEquals("0", one(database, "SELECT count(*) FROM t"));

      limit(database, Integer.MAX_VALUE);
      run(database, insert);

      assertEquals("1", one(database, "SELECT count(*) FROM t"));
    }
  }

  @Test
  void nobodyElseMayReadIt() throws Exception {
    for (String name : List.of(Database.FILE, "flockerd.lock")) {
      Path file = Files.createFile(folder.resolve(name));
      var _ = Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    }
    try (Database database = Database.open(folder)) {
      run(database, "CREATE TABLE t (n INTEGER)");
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
          boolean isLibrary = file.startsWith(folder.resolve("native"));
          assertTrue(isLibrary || mode.equals("rw-------"), file + " " + mode);
        }
      }
      assertEquals(
          "rwx------",
          PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("native"))));
    }
  }

  @Test
  @DisplayName("141 an older database is brought forward, and a newer one refused")
  void anOlderOneIsBroughtForwardAndANewerOneRefused() throws Exception {
    Migrations first = new Migrations(List.of("CREATE TABLE a (n INTEGER)"));
    Migrations second =
        new Migrations(List.of(first.steps().getFirst(), "ALTER TABLE a ADD COLUMN m INTEGER"));
    try (Database database = Database.open(folder, first)) {
      run(database, "INSERT INTO a VALUES (7)");
    }
    try (Database database = Database.open(folder, second)) {
      assertEquals("7", one(database, "SELECT n FROM a WHERE m IS NULL"));
    }
    byte[] before = Files.readAllBytes(folder.resolve(Database.FILE));

    String refusal = refusal(() -> Database.open(folder, first).close());

    assertTrue(refusal.contains("version 2"), refusal);
    assertArrayEquals(before, Files.readAllBytes(folder.resolve(Database.FILE)));
  }

  @Test
  void aStepThatFailsLeavesTheVersionBefore() throws Exception {
    Migrations good = new Migrations(List.of("CREATE TABLE a (n INTEGER)"));
    Database.open(folder, good).close();
    Migrations bad =
        new Migrations(
            List.of(good.steps().getFirst(), "CREATE TABLE b (n INTEGER); CREATE TABLE a (n)"));

    assertThrows(IOException.class, () -> Database.open(folder, bad).close());

    try (Database database = Database.open(folder, good)) {
      assertEquals("0", one(database, "SELECT count(*) FROM sqlite_schema WHERE name = 'b'"));
    }
  }

  @Test
  void aDamagedOneIsNamedAndLeftAlone() throws Exception {
    Path file = folder.resolve(Database.FILE);
    Files.writeString(file, "this is no database, and it is longer than a header of SQLite is\n");

    String refusal = refusal(() -> Database.open(folder).close());

    assertTrue(refusal.startsWith(file.toString()), refusal);
    assertTrue(refusal.contains("move it"), refusal);
    assertTrue(Files.readString(file).startsWith("this is no database"));
  }

  @Test
  void oneOfAnotherProgramIsRefused() throws Exception {
    Migrations other = new Migrations(List.of("PRAGMA application_id = 7"));
    Path file = folder.resolve(Database.FILE);
    try (Connection connection = new SQLiteConfig().createConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.executeUpdate("CREATE TABLE theirs (n INTEGER)");
    }

    String refusal = refusal(() -> Database.open(folder, other).close());

    assertTrue(refusal.contains("another program"), refusal);
  }

  @Test
  void aSecondDaemonIsRefused() throws Exception {
    try (Database _ = Database.open(folder)) {
      String refusal = refusal(() -> Database.open(folder).close());
      assertTrue(refusal.contains("another flockerd"), refusal);
    }
    Database.open(folder).close();
  }

  @Test
  void oneThatIsSlowAnswersWhoIsPatient() throws Exception {
    try (Database database = Database.open(folder);
        ExecutorService many = Executors.newVirtualThreadPerTaskExecutor()) {
      CountDownLatch isBusy = new CountDownLatch(1);
      CountDownLatch gate = new CountDownLatch(1);
      Future<?> slow =
          many.submit(() ->
              database.write(_ -> {
                isBusy.countDown();
                awaitUninterruptibly(gate);
                return true;
              }));
      isBusy.await();
      assertFalse(database.answers(Duration.ofMillis(1)));
      Future<Boolean> patient = many.submit(() -> database.answers(Duration.ofMinutes(1)));
      gate.countDown();
      slow.get();
      assertTrue(patient.get());
    }
  }

  @Test
  void aClosedOneSaysSo() throws Exception {
    Database database = Database.open(folder);
    assertTrue(database.answers(Duration.ofMinutes(1)));
    database.close();
    assertFalse(database.answers(Duration.ofMinutes(1)));
    FailureException failure =
        assertThrows(FailureException.class, () -> one(database, "SELECT 1"));
    assertEquals(RequestFailure.STATE_UNAVAILABLE, failure.failure());
  }

  private static String refusal(Executable opening) {
    return String.valueOf(assertThrows(IOException.class, opening).getMessage());
  }

  private static boolean fails(Future<?> write) throws InterruptedException {
    try {
      var _ = write.get();
      return false;
    } catch (ExecutionException _) {
      return true;
    }
  }

  private static void awaitUninterruptibly(CountDownLatch gate) {
    try {
      gate.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void run(Database database, String statement) throws FailureException {
    int _ = database.write(statements -> statements.of(statement).executeUpdate());
  }

  private static void limit(Database database, long pages) throws FailureException {
    String _ = database.write(statements -> pragma(statements, "max_page_count = " + pages));
  }

  private static String one(Database database, String query) throws FailureException {
    return database.read(statements -> {
      try (ResultSet row = statements.of(query).executeQuery()) {
        return row.next() ? String.valueOf(row.getString(1)) : "";
      }
    });
  }

  private static String pragma(Statements statements, String name) throws SQLException {
    try (ResultSet row = statements.of("PRAGMA " + name).executeQuery()) {
      return String.valueOf(row.getString(1));
    }
  }

  private static String schema(Database database) throws FailureException {
    return database.read(statements -> {
      StringBuilder text = new StringBuilder();
      text.append("version ").append(pragma(statements, "user_version")).append('\n');
      text.append("application ").append(pragma(statements, "application_id")).append('\n');
      try (ResultSet row =
          statements
              .of("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name")
              .executeQuery()) {
        while (row.next()) {
          text.append(row.getString(1)).append('\n');
        }
      }
      return text.toString();
    });
  }

  private static String golden() throws IOException {
    try (InputStream file = DatabaseTest.class.getResourceAsStream("schema.txt")) {
      return new String(Objects.requireNonNull(file).readAllBytes(), UTF_8);
    }
  }
}
