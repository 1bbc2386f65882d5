package io.flocker.core.store;

import io.flocker.core.failure.FailureException;
import io.flocker.core.id.VolumeId;
import io.flocker.core.replicate.policy.Policy;
import io.flocker.core.replicate.policy.PolicyStore;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
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
  public Map<VolumeId, Policy> volumes() throws FailureException {
    return read("SELECT volume, policy FROM replication_policy", VolumeId::parse);
  }

  @Override
  public Map<String, Policy> namespaces() throws FailureException {
    return read("SELECT namespace, policy FROM replication_default", Function.identity());
  }

  @Override
  public void write(VolumeId volume, Optional<Policy> policy) throws FailureException {
    write(
        "INSERT OR REPLACE INTO replication_policy VALUES (?, ?)",
        "DELETE FROM replication_policy WHERE volume = ?",
        volume.toString(),
        policy);
  }

  @Override
  public void write(String namespace, Optional<Policy> policy) throws FailureException {
    write(
        "INSERT OR REPLACE INTO replication_default VALUES (?, ?)",
        "DELETE FROM replication_default WHERE namespace = ?",
        namespace,
        policy);
  }

  private <K> Map<K, Policy> read(String select, Function<String, K> key) throws FailureException {
    return database.read(statements -> {
      Map<K, Policy> policies = new HashMap<>();
      try (ResultSet row = statements.of(select).executeQuery()) {
        while (row.next()) {
          policies.put(key.apply(row.getString(1)), StoredJson.policy(row.getString(2)));
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
          change.setString(1, key);
          if (policy.isPresent()) {
            change.setString(2, StoredJson.write(policy.get()));
          }
          return change.executeUpdate();
        });
  }
}
