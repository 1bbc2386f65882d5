package io.flocker.core.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flocker.core.failure.FailureException;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Databases of each older version, with a row in every table that it had. */
class MigrationsTest {
  @TempDir private Path folder;

  static IntStream older() throws IOException {
    return IntStream.range(1, Migrations.load().steps().size());
  }

  @ParameterizedTest(name = "141 from version {0}")
  @MethodSource("older")
  @DisplayName("141 a database of each older version is brought forward with all that it holds")
  void eachOlderVersionKeepsWhatItHolds(int version) throws Exception {
    Migrations then = new Migrations(Migrations.load().steps().subList(0, version));
    Map<String, Map<String, String>> before;
    try (Database database = Database.open(folder, then)) {
      for (String table : tables(database)) {
        fill(database, table);
      }
      before = rows(database);
    }

    Map<String, Map<String, String>> after;
    try (Database database = Database.open(folder)) {
      after = rows(database);
    }

    before.forEach((table, values) ->
        values.forEach((column, value) ->
            assertEquals(value, row(after, table).get(column), table + "." + column)));
    before.keySet().forEach(after::remove);
    after.forEach((table, values) -> assertEquals(Map.of(), values, table));
  }

  private static Map<String, String> row(Map<String, Map<String, String>> rows, String table) {
    return rows.getOrDefault(table, Map.of());
  }

  /** In the order in which they were made: those that others refer to come first. */
  private static List<String> tables(Database database) throws FailureException {
    return column(
        database,
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            + " ORDER BY rowid");
  }

  private static void fill(Database database, String table) throws FailureException {
    List<String> types =
        column(database, "SELECT type FROM pragma_table_info('" + table + "') ORDER BY cid");
    String values =
        types.stream()
            .map(type -> type.equals("INTEGER") ? "1" : type.equals("BLOB") ? "x'01'" : "'text'")
            .collect(Collectors.joining(", "));
    int _ =
        database.write(statements ->
            statements.of("INSERT INTO " + table + " VALUES (" + values + ")").executeUpdate());
  }

  /** For each table the values of its row by their columns; none where it is empty. */
  private static Map<String, Map<String, String>> rows(Database database) throws FailureException {
    Map<String, Map<String, String>> rows = new LinkedHashMap<>();
    for (String table : tables(database)) {
      rows.put(table, row(database, table));
    }
    return rows;
  }

  private static Map<String, String> row(Database database, String table) throws FailureException {
    return database.read(statements -> {
      Map<String, String> values = new LinkedHashMap<>();
      try (ResultSet row = statements.of("SELECT * FROM " + table).executeQuery()) {
        if (row.next()) {
          for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
            values.put(row.getMetaData().getColumnName(i), String.valueOf(row.getString(i)));
          }
        }
      }
      return values;
    });
  }

  private static List<String> column(Database database, String query) throws FailureException {
    return database.read(statements -> {
      List<String> found = new ArrayList<>();
      try (ResultSet row = statements.of(query).executeQuery()) {
        while (row.next()) {
          found.add(String.valueOf(row.getString(1)));
        }
      }
      return found;
    });
  }
}
