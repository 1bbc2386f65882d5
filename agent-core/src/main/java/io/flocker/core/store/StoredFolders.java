package io.flocker.core.store;

import io.flocker.core.failure.FailureException;
import io.flocker.core.id.VolumeId;
import io.flocker.core.volume.FolderJournal;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The table {@code bare_folder}. */
public final class StoredFolders implements FolderJournal {
  private final Database database;

  public StoredFolders(Database database) {
    this.database = database;
  }

  @Override
  public void add(Entry entry) throws FailureException {
    int _ =
        database.write(statements -> {
          PreparedStatement insert =
              statements.of("INSERT OR REPLACE INTO bare_folder VALUES (?, ?, ?)");
          insert.setString(1, entry.volume().toString());
          insert.setString(2, entry.folder().toString());
          insert.setLong(3, entry.mounted().toEpochMilli());
          return insert.executeUpdate();
        });
  }

  @Override
  public void remove(VolumeId volume) throws FailureException {
    int _ =
        database.write(statements -> {
          PreparedStatement delete = statements.of("DELETE FROM bare_folder WHERE volume = ?");
          delete.setString(1, volume.toString());
          return delete.executeUpdate();
        });
  }

  @Override
  public List<Entry> list() throws FailureException {
    return database.read(statements -> {
      try (ResultSet row = statements.of("SELECT * FROM bare_folder").executeQuery()) {
        List<Entry> entries = new ArrayList<>();
        while (row.next()) {
          entries.add(
              new Entry(
                  VolumeId.parse(row.getString("volume")),
                  Path.of(row.getString("folder")),
                  Instant.ofEpochMilli(row.getLong("mounted"))));
        }
        return entries;
      }
    });
  }
}
