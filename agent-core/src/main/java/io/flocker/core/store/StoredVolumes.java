package io.flocker.core.store;

import io.flocker.core.failure.FailureException;
import io.flocker.core.id.VolumeId;
import io.flocker.core.volume.VolumeRegister;
import java.sql.Connection;
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
    return database.read(connection -> {
      try (PreparedStatement select =
          connection.prepareStatement("SELECT key, value FROM volume_metadata WHERE volume = ?")) {
        select.setString(1, volume.toString());
        Map<String, String> metadata = new TreeMap<>();
        try (ResultSet row = select.executeQuery()) {
          while (row.next()) {
            metadata.put(row.getString("key"), row.getString("value"));
          }
        }
        return metadata;
      }
    });
  }

  @Override
  public Map<VolumeId, Map<String, String>> metadata() throws FailureException {
    return database.read(connection -> {
      try (PreparedStatement select =
              connection.prepareStatement("SELECT volume, key, value FROM volume_metadata");
          ResultSet row = select.executeQuery()) {
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
    var _ =
        database.write(connection -> {
          int forgotten = forget(connection, volume);
          try (PreparedStatement insert =
              connection.prepareStatement("INSERT INTO volume_metadata VALUES (?, ?, ?)")) {
            for (Map.Entry<String, String> entry : metadata.entrySet()) {
              insert.setString(1, volume.toString());
              insert.setString(2, entry.getKey());
              insert.setString(3, entry.getValue());
              insert.addBatch();
            }
            int[] _ = insert.executeBatch();
          }
          return forgotten;
        });
  }

  @Override
  public void bury(VolumeId volume, long epoch) throws FailureException {
    var _ =
        database.write(connection -> {
          try (PreparedStatement insert =
              connection.prepareStatement(
                  "INSERT INTO tombstone VALUES (?, ?, ?) ON CONFLICT (volume) DO UPDATE SET"
                      + " epoch = excluded.epoch, destroyed = excluded.destroyed")) {
            insert.setString(1, volume.toString());
            insert.setLong(2, epoch);
            insert.setLong(3, clock.millis());
            int _ = insert.executeUpdate();
          }
          return forget(connection, volume);
        });
  }

  @Override
  public OptionalLong tombstone(VolumeId volume) throws FailureException {
    return database.read(connection -> {
      try (PreparedStatement select =
          connection.prepareStatement("SELECT epoch FROM tombstone WHERE volume = ?")) {
        select.setString(1, volume.toString());
        try (ResultSet row = select.executeQuery()) {
          return row.next() ? OptionalLong.of(row.getLong(1)) : OptionalLong.empty();
        }
      }
    });
  }

  private static int forget(Connection connection, VolumeId volume) throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement("DELETE FROM volume_metadata WHERE volume = ?")) {
      delete.setString(1, volume.toString());
      return delete.executeUpdate();
    }
  }
}
