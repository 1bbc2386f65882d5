package io.flocker.core.store;

import io.flocker.core.failure.FailureException;
import io.flocker.core.id.Guid;
import io.flocker.core.id.VolumeId;
import io.flocker.core.volume.HoldJournal;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The table {@code hold}. */
public final class StoredHolds implements HoldJournal {
  private final Database database;

  public StoredHolds(Database database) {
    this.database = database;
  }

  @Override
  public void add(Entry entry) throws FailureException {
    write("INSERT INTO hold VALUES (?, ?, ?) ON CONFLICT DO NOTHING", entry);
  }

  @Override
  public void remove(Entry entry) throws FailureException {
    write("DELETE FROM hold WHERE volume = ? AND snapshot = ? AND tag = ?", entry);
  }

  @Override
  public List<Entry> list() throws FailureException {
    return database.read(statements -> {
      try (ResultSet row = statements.of("SELECT volume, snapshot, tag FROM hold").executeQuery()) {
        List<Entry> entries = new ArrayList<>();
        while (row.next()) {
          entries.add(
              new Entry(
                  VolumeId.parse(row.getString("volume")),
                  Guid.parse(row.getString("snapshot")),
                  row.getString("tag")));
        }
        return entries;
      }
    });
  }

  private void write(String sql, Entry entry) throws FailureException {
    var _ =
        database.write(statements -> {
          PreparedStatement statement = statements.of(sql);
          set(statement, entry);
          return statement.executeUpdate();
        });
  }

  private static void set(PreparedStatement statement, Entry entry) throws SQLException {
    statement.setString(1, entry.volume().toString());
    statement.setString(2, entry.snapshot().toString());
    statement.setString(3, entry.tag());
  }
}
