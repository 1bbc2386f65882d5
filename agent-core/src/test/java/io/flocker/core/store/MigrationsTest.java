package io.flocker.core.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.deploy.Deployment;
import io.flocker.core.failure.FailureException;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.identity.Principal;
import io.flocker.core.operation.OperationStore.Kept;
import io.flocker.core.replicate.Copy;
import io.flocker.core.replicate.CopyRecord;
import io.flocker.core.replicate.policy.Policy;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Databases of each older version, with a row in every table that it had. */
class MigrationsTest {
  private static final NodeId NODE = NodeId.parse("22222222-2222-4222-8222-222222222222");
  private static final VolumeId VOLUME = VolumeId.parse("11111111-1111-4111-8111-111111111111");
  private static final UUID OPERATION = UUID.fromString("33333333-3333-4333-8333-333333333333");
  private static final Policy POLICY = Policy.to(List.of(NODE));
  private static final String TIME = "1774353600000";

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
      assertReadable(database, before.keySet());
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
    String values =
        column(database, "SELECT name FROM pragma_table_info('" + table + "') ORDER BY cid")
            .stream()
            .map(column -> value(table, column))
            .collect(Collectors.joining(", "));
    int _ =
        database.write(statements ->
            statements.of("INSERT INTO " + table + " VALUES (" + values + ")").executeUpdate());
  }

  /**
   * As a daemon writes it: what a migration makes of it, and who reads it later, may depend on it.
   */
  private static String value(String table, String column) {
    return switch (column) {
      case "volume" -> text(VOLUME);
      case "peer", "giver", "taker" -> text(NODE);
      case "operation", "id" -> text(OPERATION);
      case "owner", "caller" -> text(new Principal.Node(NODE).name());
      case "state" -> text(table.equals("operation") ? "succeeded" : "current");
      case "kind" -> text("push");
      case "phase" -> text("done");
      case "setback" -> text("LINK");
      case "guid", "verified_guid", "final_snapshot" -> text("00c0ffee00c0ffee");
      case "snapshot", "verified_snapshot" -> text("flocker-1");
      case "input", "result", "problem", "headers", "drift" -> text("{}");
      case "policy" -> text(StoredJson.write(POLICY));
      case "deployment" -> text(StoredJson.write(Deployment.EMPTY));
      case "namespace" -> text("default");
      case "folder" -> text("/flocker/default.db");
      case "signer", "fingerprint" -> text("ab".repeat(32));
      case "certificate" -> text("-----BEGIN CERTIFICATE-----");
      case "container" -> text("c0ffee".repeat(10));
      case "record", "tag", "route", "key", "target", "signature", "value" -> text("a " + column);
      case "body" -> "x'01'";
      case "number", "generation", "epoch", "attempts", "tries", "mounted", "wished" -> "1";
      case "status" -> "202";
      case "bytes", "total_bytes", "bytes_per_second" -> "1048576";
      case "accepted", "at", "ended", "claimed", "told", "started", "finished" -> TIME;
      case "changed", "taken", "proven", "failed", "next_try", "verified", "destroyed" -> TIME;
      default -> throw new AssertionError("what does a daemon write to " + table + "." + column);
    };
  }

  private static String text(Object value) {
    return "'" + value + "'";
  }

  /** By those who read it in a daemon. */
  private static void assertReadable(Database database, Set<String> filled)
      throws FailureException {
    if (filled.contains("operation")) {
      Kept operation = new StoredOperations(database).find(OPERATION).orElseThrow();
      assertEquals(Optional.of(VOLUME), operation.view().volume());
    }
    if (filled.contains("replication_policy")) {
      assertEquals(
          POLICY,
          Objects.requireNonNull(new StoredPolicies(database).volumes().get(VOLUME)).policy());
      assertEquals(POLICY, new StoredPolicies(database).namespaces().get("default"));
    }
    if (filled.contains("replication")) {
      CopyRecord copy = new StoredReplication(database).list().getFirst();
      assertEquals(new Copy(VOLUME, NODE), copy.copy());
      assertTrue(copy.last().isPresent() && copy.setback().isPresent(), copy::toString);
    }
    if (filled.contains("configuration")) {
      assertEquals(Deployment.EMPTY, new StoredConfiguration(database).read().deployment());
    }
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
