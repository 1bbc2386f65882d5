package io.flocker.core.store;

import io.flocker.core.failure.FailureException;
import io.flocker.core.id.VolumeId;
import io.flocker.core.idempotency.KeyClaim;
import io.flocker.core.identity.Principal;
import io.flocker.core.operation.OperationQuery;
import io.flocker.core.operation.OperationState;
import io.flocker.core.operation.OperationStore;
import io.flocker.core.operation.OperationView;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The table {@code operation}. */
public final class StoredOperations implements OperationStore {
  private static final String SELECT =
      "SELECT id, owner, kind, volume, input, attempts, state, started, finished, phase, bytes,"
          + " total_bytes, bytes_per_second, result, problem FROM operation ";

  private static final String INSERT =
      "INSERT INTO operation (id, owner, kind, volume, input, attempts, state, started, phase,"
          + " bytes, bytes_per_second) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0)";

  private static final String END =
      "UPDATE operation SET state = ?, finished = ?, phase = ?, bytes = ?, total_bytes = ?,"
          + " bytes_per_second = ?, result = ?, problem = ? WHERE id = ?";

  /** What ended before the last so many, and what ended long ago; never what a key stands for. */
  private static final String PRUNE =
      "DELETE FROM operation WHERE number IN (SELECT number FROM operation WHERE finished IS NOT"
          + " NULL AND (finished < ? OR number <= (SELECT number FROM operation WHERE finished IS"
          + " NOT NULL ORDER BY number DESC LIMIT 1 OFFSET ?)) AND NOT EXISTS (SELECT 1 FROM"
          + " idempotency_key WHERE operation = operation.id) ORDER BY number LIMIT 1000)";

  private final Database database;

  public StoredOperations(Database database) {
    this.database = database;
  }

  @Override
  public void add(Kept operation, Optional<KeyClaim> claim) throws FailureException {
    var _ =
        database.write(statements -> {
          insert(statements, operation);
          if (claim.isPresent()) {
            StoredKeys.stand(statements, claim.get(), operation.view());
          }
          return null;
        });
  }

  @Override
  public void begin(UUID id, int attempts) throws FailureException {
    var _ =
        database.write(statements -> {
          PreparedStatement update =
              statements.of("UPDATE operation SET state = ?, attempts = ? WHERE id = ?");
          update.setString(1, OperationState.RUNNING.toString());
          update.setInt(2, attempts);
          update.setString(3, id.toString());
          return update.executeUpdate();
        });
  }

  @Override
  public void end(OperationView operation) throws FailureException {
    var _ =
        database.write(statements -> {
          PreparedStatement update = statements.of(END);
          update.setString(1, operation.state().toString());
          update.setLong(2, operation.finished().orElseThrow().toEpochMilli());
          update.setString(3, operation.phase());
          update.setLong(4, operation.bytes());
          set(update, 5, operation.totalBytes());
          update.setLong(6, operation.bytesPerSecond());
          update.setString(7, json(operation.result()));
          update.setString(8, json(operation.problem()));
          update.setString(9, operation.id().toString());
          return update.executeUpdate();
        });
  }

  @Override
  public Optional<Kept> find(UUID id) throws FailureException {
    return database
        .read(statements -> {
          PreparedStatement select = statements.of(SELECT + "WHERE id = ?");
          select.setString(1, id.toString());
          return rows(select);
        })
        .stream()
        .findFirst();
  }

  @Override
  public List<Kept> list(OperationQuery query) throws FailureException {
    List<Object> values = new ArrayList<>(List.of(query.reader().principal().name()));
    StringBuilder where = new StringBuilder("WHERE (owner = ?");
    query.reader().kinds().forEach(kind -> narrow(where, " OR kind = ?", values, kind));
    where.append(')');
    query.state().ifPresent(state -> narrow(where, " AND state = ?", values, state));
    query.kind().ifPresent(kind -> narrow(where, " AND kind = ?", values, kind));
    query.volume().ifPresent(volume -> narrow(where, " AND volume = ?", values, volume));
    query
        .before()
        .ifPresent(id ->
            narrow(where, " AND number < (SELECT number FROM operation WHERE id = ?)", values, id));
    return database.read(statements -> {
      PreparedStatement select = statements.of(SELECT + where + " ORDER BY number DESC LIMIT ?");
      for (int i = 0; i < values.size(); i++) {
        select.setString(i + 1, values.get(i).toString());
      }
      select.setInt(values.size() + 1, query.limit());
      return rows(select);
    });
  }

  @Override
  public List<Kept> unfinished() throws FailureException {
    return database.read(
        statements -> rows(statements.of(SELECT + "WHERE finished IS NULL ORDER BY number")));
  }

  @Override
  public void prune(Instant oldest, int most) throws FailureException {
    var _ =
        database.write(statements -> {
          PreparedStatement delete = statements.of(PRUNE);
          delete.setLong(1, oldest.toEpochMilli());
          delete.setInt(2, most);
          return delete.executeUpdate();
        });
  }

  private static void insert(Statements statements, Kept operation) throws SQLException {
    OperationView view = operation.view();
    PreparedStatement insert = statements.of(INSERT);
    insert.setString(1, view.id().toString());
    insert.setString(2, operation.owner().name());
    insert.setString(3, view.kind());
    insert.setString(4, view.volume().map(VolumeId::toString).orElse(null));
    insert.setString(5, StoredJson.write(operation.input()));
    insert.setInt(6, operation.attempts());
    insert.setString(7, view.state().toString());
    insert.setLong(8, view.started().toEpochMilli());
    insert.setString(9, view.phase());
    int _ = insert.executeUpdate();
  }

  private static List<Kept> rows(PreparedStatement select) throws SQLException {
    List<Kept> found = new ArrayList<>();
    try (ResultSet row = select.executeQuery()) {
      while (row.next()) {
        found.add(kept(row));
      }
    }
    return found;
  }

  private static Kept kept(ResultSet row) throws SQLException {
    String owner = row.getString("owner");
    return new Kept(
        Principal.ofCommonName(owner)
            .orElseThrow(() -> new SQLException("nobody is named '" + owner + "'")),
        StoredJson.members(row.getString("input")),
        row.getInt("attempts"),
        new OperationView(
            UUID.fromString(row.getString("id")),
            row.getString("kind"),
            OperationState.parse(row.getString("state")),
            Optional.ofNullable(row.getString("volume")).map(VolumeId::parse),
            Optional.empty(),
            Instant.ofEpochMilli(row.getLong("started")),
            number(row, "finished").stream().mapToObj(Instant::ofEpochMilli).findFirst(),
            row.getString("phase"),
            row.getLong("bytes"),
            number(row, "total_bytes"),
            row.getLong("bytes_per_second"),
            OptionalLong.empty(),
            StoredJson.optional(row.getString("result")),
            StoredJson.optional(row.getString("problem"))));
  }

  private static OptionalLong number(ResultSet row, String column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(value);
  }

  private static void set(PreparedStatement statement, int index, OptionalLong value)
      throws SQLException {
    statement.setObject(index, value.isPresent() ? value.getAsLong() : null);
  }

  private static @Nullable String json(Optional<Map<String, Object>> members) {
    return members.map(StoredJson::write).orElse(null);
  }

  private static void narrow(
      StringBuilder where, String condition, List<Object> values, Object value) {
    where.append(condition);
    values.add(value);
  }
}
