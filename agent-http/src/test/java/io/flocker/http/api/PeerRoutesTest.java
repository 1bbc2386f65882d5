package io.flocker.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.NodeId;
import io.flocker.core.peer.Peer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class PeerRoutesTest {
  private static final NodeId PEER = NodeId.parse("6a1c9a4e-2d3e-4c0f-9d7a-0f4f3a1b2c3d");
  private static final String PATH = "/v1/peers/" + PEER;
  private static final String BODY = "{\"addresses\": [\"10.0.0.2:4523\", \"[fd00::2]:4523\"]}";

  private ApiFixture api;

  @BeforeEach
  void open(@TempDir Path folder) throws Exception {
    api = new ApiFixture(folder);
  }

  @AfterEach
  void close() throws Exception {
    api.close();
  }

  @Test
  void aNewPeerIsCreatedAndAKnownOneReplaced() throws Exception {
    ApiFixture.Answer created = api.send("PUT", PATH, BODY);
    ApiFixture.Answer replaced =
        api.send("PUT", PATH, "{\"addresses\": [\"n2:1\"], \"takeover\": \"manual\"}");

    assertEquals(201, created.status());
    assertEquals(PATH, created.header("location"));
    assertEquals("never", created.body().path("takeover").stringValue());
    assertEquals(200, replaced.status());
    assertEquals(replaced.body(), api.get(PATH).body());
    assertEquals(replaced.body(), api.get("/v1/peers").body().at("/peers/0"));
  }

  @Test
  void aPeerThatWasRemovedIsUnknown() throws Exception {
    api.send("PUT", PATH, BODY);

    assertEquals(204, api.delete(PATH).status());
    assertEquals("urn:flocker:problem:peer-unknown", api.get(PATH).problem());
    assertEquals(404, api.delete(PATH).status());
  }

  @Test
  void whetherAPeerAnswersIsToldOnceItWasAsked() throws Exception {
    api.send("PUT", PATH, BODY);
    Peer peer = api.peer(PEER);
    JsonNode unasked = api.get(PATH).body();
    api.reach().answered(peer);
    JsonNode answering = api.get("/v1/peers").body().at("/peers/0");
    api.reach().answered(peer);
    JsonNode still = api.get(PATH).body();
    api.reach().failed(peer, TransferFailure.PEER_UNREACHABLE.because("it is away"), Duration.ZERO);
    JsonNode silent = api.get(PATH).body();

    assertTrue(unasked.path("reachable").isMissingNode(), unasked::toString);
    assertTrue(unasked.path("since").isMissingNode(), unasked::toString);
    assertTrue(answering.path("reachable").booleanValue(), answering::toString);
    assertEquals(answering.path("since"), still.path("since"));
    assertFalse(silent.path("reachable").booleanValue(), silent::toString);
    Instant before = Instant.parse(answering.path("since").stringValue());
    Instant asked = Instant.parse(silent.path("asked").stringValue());
    assertFalse(Instant.parse(silent.path("since").stringValue()).isBefore(before));
    assertEquals(asked, Instant.parse(silent.path("since").stringValue()));
    api.send("PUT", PATH, "{\"addresses\": [\"10.0.0.3:4523\"]}");
    assertTrue(api.get(PATH).body().path("reachable").isMissingNode(), "nobody has asked it there");
  }

  @Test
  void aPeerIsWhereSomebodyCanConnectTo() throws Exception {
    ApiFixture.Answer answer = api.send("PUT", PATH, "{\"addresses\": [\"[::]:4523\"]}");

    assertEquals(400, answer.status());
    assertTrue(answer.detail().contains("[::]:4523"), answer.detail());
  }

  @Test
  void aNodeIsNoPeerOfItself() throws Exception {
    ApiFixture.Answer answer = api.send("PUT", "/v1/peers/" + api.self(), BODY);

    assertEquals(400, answer.status());
    assertTrue(answer.detail().contains(api.self().toString()), answer.detail());
  }

  @Test
  void everyViolationOfTheBodyIsListed() throws Exception {
    ApiFixture.Answer answer =
        api.send("PUT", PATH, "{\"addresses\": [\"a b:1\"], \"takeover\": \"soon\", \"x\": 1}");

    assertEquals(400, answer.status());
    assertEquals("urn:flocker:problem:schema-violation", answer.problem());
    assertEquals(List.of("", "/addresses/0", "/takeover"), answer.pointers());
  }

  @Test
  void aPortThatCannotBeIsMalformed() throws Exception {
    ApiFixture.Answer answer = api.send("PUT", PATH, "{\"addresses\": [\"n2:70000\"]}");

    assertEquals(400, answer.status());
    assertTrue(answer.detail().contains("70000"), answer.detail());
  }

  @Test
  void aPeerIsFoundByNameHostOrTheBeginningOfItsId() throws Exception {
    api.send("PUT", PATH, "{\"name\": \"node-2\", \"addresses\": [\"n2.example:4523\"]}");

    for (String said : List.of("node-2", "NODE-2", "n2.example", "6a1c", PEER.toString())) {
      assertEquals(PEER.toString(), api.get("/v1/peers/" + said).body().path("node").asString(""));
    }
    assertEquals(204, api.delete("/v1/peers/node-2").status());
    assertEquals(404, api.get(PATH).status());
  }

  @Test
  void aNameStaysUntilAnotherIsSaid() throws Exception {
    api.send("PUT", PATH, "{\"name\": \"node-2\", \"addresses\": [\"n2:1\"]}");

    assertEquals("node-2", api.send("PUT", PATH, BODY).body().path("name").stringValue());
    api.send("PUT", PATH, "{\"name\": \"node-3\", \"addresses\": [\"n2:1\"]}");
    assertEquals("node-3", api.get(PATH).body().path("name").stringValue());
    assertEquals(404, api.get("/v1/peers/node-2").status());
  }

  @Test
  void whatCouldBeTheBeginningOfAUuidIsNoName() throws Exception {
    ApiFixture.Answer answer =
        api.send("PUT", PATH, "{\"name\": \"feed\", \"addresses\": [\"n2:1\"]}");

    assertEquals(400, answer.status());
    assertTrue(answer.detail().contains("'feed'"), answer.detail());
  }

  @Test
  void whoIsNamedThatIsNoPeerIsToldWhomThereIs() throws Exception {
    api.send("PUT", PATH, "{\"name\": \"node-2\", \"addresses\": [\"n2:1\"]}");

    ApiFixture.Answer unknown = api.get("/v1/peers/node-1");

    assertEquals("urn:flocker:problem:peer-unknown", unknown.problem());
    assertTrue(unknown.detail().contains("node-2 (" + PEER + ")"), unknown.detail());
  }
}
