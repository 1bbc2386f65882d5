package io.flocker.core.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flocker.core.idempotency.KeptAnswer;
import io.flocker.core.idempotency.KeyClaim;
import io.flocker.core.idempotency.KeyScope;
import io.flocker.core.idempotency.KeyStore;
import io.flocker.core.identity.Principal;
import io.flocker.core.operation.OperationState;
import io.flocker.core.operation.OperationStore;
import io.flocker.core.operation.OperationView;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class StoredKeysTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final KeyScope SCOPE = new KeyScope("user-alice", "POST /v1/volumes {}", "k");
  private static final KeyClaim CLAIM = new KeyClaim(SCOPE, "f00d");

  @TempDir private Path folder;
  @TempDir private Path copy;
  private Database database;
  private StoredKeys keys;

  @BeforeEach
  void open() throws Exception {
    database = Database.open(folder);
    keys = new StoredKeys(database);
  }

  @AfterEach
  void close() throws Exception {
    database.close();
  }

  @Test
  void aKeyIsOneCallersForOneTargetOfOneRoute() throws Exception {
    keys.claim(CLAIM, NOW);

    for (KeyScope other :
        List.of(
            new KeyScope("user-bob", SCOPE.route(), SCOPE.key()),
            new KeyScope(SCOPE.caller(), "POST /v1/volumes {id=1}", SCOPE.key()),
            new KeyScope(SCOPE.caller(), SCOPE.route(), "l"))) {
      assertEquals(Optional.empty(), keys.find(other));
    }
    assertEquals("f00d", keys.find(SCOPE).orElseThrow().fingerprint());
  }

  @Test
  void aClaimIsOnDiskBeforeTheRequestIsDone() throws Exception {
    keys.claim(CLAIM, NOW);

    KeyStore.Kept kept = afterACrash().find(SCOPE).orElseThrow();

    assertEquals(new KeyStore.Kept("f00d", Optional.empty(), Optional.empty()), kept);
  }

  @Test
  void anOperationAndItsKeyAreOnDiskTogether() throws Exception {
    UUID id = UUID.randomUUID();
    new StoredOperations(database).add(operation(id), Optional.of(CLAIM));

    KeyStore.Kept kept = afterACrash().find(SCOPE).orElseThrow();

    assertEquals(Optional.of(id), kept.operation());
  }

  @Test
  void anAnswerIsKeptAsItWas() throws Exception {
    byte[] body = "{\"id\":1}".getBytes(StandardCharsets.UTF_8);
    keys.claim(CLAIM, NOW);
    keys.answer(SCOPE, new KeptAnswer(201, Map.of("Location", "/v1/volumes/1"), body));

    KeptAnswer answer = afterACrash().find(SCOPE).orElseThrow().answer().orElseThrow();

    assertEquals(201, answer.status());
    assertEquals(Map.of("Location", "/v1/volumes/1"), answer.headers());
    assertArrayEquals(body, answer.body());
  }

  @Test
  void whatIsGivenBackWasNeverClaimed() throws Exception {
    keys.claim(CLAIM, NOW);
    keys.release(SCOPE);

    assertEquals(Optional.empty(), keys.find(SCOPE));
    assertEquals(Optional.empty(), afterACrash().find(SCOPE));
  }

  @Test
  void onlyTheOldOnesAreForgotten() throws Exception {
    KeyScope young = new KeyScope(SCOPE.caller(), SCOPE.route(), "young");
    keys.claim(CLAIM, NOW);
    keys.claim(new KeyClaim(young, "f00d"), NOW.plusMillis(1));

    keys.prune(NOW.plusMillis(1));

    assertEquals(Optional.empty(), keys.find(SCOPE));
    assertEquals("f00d", keys.find(young).orElseThrow().fingerprint());
  }

  /** The keys as the next daemon finds them, had this one been killed just now. */
  private StoredKeys afterACrash() throws Exception {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(StoredKeysTest::isDatabase).toList()) {
        var _ = Files.copy(file, copy.resolve(file.getFileName()));
      }
    }
    database.close();
    database = Database.open(copy);
    return new StoredKeys(database);
  }

  /** What SQLite recovers from: its memory of the log is made anew. */
  private static boolean isDatabase(Path file) {
    String name = String.valueOf(file.getFileName());
    return name.equals(Database.FILE) || name.equals(Database.FILE + "-wal");
  }

  private static OperationStore.Kept operation(UUID id) {
    return new OperationStore.Kept(
        new Principal.User("alice"),
        Map.of(),
        0,
        new OperationView(
            id,
            "push",
            OperationState.QUEUED,
            Optional.empty(),
            Optional.empty(),
            NOW,
            Optional.empty(),
            "queued",
            0,
            OptionalLong.empty(),
            0,
            OptionalLong.empty(),
            Optional.empty(),
            Optional.empty()));
  }
}
