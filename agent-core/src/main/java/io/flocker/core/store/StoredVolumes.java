package io.flocker.core.store;

import io.flocker.core.failure.FailureException;
import io.flocker.core.id.VolumeId;
import io.flocker.core.volume.VolumeRegister;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/** The tables {@code volume_metadata} and {@code tombstone}. */
public final class StoredVolumes implements VolumeRegister {
  private final Database database;
  private final InstantSource clock;

  public StoredVolumes(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  @Override
  public Map<String, String> metadata(VolumeId volume) throws FailureException {
    return database.read(statements -> {
      PreparedStatement select =
          statements.of("SELECT key, value FROM volume_metadata WHERE volume = ?");
      select.setString(1, volume.toString());
      Map<String, String> metadata = new TreeMap<>();
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          metadata.put(row.getString("key"), row.getString("value"));
        }
      }
      return metadata;
    });
  }

  @Override
  public Map<VolumeId, Map<String, String>> metadata() throws FailureException {
    return database.read(statements -> {
      try (ResultSet row =
          statements.of("SELECT volume, key, value FROM volume_metadata").executeQuery()) {
        Map<VolumeId, Map<String, String>> metadata = new HashMap<>();
        while (row.next()) {
          metadata
              .computeIfAbsent(VolumeId.parse(row.getString("volume")), _ -> new TreeMap<>())
              .put(row.getString("key"), row.getString("value"));
        }
        return metadata;
      }
    });
  }

  @Override
  public void describe(VolumeId volume, Map<String, String> metadata) throws FailureException {
    int _ = database.write(statements -> describe(statements, volume, metadata));
  }

  @Override
  public void bury(VolumeId volume, long epoch) throws FailureException {
    int _ =
        database.write(statements -> {
          entomb(statements, volume, epoch);
          return forget(statements, volume);
        });
  }

  @Override
  public void exhume(VolumeId volume, OptionalLong tombstone, Map<String, String> metadata)
      throws FailureException {
    int _ =
        database.write(statements -> {
          if (tombstone.isPresent()) {
            entomb(statements, volume, tombstone.getAsLong());
          } else {
            PreparedStatement delete = statements.of("DELETE FROM tombstone WHERE volume = ?");
            delete.setString(1, volume.toString());
            int _ = delete.executeUpdate();
          }
          return describe(statements, volume, metadata);
        });
  }

  @Override
  public OptionalLong tombstone(VolumeId volume) throws FailureException {
    return database.read(statements -> {
      PreparedStatement select = statements.of("SELECT epoch FROM tombstone WHERE volume = ?");
      select.setString(1, volume.toString());
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? OptionalLong.of(row.getLong(1)) : OptionalLong.empty();
      }
    });
  }

  private static int describe(Statements statements, VolumeId volume, Map<String, String> metadata)
      throws SQLException {
    int forgotten = forget(statements, volume);
    PreparedStatement insert = statements.of("INSERT INTO volume_metadata VALUES (?, ?, ?)");
    for (Map.Entry<String, String> entry : metadata.entrySet()) {
      insert.setString(1, volume.toString());
      insert.setString(2, entry.getKey());
      insert.setString(3, entry.getValue());
      int _ = insert.executeUpdate();
    }
    return forgotten;
  }

  private void entomb(Statements statements, VolumeId volume, long epoch) throws SQLException {
    PreparedStatement insert =
        statements.of(
            "INSERT INTO tombstone VALUES (?, ?, ?) ON CONFLICT (volume) DO UPDATE SET"
                + " epoch = excluded.epoch, destroyed = excluded.destroyed");
    insert.setString(1, volume.toString());
    insert.setLong(2, epoch);
    insert.setLong(3, clock.millis());
    int _ = insert.executeUpdate();
  }

  private static int forget(Statements statements, VolumeId volume) throws SQLException {
    PreparedStatement delete = statements.of("DELETE FROM volume_metadata WHERE volume = ?");
    delete.setString(1, volume.toString());
    return delete.executeUpdate();
  }
}
