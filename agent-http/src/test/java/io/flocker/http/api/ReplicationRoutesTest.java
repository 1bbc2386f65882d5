package io.flocker.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.replicate.policy.OwnPolicy;
import io.flocker.core.replicate.policy.Policy;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class ReplicationRoutesTest {
  private static final String NAMESPACE = "/v1/namespaces/default/replication";
  private static final String TO_PEER = "{\"peers\": [\"" + ApiFixture.PEER + "\"]}";

  private static ApiFixture api;

  private String volume;
  private String replication;

  @BeforeAll
  static void open(@TempDir Path folder) throws Exception {
    api = new ApiFixture(folder);
    var _ =
        api.send("PUT", "/v1/peers/" + ApiFixture.PEER, "{\"addresses\": [\"127.0.0.1:4523\"]}");
  }

  @AfterAll
  static void close() throws Exception {
    api.close();
  }

  @BeforeEach
  void create() throws Exception {
    volume = api.send("POST", "/v1/volumes", "{\"name\": \"default.db\"}").header("location");
    replication = volume + "/replication";
  }

  @AfterEach
  void clear() throws Exception {
    api.delete(NAMESPACE);
    api.storage().clear();
  }

  @Test
  void aPolicyIsShownWithAllThatItLeftOut() throws Exception {
    assertEquals("none", source());

    ApiFixture.Answer said = api.send("PUT", replication, TO_PEER);
    ApiFixture.Answer read = api.get(replication);

    assertEquals(200, said.status());
    assertEquals(said.body(), read.body());
    assertEquals(said.header("etag"), read.header("etag"));
    JsonNode policy = read.body().path("policy");
    assertEquals("volume", read.body().path("source").stringValue());
    assertEquals(ApiFixture.PEER.toString(), policy.at("/peers/0").stringValue());
    assertEquals("PT1M", policy.path("maxLag").stringValue());
    assertEquals("PT1S", policy.path("minInterval").stringValue());
    assertEquals(2, policy.at("/keep/last").intValue());
  }

  @Test
  void aPolicyThatWasReadCanBeSaidAgain() throws Exception {
    String full =
        """
        {"peers": ["%s"], "maxLag": "PT10M", "minInterval": "PT0.5S", "history": "latest",
         "keep": {"last": 5}, "keepAtPeers": {"last": 1, "within": "PT48H", "hourly": 24, "daily":
         14, "weekly": 8, "monthly": 12, "yearly": 3, "timeZone": "Europe/Berlin"},
         "onDivergence": "rotate",
         "hooks": {"before": "freeze", "onFailure": "go-on"},
         "rate": {"limit": 1048576, "timeZone": "Europe/Berlin", "hours": [
         {"from": "08:00", "to": "18:00", "days": ["monday", "friday"], "limit": 65536},
         {"from": "22:00", "to": "06:00"}]}}
        """
            .formatted(ApiFixture.PEER);
    ApiFixture.Answer said = api.send("PUT", replication, full);
    ApiFixture.Answer again = api.send("PUT", replication, said.body().path("policy").toString());

    assertEquals(200, said.status(), said::toString);
    assertEquals(said.body(), again.body());
    assertEquals(said.header("etag"), again.header("etag"));
  }

  @Test
  void whatANamespaceSaysHoldsForVolumesOfWhichNothingIsSaid() throws Exception {
    assertEquals(200, api.send("PUT", NAMESPACE, TO_PEER).status());
    assertEquals("namespace", source());

    var _ = api.send("PUT", replication, "{\"peers\": []}");
    JsonNode off = api.get(replication).body();
    assertEquals("volume", off.path("source").stringValue());
    assertEquals(0, off.at("/policy/peers").size());

    assertEquals(204, api.delete(replication).status());
    assertEquals("namespace", source());
    assertEquals(204, api.delete(NAMESPACE).status());
    assertEquals("none", source());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aChangeThatWasDecidedByWhatIsNoMoreIsRefused(boolean isOfNamespace) throws Exception {
    String path = isOfNamespace ? NAMESPACE : replication;
    String before = api.get(path).header("etag");
    String after = api.send("PUT", path, TO_PEER, "If-Match", before).header("etag");

    ApiFixture.Answer stale = api.send("PUT", path, "{\"peers\": []}", "If-Match", before);
    ApiFixture.Answer staleDelete = api.send("DELETE", path, "", "If-Match", before);

    assertEquals(412, stale.status());
    assertEquals(after, stale.body().path("etag").stringValue());
    assertEquals(412, staleDelete.status());
    assertEquals(after, api.get(path).header("etag"));
    assertEquals(304, api.send("GET", path, "", "If-None-Match", after).status());
    assertEquals(204, api.send("DELETE", path, "", "If-Match", after).status());
  }

  @Test
  void thePolicyOfAVolumeThatWasDestroyedByHandCanBeTakenAway() throws Exception {
    String tag = api.send("PUT", replication, TO_PEER).header("etag");
    api.storage().clear();
    assertEquals(0, api.get("/v1/volumes").body().path("volumes").size());

    assertEquals(404, api.send("DELETE", replication, "", "If-Match", tag).status());
    assertEquals(204, api.delete(replication).status());
    assertEquals(404, api.delete(replication).status(), "nothing is said of it any more");
  }

  @Test
  void whoeverSaidItLastIsTold() throws Exception {
    VolumeId id = VolumeId.parse(volume.substring(volume.lastIndexOf('/') + 1));
    Policy policy = Policy.to(List.of(ApiFixture.PEER));
    api.policies().set(id, Optional.of(new OwnPolicy(policy, true)));
    String tag = api.get(replication).header("etag");
    assertEquals("configuration", source());

    assertEquals(200, api.send("PUT", replication, TO_PEER, "If-Match", tag).status());
    assertEquals("volume", source(), "the same, said by a user, whom no wish contradicts");
  }

  @Test
  void howStreamsAreMadeIsKeptAsItIsSaid() throws Exception {
    String body = TO_PEER.replace("}", ", \"raw\": true, \"compressed\": false}");

    assertEquals(200, api.send("PUT", replication, body).status());

    JsonNode policy = api.get(replication).body().path("policy");
    assertTrue(policy.path("raw").booleanValue(), policy::toString);
    assertFalse(policy.path("compressed").booleanValue(true), policy::toString);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"before\": [\"/bin/sh\", \"-c\", \"id\"]}",
        "{\"before\": \"/bin/true\"}",
        "{\"before\": \"\"}",
        "{\"command\": [\"/bin/true\"]}",
        "{}"
      })
  void nobodyNamesAProgramButTheNodesOwnSettings(String hooks) throws Exception {
    String body = TO_PEER.replace("}", ", \"hooks\": " + hooks + "}");

    assertEquals(400, api.send("PUT", replication, body).status());
    assertEquals("none", source());
  }

  @Test
  void aHookThatTheNodeDoesNotHaveIsRefused() throws Exception {
    String body = TO_PEER.replace("}", ", \"hooks\": {\"before\": \"unknown\"}}");

    ApiFixture.Answer refused = api.send("PUT", replication, body);

    assertEquals("urn:flocker:problem:hook-unknown", refused.problem());
    assertEquals("none", source());
  }

  @Test
  void whoIsNoPeerHoldsNoCopy() throws Exception {
    for (NodeId node : List.of(NodeId.random(), api.self())) {
      ApiFixture.Answer refused = api.send("PUT", replication, "{\"peers\": [\"" + node + "\"]}");
      assertTrue(refused.status() == 404 || refused.status() == 400, refused::toString);
      assertTrue(refused.detail().contains(node.toString()), refused::detail);
    }
    assertEquals("none", source());
  }

  @Test
  void whatContradictsItselfIsRefused() throws Exception {
    ApiFixture.Answer refused =
        api.send(
            "PUT",
            replication,
            TO_PEER.replace("}", ", \"maxLag\": \"PT5S\", \"minInterval\": \"PT6S\"}"));

    assertEquals(400, refused.status());
    assertTrue(refused.detail().contains("minInterval"), refused::detail);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "PUT", "DELETE"})
  void aReplicaRefersToItsOwner(String method) throws Exception {
    VolumeId replica = api.replica("default.other");
    String path = "/v1/volumes/" + replica + "/replication";

    ApiFixture.Answer refused =
        method.equals("PUT")
            ? api.send("PUT", path, TO_PEER)
            : method.equals("GET") ? api.get(path) : api.delete(path);

    assertEquals("urn:flocker:problem:not-owner", refused.problem());
    assertEquals("https://127.0.0.1:4523", refused.body().path("ownerUrl").stringValue());
  }

  private String source() throws Exception {
    return api.get(replication).body().path("source").stringValue();
  }

  @Test
  void peersAreNamedAsPeopleNameThem() throws Exception {
    var _ =
        api.send(
            "PUT",
            "/v1/peers/" + ApiFixture.PEER,
            "{\"name\": \"node-2\", \"addresses\": [\"127.0.0.1:4523\"]}");

    ApiFixture.Answer answer =
        api.send("PUT", "/v1/namespaces/default/replication", "{\"peers\": [\"node-2\"]}");

    assertEquals(200, answer.status(), answer.detail());
    assertEquals(
        ApiFixture.PEER.toString(), answer.body().at("/policy/peers/0").stringValue(), "by its id");
  }
}
