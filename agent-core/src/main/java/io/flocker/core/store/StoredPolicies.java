package io.flocker.core.store;

import io.flocker.core.failure.FailureException;
import io.flocker.core.id.VolumeId;
import io.flocker.core.replicate.policy.OwnPolicy;
import io.flocker.core.replicate.policy.Policy;
import io.flocker.core.replicate.policy.PolicyStore;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The tables {@code replication_policy} and {@code replication_default}. */
public final class StoredPolicies implements PolicyStore {
  private final Database database;

  public StoredPolicies(Database database) {
    this.database = database;
  }

  @Override
  public Map<VolumeId, OwnPolicy> volumes() throws FailureException {
    return read(
        "SELECT volume, policy, wished FROM replication_policy",
        VolumeId::parse,
        row -> new OwnPolicy(StoredJson.policy(row.getString(2)), row.getBoolean(3)));
  }

  @Override
  public Map<String, Policy> namespaces() throws FailureException {
    return read(
        "SELECT namespace, policy FROM replication_default",
        Function.identity(),
        row -> StoredJson.policy(row.getString(2)));
  }

  @Override
  public void write(VolumeId volume, Optional<OwnPolicy> policy) throws FailureException {
    write(
        "INSERT OR REPLACE INTO replication_policy (policy, volume, wished) VALUES (?, ?, %d)"
            .formatted(policy.filter(OwnPolicy::isWished).isPresent() ? 1 : 0),
        "DELETE FROM replication_policy WHERE volume = ?",
        volume.toString(),
        policy.map(OwnPolicy::policy));
  }

  @Override
  public void write(String namespace, Optional<Policy> policy) throws FailureException {
    write(
        "INSERT OR REPLACE INTO replication_default (policy, namespace) VALUES (?, ?)",
        "DELETE FROM replication_default WHERE namespace = ?",
        namespace,
        policy);
  }

  /** The value that a row has. */
  @FunctionalInterface
  private interface Value<P> {
    P of(ResultSet row) throws SQLException;
  }

  private <K, P> Map<K, P> read(String select, Function<String, K> key, Value<P> value)
      throws FailureException {
    return database.read(statements -> {
      Map<K, P> policies = new HashMap<>();
      try (ResultSet row = statements.of(select).executeQuery()) {
        while (row.next()) {
          policies.put(key.apply(row.getString(1)), value.of(row));
        }
      }
      return policies;
    });
  }

  private void write(String insert, String delete, String key, Optional<Policy> policy)
      throws FailureException {
    int _ =
        database.write(statements -> {
          PreparedStatement change = statements.of(policy.isPresent() ? insert : delete);
          int place = 1;
          if (policy.isPresent()) {
            change.setString(place++, StoredJson.write(policy.get()));
          }
          change.setString(place, key);
          return change.executeUpdate();
        });
  }
}
