package io.flocker.core.store;

import io.flocker.core.deploy.converge.EndStore;
import io.flocker.core.failure.FailureException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The tables {@code container_end} and {@code container_look}. */
public final class StoredEnds implements EndStore {
  private final Database database;

  public StoredEnds(Database database) {
    this.database = database;
  }

  @Override
  public Optional<Map<String, Instant>> read() throws FailureException {
    return database.read(statements -> {
      try (ResultSet look = statements.of("SELECT * FROM container_look").executeQuery()) {
        if (!look.next()) {
          return Optional.empty();
        }
      }
      Map<String, Instant> ends = new HashMap<>();
      try (ResultSet row = statements.of("SELECT * FROM container_end").executeQuery()) {
        while (row.next()) {
          ends.put(row.getString("container"), Instant.ofEpochMilli(row.getLong("ended")));
        }
      }
      return Optional.of(ends);
    });
  }

  @Override
  public void write(Map<String, Instant> ends) throws FailureException {
    int _ =
        database.write(statements -> {
          int changed = statements.of("DELETE FROM container_end").executeUpdate();
          PreparedStatement insert = statements.of("INSERT INTO container_end VALUES (?, ?)");
          for (Map.Entry<String, Instant> end : ends.entrySet()) {
            insert.setString(1, end.getKey());
            insert.setLong(2, end.getValue().toEpochMilli());
            changed += insert.executeUpdate();
          }
          return changed
              + statements.of("INSERT OR IGNORE INTO container_look VALUES (1)").executeUpdate();
        });
  }
}
