package io.flocker.core.store;

import io.flocker.core.failure.FailureException;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.Uuids;
import io.flocker.core.id.VolumeId;
import io.flocker.core.storage.OwnershipRecord;
import io.flocker.core.volume.ReleaseJournal;
import io.flocker.core.volume.ownership.OwnershipEvent;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The table {@code release}. */
public final class StoredReleases implements ReleaseJournal {
  private final Database database;

  public StoredReleases(Database database) {
    this.database = database;
  }

  @Override
  public void add(Entry entry) throws FailureException {
    int _ =
        database.write(statements -> {
          PreparedStatement insert =
              statements.of("INSERT OR REPLACE INTO release VALUES (?, ?, ?, ?, ?)");
          insert.setString(1, entry.volume().toString());
          insert.setString(2, entry.before().map(OwnershipRecord::toString).orElse(null));
          insert.setString(3, entry.release().to().toString());
          insert.setString(4, entry.release().operation().toString());
          insert.setString(5, entry.release().finalSnapshot().toString());
          return insert.executeUpdate();
        });
  }

  @Override
  public void remove(VolumeId volume) throws FailureException {
    int _ =
        database.write(statements -> {
          PreparedStatement delete = statements.of("DELETE FROM release WHERE volume = ?");
          delete.setString(1, volume.toString());
          return delete.executeUpdate();
        });
  }

  @Override
  public List<Entry> list() throws FailureException {
    return database.read(statements -> {
      try (ResultSet row = statements.of("SELECT * FROM release").executeQuery()) {
        List<Entry> entries = new ArrayList<>();
        while (row.next()) {
          entries.add(entry(row));
        }
        return entries;
      }
    });
  }

  private static Entry entry(ResultSet row) throws SQLException {
    return new Entry(
        VolumeId.parse(row.getString("volume")),
        Optional.ofNullable(row.getString("record")).map(OwnershipRecord::parse),
        new OwnershipEvent.Released(
            NodeId.parse(row.getString("peer")),
            Uuids.parse("operation", row.getString("operation")),
            Guid.parse(row.getString("final_snapshot"))));
  }
}
