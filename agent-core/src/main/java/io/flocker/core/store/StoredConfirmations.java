package io.flocker.core.store;

import io.flocker.core.failure.FailureException;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.Uuids;
import io.flocker.core.id.VolumeId;
import io.flocker.core.volume.Confirmation;
import io.flocker.core.volume.ConfirmationJournal;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The table {@code confirmation}. */
public final class StoredConfirmations implements ConfirmationJournal {
  private final Database database;

  public StoredConfirmations(Database database) {
    this.database = database;
  }

  @Override
  public List<Confirmation> list() throws FailureException {
    return database.read(statements -> {
      try (ResultSet row = statements.of("SELECT * FROM confirmation").executeQuery()) {
        List<Confirmation> confirmations = new ArrayList<>();
        while (row.next()) {
          confirmations.add(
              new Confirmation(
                  VolumeId.parse(row.getString("volume")),
                  Uuids.parse("operation", row.getString("operation")),
                  NodeId.parse(row.getString("peer")),
                  Instant.ofEpochMilli(row.getLong("at"))));
        }
        return confirmations;
      }
    });
  }

  @Override
  public void add(Confirmation confirmation) throws FailureException {
    int _ =
        database.write(statements -> {
          PreparedStatement insert =
              statements.of("INSERT OR REPLACE INTO confirmation VALUES (?, ?, ?, ?)");
          insert.setString(1, confirmation.volume().toString());
          insert.setString(2, confirmation.peer().toString());
          insert.setString(3, confirmation.operation().toString());
          insert.setLong(4, confirmation.at().toEpochMilli());
          return insert.executeUpdate();
        });
  }

  @Override
  public void remove(VolumeId volume) throws FailureException {
    int _ =
        database.write(statements -> {
          PreparedStatement delete = statements.of("DELETE FROM confirmation WHERE volume = ?");
          delete.setString(1, volume.toString());
          return delete.executeUpdate();
        });
  }
}
