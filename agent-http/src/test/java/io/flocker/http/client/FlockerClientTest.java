package io.flocker.http.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.log.TaskId;
import io.flocker.core.operation.OperationView;
import io.flocker.core.pki.TestCluster;
import io.flocker.core.volume.Role;
import io.flocker.core.volume.VolumeName;
import io.flocker.http.api.NewVolume;
import io.flocker.http.api.VolumeDocument;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlockerClientTest {
  private static final VolumeId ID = VolumeId.parse("11111111-2222-4333-8444-555555555555");
  private static final NodeId NODE = NodeId.parse("aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee");
  private static final String VOLUME =
      """
      {"id":"%s","name":"default.web","owner":"%s","role":"owner","epoch":2,"later":"member",
       "dataset":"tank/x","mountpoint":"/flocker/default.web","mounted":true,"usedBytes":4096,
       "referencedBytes":1024,"quotaBytes":0,"snapshotCount":0}\
      """
          .formatted(ID, NODE);

  private static final String BUSY =
      """
      {"type":"urn:flocker:problem:too-many-requests","status":429,"detail":"busy"}
      """;

  @TempDir private Path folder;
  private TestCluster cluster;
  private FakeDaemon daemon;
  private FlockerClient client;

  @BeforeEach
  void connect() throws Exception {
    cluster = TestCluster.create(folder);
    daemon = new FakeDaemon(cluster.node(NODE));
    client = new FlockerClient(daemon.url(), cluster.user("alice").sslContext());
  }

  @AfterEach
  void disconnect() {
    client.close();
    daemon.close();
  }

  @Test
  void readsAVolumeAndIgnoresWhatALaterVersionAdds() throws Exception {
    daemon.answer("GET /v1/volumes?name=default.web", 200, "{\"volumes\":[" + VOLUME + "]}");

    VolumeDocument volume = client.volume(VolumeName.parse("default.web"));

    assertEquals(ID, volume.id());
    assertEquals(Role.OWNER, volume.role());
    assertEquals(2, volume.epoch());
  }

  @Test
  void aNameThatOnlyCopiesBearMeansNoneOfThem() {
    String copy = VOLUME.replace("\"role\":\"owner\"", "\"role\":\"replica\"");
    String other = copy.replace(ID.toString(), VolumeId.random().toString());
    daemon.answer(
        "GET /v1/volumes?name=default.web", 200, "{\"volumes\":[" + copy + "," + other + "]}");

    FailureException failure =
        assertThrows(FailureException.class, () -> client.volume(VolumeName.parse("default.web")));

    assertEquals(RequestFailure.AMBIGUOUS_REFERENCE, failure.failure());
  }

  @Test
  void saysThatThereIsNoVolumeOfThatName() {
    daemon.answer("GET /v1/volumes?name=default.none", 200, "{\"volumes\":[]}");

    FailureException failure =
        assertThrows(FailureException.class, () -> client.volume(VolumeName.parse("default.none")));

    assertEquals(OwnershipFailure.VOLUME_NOT_FOUND, failure.failure());
  }

  @Test
  void leavesOutWhatTheCallerDidNotChoose() throws Exception {
    daemon.answer("POST /v1/volumes", 201, VOLUME);

    VolumeDocument _ =
        client.createVolume(new NewVolume(VolumeName.parse("default.web"), null, null));

    assertEquals(List.of("POST /v1/volumes {\"name\":\"default.web\"}"), daemon.requests());
  }

  @Test
  void throwsTheProblemOfTheNodeWithItsMembers() {
    daemon.answer(
        "DELETE /v1/volumes/" + ID,
        409,
        """
        {"type":"urn:flocker:problem:volume-in-use","status":409,"detail":"in use","holders":[7]}
        """);

    FailureException failure = assertThrows(FailureException.class, () -> client.destroyVolume(ID));

    assertEquals(OwnershipFailure.VOLUME_IN_USE, failure.failure());
    assertEquals("in use", failure.detail());
    assertEquals("[7]", String.valueOf(failure.members().get("holders")));
  }

  @Test
  void readsTheProblemOfAFailedOperation() throws Exception {
    UUID id = UUID.randomUUID();
    daemon.answer(
        "GET /v1/operations/" + id + "?wait=5s",
        200,
        """
        {"id":"%s","kind":"push","state":"failed","volume":"%s","started":"2026-01-01T00:00:00Z",
         "phase":"transfer","bytes":0,"bytesPerSecond":0,
         "problem":{"type":"urn:flocker:problem:no-space","status":507,"detail":"full"}}
        """
            .formatted(id, ID));

    OperationView operation = client.operation(id, Duration.ofSeconds(5));

    assertEquals("full", operation.problem().orElseThrow().get("detail"));
  }

  @Test
  void asksAgainWhenTheConnectionBreaksOff() throws Exception {
    daemon.breakOff("GET /v1/peers").answer("GET /v1/peers", 200, "{\"peers\":[]}");

    assertEquals(List.of(), client.peers());
  }

  @Test
  void repeatsAMutationThatBrokeOffUnderTheSameKey() throws Exception {
    daemon.breakOff("POST /v1/volumes").answer("POST /v1/volumes", 201, VOLUME);

    VolumeDocument _ =
        client.createVolume(new NewVolume(VolumeName.parse("default.web"), null, null));

    List<String> keys = daemon.headers("Idempotency-Key");
    assertEquals(2, keys.size());
    assertEquals(1, Set.copyOf(keys).size(), keys::toString);
  }

  @Test
  void givesEachMutationItsOwnKey() throws Exception {
    daemon.answer("DELETE /v1/volumes/" + ID, 204, "");

    client.destroyVolume(ID);
    client.destroyVolume(ID);

    assertEquals(2, Set.copyOf(daemon.headers("Idempotency-Key")).size());
  }

  @Test
  void waitsAsLongAsTheNodeSays() throws Exception {
    daemon
        .answer("DELETE /v1/volumes/" + ID, 429, BUSY, Map.of("Retry-After", "0"))
        .answer("DELETE /v1/volumes/" + ID, 204, "");

    client.destroyVolume(ID);

    assertEquals(2, daemon.requests().size());
  }

  @Test
  void leavesALongWaitToItsCaller() {
    daemon.answer("DELETE /v1/volumes/" + ID, 429, BUSY, Map.of("Retry-After", "3600"));

    assertThrows(FailureException.class, () -> client.destroyVolume(ID));

    assertEquals(1, daemon.requests().size());
  }

  @Test
  void givesEveryRequestItsOwnPlaceInTheCallersTask() throws Exception {
    UUID task = UUID.randomUUID();
    AtomicInteger places = new AtomicInteger();
    daemon.answer("GET /v1/peers", 200, "{\"peers\":[]}");

    try (FlockerClient traced =
        new FlockerClient(
            daemon.url(),
            cluster.user("bob").sslContext(),
            () -> Optional.of(new TaskId(task, List.of(places.incrementAndGet()))))) {
      assertEquals(List.of(), traced.peers());
      assertEquals(List.of(), traced.peers());
    }

    assertEquals(List.of(task + "@/1", task + "@/2"), daemon.headers(TaskId.HEADER));
  }

  @Test
  void tellsWhereNobodyListens() throws Exception {
    URI gone = daemon.url();
    daemon.close();

    UnreachableException failure = assertThrows(UnreachableException.class, () -> client.version());

    assertTrue(failure.toString().contains(gone + " refuses"), failure.toString());
  }

  @Test
  void trustsNoNodeOfAnotherCluster() throws Exception {
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    TestCluster other = TestCluster.create(elsewhere);
    try (FlockerClient stranger =
        new FlockerClient(daemon.url(), other.user("mallory").sslContext())) {
      UnreachableException failure = assertThrows(UnreachableException.class, stranger::version);

      assertTrue(failure.toString().contains("TLS handshake"), failure.toString());
    }
    assertEquals(List.of(), daemon.requests());
  }

  @Test
  void takesNoOtherServerForAFlockerd() {
    daemon.answer("GET /v1/version", 404, "<html>no</html>");

    UnreachableException failure = assertThrows(UnreachableException.class, () -> client.version());

    assertTrue(failure.toString().contains("404"), failure.toString());
  }
}
