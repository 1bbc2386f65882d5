package io.flocker.http.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.operation.OperationView;
import io.flocker.core.pki.TestCluster;
import io.flocker.core.volume.Role;
import io.flocker.core.volume.VolumeName;
import io.flocker.http.api.VolumeDocument;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
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
  void neverSendsAMutationTwice() {
    daemon.breakOff("POST /v1/volumes/" + ID + "/push");

    assertThrows(UnreachableException.class, () -> client.push(ID, NODE));

    assertEquals(1, daemon.requests().size());
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
