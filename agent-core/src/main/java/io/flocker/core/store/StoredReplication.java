package io.flocker.core.store;

import io.flocker.core.failure.FailureException;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.replicate.Arrival;
import io.flocker.core.replicate.Copy;
import io.flocker.core.replicate.CopyRecord;
import io.flocker.core.replicate.ReplicationStore;
import io.flocker.core.replicate.Setback;
import io.flocker.core.replicate.Verified;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The tables {@code replication} and {@code replication_look}. */
public final class StoredReplication implements ReplicationStore {
  private final Database database;

  public StoredReplication(Database database) {
    this.database = database;
  }

  @Override
  public List<CopyRecord> list() throws FailureException {
    return database.read(statements -> {
      try (ResultSet row = statements.of("SELECT * FROM replication").executeQuery()) {
        List<CopyRecord> records = new ArrayList<>();
        while (row.next()) {
          records.add(record(row));
        }
        return records;
      }
    });
  }

  @Override
  public Optional<Instant> looked() throws FailureException {
    return database.read(statements -> {
      try (ResultSet row = statements.of("SELECT at FROM replication_look").executeQuery()) {
        return row.next() ? time(row, "at") : Optional.empty();
      }
    });
  }

  @Override
  public void looked(Instant when) throws FailureException {
    int _ =
        database.write(statements -> {
          PreparedStatement insert =
              statements.of("INSERT OR REPLACE INTO replication_look VALUES (1, ?)");
          insert.setLong(1, when.toEpochMilli());
          return insert.executeUpdate();
        });
  }

  @Override
  public void put(CopyRecord record) throws FailureException {
    int _ =
        database.write(statements -> {
          PreparedStatement insert =
              statements.of(
                  "INSERT OR REPLACE INTO replication"
                      + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
          insert.setString(1, record.copy().volume().toString());
          insert.setString(2, record.copy().peer().toString());
          setTime(insert, 3, record.changed());
          insert.setString(4, record.last().map(last -> last.guid().toString()).orElse(null));
          insert.setString(5, record.last().map(Arrival::snapshot).orElse(null));
          setTime(insert, 6, record.last().map(Arrival::taken));
          setTime(insert, 7, record.last().map(Arrival::proven));
          insert.setString(8, record.setback().map(back -> back.kind().name()).orElse(null));
          insert.setInt(9, record.setback().map(Setback::tries).orElse(0));
          setTime(insert, 10, record.setback().map(Setback::at));
          insert.setString(
              11, record.setback().map(Setback::problem).map(StoredJson::write).orElse(null));
          setTime(insert, 12, record.setback().map(Setback::nextTry));
          setTime(insert, 13, record.verified().map(Verified::at));
          insert.setString(14, record.verified().map(last -> last.guid().toString()).orElse(null));
          insert.setString(15, record.verified().map(Verified::snapshot).orElse(null));
          insert.setString(
              16, record.verified().flatMap(Verified::drift).map(StoredJson::write).orElse(null));
          return insert.executeUpdate();
        });
  }

  @Override
  public void remove(Copy copy) throws FailureException {
    int _ =
        database.write(statements -> {
          PreparedStatement delete =
              statements.of("DELETE FROM replication WHERE volume = ? AND peer = ?");
          delete.setString(1, copy.volume().toString());
          delete.setString(2, copy.peer().toString());
          return delete.executeUpdate();
        });
  }

  private static CopyRecord record(ResultSet row) throws SQLException {
    Optional<Instant> changed = time(row, "changed");
    String guid = row.getString("guid");
    String kind = row.getString("setback");
    return new CopyRecord(
        new Copy(VolumeId.parse(row.getString("volume")), NodeId.parse(row.getString("peer"))),
        changed,
        guid == null
            ? Optional.empty()
            : Optional.of(
                new Arrival(
                    Guid.parse(guid),
                    row.getString("snapshot"),
                    time(row, "taken").orElseThrow(),
                    time(row, "proven").orElseThrow())),
        kind == null
            ? Optional.empty()
            : Optional.of(
                new Setback(
                    Setback.Kind.valueOf(kind),
                    row.getInt("tries"),
                    time(row, "failed").orElseThrow(),
                    StoredJson.members(row.getString("problem")),
                    time(row, "next_try").orElseThrow())),
        verified(row));
  }

  private static Optional<Verified> verified(ResultSet row) throws SQLException {
    Optional<Instant> at = time(row, "verified");
    if (at.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Verified(
            Guid.parse(row.getString("verified_guid")),
            row.getString("verified_snapshot"),
            at.get(),
            Optional.ofNullable(row.getString("drift")).map(StoredJson::members)));
  }

  private static void setTime(PreparedStatement statement, int column, Optional<Instant> time)
      throws SQLException {
    if (time.isPresent()) {
      statement.setLong(column, time.get().toEpochMilli());
    } else {
      statement.setNull(column, Types.INTEGER);
    }
  }

  private static Optional<Instant> time(ResultSet row, String column) throws SQLException {
    long millis = row.getLong(column);
    return row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
  }
}
