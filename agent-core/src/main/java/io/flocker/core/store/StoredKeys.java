package io.flocker.core.store;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.idempotency.KeptAnswer;
import io.flocker.core.idempotency.KeyClaim;
import io.flocker.core.idempotency.KeyScope;
import io.flocker.core.idempotency.KeyStore;
import io.flocker.core.operation.OperationView;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The table {@code idempotency_key}. */
public final class StoredKeys implements KeyStore {
  private static final String SCOPE = " WHERE caller = ? AND route = ? AND key = ?";

  private static final String CLAIM =
      "INSERT INTO idempotency_key (caller, route, key, fingerprint, claimed, operation)"
          + " VALUES (?, ?, ?, ?, ?, ?)"
          + " ON CONFLICT (caller, route, key) DO UPDATE SET operation = excluded.operation";

  private final Database database;

  /** How many are kept, about: those that came with an operation are counted at each pruning. */
  private final AtomicLong kept = new AtomicLong();

  public StoredKeys(Database database) throws FailureException {
    this.database = database;
    kept.set(count());
  }

  @Override
  public Optional<Kept> find(KeyScope scope) throws FailureException {
    return database.read(statements -> {
      PreparedStatement select =
          statements.of(
              "SELECT fingerprint, operation, status, headers, body FROM idempotency_key" + SCOPE);
      setScope(select, 1, scope);
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? Optional.of(kept(row)) : Optional.empty();
      }
    });
  }

  @Override
  public void requireRoom() throws FailureException {
    if (kept.get() >= MOST_KEYS) {
      throw RequestFailure.TOO_MANY_REQUESTS.because(
          "as many idempotency keys are kept as may be, "
              + MOST_KEYS
              + ", each for "
              + KEPT.toHours()
              + " hours; ask without one");
    }
  }

  @Override
  public void claim(KeyClaim claim, Instant now) throws FailureException {
    var _ = database.write(statements -> upsert(statements, claim, now, null));
    kept.incrementAndGet();
  }

  @Override
  public void answer(KeyScope scope, KeptAnswer answer) throws FailureException {
    var _ =
        database.write(statements -> {
          PreparedStatement update =
              statements.of("UPDATE idempotency_key SET status = ?, headers = ?, body = ?" + SCOPE);
          update.setInt(1, answer.status());
          update.setString(2, StoredJson.write(answer.headers()));
          update.setBytes(3, answer.body());
          setScope(update, 4, scope);
          return update.executeUpdate();
        });
  }

  @Override
  public void release(KeyScope scope) throws FailureException {
    int released =
        database.write(statements -> {
          PreparedStatement delete = statements.of("DELETE FROM idempotency_key" + SCOPE);
          setScope(delete, 1, scope);
          return delete.executeUpdate();
        });
    kept.addAndGet(-released);
  }

  @Override
  public void prune(Instant oldest) throws FailureException {
    var _ =
        database.write(statements -> {
          PreparedStatement delete =
              statements.of(
                  "DELETE FROM idempotency_key WHERE (caller, route, key) IN (SELECT caller,"
                      + " route, key FROM idempotency_key WHERE claimed < ? LIMIT 1000)");
          delete.setLong(1, oldest.toEpochMilli());
          return delete.executeUpdate();
        });
    kept.set(count());
  }

  /** Lets a key stand for an operation, within the transaction that keeps the operation. */
  static void stand(Statements statements, KeyClaim claim, OperationView operation)
      throws SQLException {
    int _ = upsert(statements, claim, operation.started(), operation.id());
  }

  private static int upsert(
      Statements statements, KeyClaim claim, Instant now, @Nullable UUID operation)
      throws SQLException {
    PreparedStatement insert = statements.of(CLAIM);
    setScope(insert, 1, claim.scope());
    insert.setString(4, claim.fingerprint());
    insert.setLong(5, now.toEpochMilli());
    insert.setString(6, operation == null ? null : operation.toString());
    return insert.executeUpdate();
  }

  private long count() throws FailureException {
    return database.read(statements -> {
      try (ResultSet row = statements.of("SELECT count(*) FROM idempotency_key").executeQuery()) {
        return row.getLong(1);
      }
    });
  }

  private static Kept kept(ResultSet row) throws SQLException {
    int status = row.getInt("status");
    boolean isAnswered = !row.wasNull();
    return new Kept(
        row.getString("fingerprint"),
        Optional.ofNullable(row.getString("operation")).map(UUID::fromString),
        isAnswered
            ? Optional.of(
                new KeptAnswer(
                    status,
                    StoredJson.texts(row.getString("headers")),
                    Objects.requireNonNullElse(row.getBytes("body"), new byte[0])))
            : Optional.empty());
  }

  private static void setScope(PreparedStatement statement, int first, KeyScope scope)
      throws SQLException {
    statement.setString(first, scope.caller());
    statement.setString(first + 1, scope.route());
    statement.setString(first + 2, scope.key());
  }
}
