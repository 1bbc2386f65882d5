package io.flocker.transfer.route;

import static io.flocker.transfer.node.MemoryPair.assertOwner;
import static io.flocker.transfer.node.MemoryPair.assertReplica;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.FailureException;
import io.flocker.core.grant.FakeGrants;
import io.flocker.core.grant.GrantDocument;
import io.flocker.core.id.Guid;
import io.flocker.core.id.VolumeId;
import io.flocker.core.identity.Principal;
import io.flocker.core.plan.InitialReplication;
import io.flocker.core.transfer.TransferPlan;
import io.flocker.core.volume.Condition;
import io.flocker.http.Golden;
import io.flocker.http.json.Json;
import io.flocker.http.problem.Problem;
import io.flocker.http.route.Body;
import io.flocker.http.route.JsonRequest;
import io.flocker.http.route.JsonRoute;
import io.flocker.http.schema.SchemaGate;
import io.flocker.transfer.node.MemoryNode;
import io.flocker.transfer.node.MemoryPair;
import io.flocker.transfer.protocol.AcquireRequest;
import io.flocker.transfer.protocol.PrepareRequest;
import io.flocker.transfer.push.RecordingContext;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/**
 * A node of the first build and one of this: what it asks, as it asked, and what it reads of the
 * answers, in {@code older/exchanges.json}. It signs nothing, tells of no creation, and asks nobody
 * for confirmation. Whoever has to change what stands there parts the two.
 */
@Timeout(120)
class OlderNodeTest {
  @RegisterExtension final MemoryPair nodes = new MemoryPair();

  private MemoryNode third;
  private VolumeId volume;
  private Map<String, String> names;

  @BeforeEach
  void open() throws Exception {
    third = nodes.another("third");
    third.learn(nodes.second);
    nodes.second.learn(third);
    VolumeId thirds = third.create("default.theirs").id();
    var _ =
        third.push.run(
            thirds,
            nodes.second.id,
            true,
            InitialReplication.ALL,
            Condition.NONE,
            new RecordingContext());
    volume = VolumeId.random();
    names =
        Map.of(
            "volume", volume.toString(),
            "thirds", thirds.toString(),
            "older", nodes.first.id.toString(),
            "self", nodes.second.id.toString(),
            "third", third.id.toString());
  }

  @Test
  void itsPushesGoOnAndWhatItCannotProveIsSaid() throws Exception {
    for (JsonNode exchange : exchanges()) {
      replay(exchange);
    }
    assertOwner(nodes.second, volume, 1);
    assertEquals(
        Map.of(nodes.first.id, new Guid(2), third.id, new Guid(1)),
        nodes.second.cursors.of(volume));
  }

  @Test
  void whatItIsAskedHoldsAllThatItReadsAndNothingThatItMustUnderstand() throws Exception {
    TransferPlan plan = Json.convert(request("announceTransfer"), TransferPlan.class);
    assertHolds(
        "announceTransfer",
        new TransferPlan(
            plan.id(),
            plan.lineage(),
            plan.name(),
            plan.owner(),
            plan.epoch(),
            plan.operation(),
            plan.kind(),
            plan.from(),
            plan.snapshots(),
            plan.flags(),
            plan.estimateBytes(),
            plan.bytesBefore(),
            plan.properties(),
            Optional.of(grants()),
            plan.must()));
    PrepareRequest prepare = Json.convert(request("prepareHandoff"), PrepareRequest.class);
    assertHolds(
        "prepareHandoff",
        new PrepareRequest(
            prepare.name(),
            prepare.owner(),
            prepare.epoch(),
            prepare.operation(),
            prepare.usedBytes(),
            Optional.of(grants())));
    AcquireRequest grant = Json.convert(request("acquireVolume"), AcquireRequest.class);
    assertHolds(
        "acquireVolume",
        new AcquireRequest(
            grant.name(),
            grant.releasedBy(),
            grant.owner(),
            grant.epoch(),
            grant.operation(),
            grant.finalSnapshot(),
            grant.cursors(),
            Optional.of(Map.of("team", "billing")),
            Optional.of(Map.of("compression", "lz4")),
            Optional.of(grants()),
            Optional.of(Map.of(third.id, grant.operation())),
            Optional.of(grants()),
            Optional.empty()));
  }

  private void replay(JsonNode exchange) throws Exception {
    String says = exchange.path("says").stringValue();
    JsonNode request = exchange.path("request");
    if (exchange.has("problem")) {
      FailureException refused = assertThrows(FailureException.class, () -> ask(exchange), says);
      String type = String.valueOf(Problem.of(refused).document().get("type"));
      assertTrue(type.endsWith(":" + exchange.path("problem").stringValue()), says + ": " + type);
      String detail = exchange.path("detail").stringValue();
      assertTrue(refused.detail().contains(detail), says + ": " + refused.detail());
      return;
    }
    JsonNode answer = ask(exchange);
    assertEquals(List.of(), Golden.differences(exchange.path("response"), answer), says);
    if (exchange.path("isSent").booleanValue(false)) {
      TransferPlan plan = Json.convert(request, TransferPlan.class);
      assertEquals(200, nodes.first.links.sendPlanned(plan, nodes.second.id).status(), says);
      assertReplica(nodes.second, volume, nodes.first, 0);
    }
  }

  private JsonNode ask(JsonNode exchange) throws Exception {
    JsonRoute route = route(exchange.path("route").stringValue());
    JsonNode body = exchange.path("request");
    Optional<String> schema = route.declaration().request().flatMap(Body::schema);
    if (schema.isPresent()) {
      new SchemaGate(List.of(route)).checkInput(schema.get(), body);
    }
    JsonRequest request =
        new JsonRequest(
            new Principal.Node(nodes.first.id),
            Map.of("id", exchange.path("volume").asString("")),
            Map.of(),
            Map.of(),
            body);
    return written(Objects.requireNonNull(route.handler().handle(request).body()));
  }

  private JsonRoute route(String id) {
    MemoryNode here = nodes.second;
    return new InterNodeRoutes(
            here.incoming, here.replicas, here.acquisition, here.confirmation, here.find, () -> {})
        .routes().stream()
            .filter(route -> route.declaration().id().equals(id))
            .map(JsonRoute.class::cast)
            .findFirst()
            .orElseThrow();
  }

  /** The last one that it asks there, of its own volume. */
  private JsonNode request(String route) throws IOException {
    return exchanges().stream()
        .filter(exchange -> exchange.path("route").stringValue().equals(route))
        .filter(exchange -> !exchange.has("problem"))
        .reduce((_, last) -> last)
        .orElseThrow()
        .path("request");
  }

  private void assertHolds(String route, Object asked) throws IOException {
    JsonNode now = written(asked);
    assertEquals(List.of(), Golden.differences(request(route), now), now::toString);
    assertEquals(0, now.path("must").size(), now::toString);
  }

  /** As it travels. */
  private static JsonNode written(Object message) {
    return Json.read(Json.write(message));
  }

  private GrantDocument grants() {
    return GrantDocument.of(FakeGrants.granted(volume, 1, nodes.first.id, nodes.second.id));
  }

  private List<JsonNode> exchanges() throws IOException {
    try (InputStream golden = OlderNodeTest.class.getResourceAsStream("/older/exchanges.json")) {
      String text = new String(Objects.requireNonNull(golden).readAllBytes(), UTF_8);
      for (Map.Entry<String, String> name : names.entrySet()) {
        text = text.replace("<" + name.getKey() + ">", name.getValue());
      }
      return List.copyOf(Json.read(text.getBytes(UTF_8)).values());
    }
  }
}
