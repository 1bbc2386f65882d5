package io.flocker.core.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flocker.core.deploy.Applications;
import io.flocker.core.deploy.Deployment;
import io.flocker.core.deploy.NodeWish;
import io.flocker.core.deploy.configuration.Configuration;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class StoredConfigurationTest {
  private static final Deployment WISH =
      new Deployment(
          List.of(Applications.FULL, Applications.PLAIN),
          List.of(NodeWish.of("10.0.0.1", List.of("mongodb")), NodeWish.of("b", List.of())));

  @TempDir private Path folder;

  @Test
  void everyPartOfTheLastOneOutlivesTheDaemon() throws Exception {
    Configuration last =
        new Configuration(Configuration.MAX_GENERATION, Optional.of(Instant.ofEpochMilli(5)), WISH);
    try (Database database = Database.open(folder)) {
      StoredConfiguration store = new StoredConfiguration(database);
      assertEquals(Configuration.NONE, store.read());
      store.write(new Configuration(1, Optional.of(Instant.EPOCH), Deployment.EMPTY));
      store.write(last);
    }

    try (Database database = Database.open(folder)) {
      assertEquals(last, new StoredConfiguration(database).read());
    }
  }
}
