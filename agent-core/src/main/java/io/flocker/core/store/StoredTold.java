package io.flocker.core.store;

import io.flocker.core.failure.FailureException;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.notify.Subject;
import io.flocker.core.notify.Told;
import io.flocker.core.notify.ToldStore;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The table {@code notification}; of a volume itself the column {@code peer} is empty. */
public final class StoredTold implements ToldStore {
  private final Database database;

  public StoredTold(Database database) {
    this.database = database;
  }

  @Override
  public Map<Subject, Told> of(String target) throws FailureException {
    return database.read(statements -> {
      PreparedStatement select = statements.of("SELECT * FROM notification WHERE target = ?");
      select.setString(1, target);
      Map<Subject, Told> told = new HashMap<>();
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          told.put(
              new Subject(
                  VolumeId.parse(row.getString("volume")),
                  Optional.of(row.getString("peer"))
                      .filter(peer -> !peer.isEmpty())
                      .map(NodeId::parse)),
              new Told(row.getString("state"), Instant.ofEpochMilli(row.getLong("told"))));
        }
      }
      return told;
    });
  }

  @Override
  public void put(String target, Subject subject, Told told) throws FailureException {
    int _ =
        database.write(statements -> {
          PreparedStatement insert =
              statements.of("INSERT OR REPLACE INTO notification VALUES (?, ?, ?, ?, ?)");
          setKey(insert, target, subject);
          insert.setString(4, told.state());
          insert.setLong(5, told.at().toEpochMilli());
          return insert.executeUpdate();
        });
  }

  @Override
  public void remove(String target, Subject subject) throws FailureException {
    int _ =
        database.write(statements -> {
          PreparedStatement delete =
              statements.of(
                  "DELETE FROM notification WHERE target = ? AND volume = ? AND peer = ?");
          setKey(delete, target, subject);
          return delete.executeUpdate();
        });
  }

  private static void setKey(PreparedStatement statement, String target, Subject subject)
      throws SQLException {
    statement.setString(1, target);
    statement.setString(2, subject.volume().toString());
    statement.setString(3, subject.peer().map(NodeId::toString).orElse(""));
  }
}
