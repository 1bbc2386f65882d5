package io.flocker.core.store;

import io.flocker.core.deploy.configuration.Configuration;
import io.flocker.core.deploy.configuration.ConfigurationStore;
import io.flocker.core.failure.FailureException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Instant;
import java.util.Optional;

/** The table {@code configuration}. */
public final class StoredConfiguration implements ConfigurationStore {
  private final Database database;

  public StoredConfiguration(Database database) {
    this.database = database;
  }

  @Override
  public Configuration read() throws FailureException {
    return database.read(statements -> {
      try (ResultSet row = statements.of("SELECT * FROM configuration").executeQuery()) {
        return row.next()
            ? new Configuration(
                row.getLong("generation"),
                Optional.of(Instant.ofEpochMilli(row.getLong("accepted"))),
                StoredJson.deployment(row.getString("deployment")))
            : Configuration.NONE;
      }
    });
  }

  @Override
  public void write(Configuration configuration) throws FailureException {
    int _ =
        database.write(statements -> {
          PreparedStatement insert =
              statements.of("INSERT OR REPLACE INTO configuration VALUES (1, ?, ?, ?)");
          insert.setLong(1, configuration.generation());
          insert.setLong(2, configuration.accepted().orElseThrow().toEpochMilli());
          insert.setString(3, StoredJson.write(configuration.deployment()));
          return insert.executeUpdate();
        });
  }
}
