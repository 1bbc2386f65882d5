package io.flocker.http.schema;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.Schema;
import io.flocker.core.failure.Failure;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import io.flocker.http.Routes;
import io.flocker.http.json.Json;
import io.flocker.http.route.JsonHandler;
import io.flocker.http.route.JsonResponse;
import io.flocker.http.route.JsonRoute;
import io.flocker.http.route.Route;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class SchemaGateTest {
  private static final JsonHandler HANDLER = _ -> JsonResponse.noContent();

  private final SchemaGate gate =
      new SchemaGate(List.of(Routes.post("/user", HANDLER), Routes.nodePut("/node", HANDLER)));

  @Test
  void closesWhatUsersSend() {
    assertRefused(RequestFailure.SCHEMA_VIOLATION, "test-user-input", "{'name':'aa','more':1}");
    assertRefused(
        RequestFailure.SCHEMA_VIOLATION, "test-user-input", "{'name':'aa','must':['name']}");
  }

  @Test
  void listsEveryViolationWithItsPlace() {
    FailureException failure =
        assertRefused(
            RequestFailure.SCHEMA_VIOLATION, "test-user-input", "{'name':1,'size':0,'id':'x'}");

    JsonNode violations = Json.tree(failure.members().get("violations"));
    List<String> pointers =
        violations.values().stream().map(one -> one.path("pointer").asString()).sorted().toList();
    assertEquals(List.of("/id", "/name", "/size"), pointers);
  }

  @Test
  void countsTheViolationsAndTellsTheFirstTwenty() {
    String members =
        IntStream.range(0, 20_000)
            .mapToObj(i -> "'" + "x".repeat(i == 0 ? 9_000 : 1) + i + "':1")
            .collect(Collectors.joining(","));

    FailureException failure =
        assertRefused(
            RequestFailure.SCHEMA_VIOLATION, "test-user-input", "{'name':'aa'," + members + "}");

    assertEquals(20_000, failure.members().get("count"));
    JsonNode violations = Json.tree(failure.members().get("violations"));
    assertEquals(20, violations.size());
    assertTrue(Json.write(violations).length < 16_000);
  }

  @Test
  @DisplayName("nodes of two versions: unknown members are ignored, demanded ones are not")
  void letsNodesOfTwoVersionsWorkTogether() throws Exception {
    gate.checkInput("test-node-input", json("{'name':'aa','future':1}"));
    gate.checkInput("test-node-input", json("{'name':'aa','epoch':1,'must':['epoch']}"));
    assertRefused(
        RequestFailure.UNSUPPORTED_REQUIREMENT,
        "test-node-input",
        "{'name':'aa','future':1,'must':['epoch','future']}");
    assertRefused(
        RequestFailure.MALFORMED_REQUEST, "test-node-input", "{'name':'aa','must':'epoch'}");
  }

  @Test
  void tellsTheFirstOfManyDemands() {
    String demands =
        IntStream.range(0, 20_000)
            .mapToObj(i -> "'" + "m".repeat(300) + i + "'")
            .collect(Collectors.joining(","));

    FailureException failure =
        assertRefused(
            RequestFailure.UNSUPPORTED_REQUIREMENT,
            "test-node-input",
            "{'name':'aa','must':[" + demands + "]}");

    assertEquals(20_000, failure.members().get("count"));
    assertEquals(20, Json.tree(failure.members().get("members")).size());
    assertTrue(Json.write(failure.document()).length < 16_000);
  }

  @Test
  void checksOurAnswersClosedAtEveryDepth() {
    assertEquals(List.of(), gate.checkOutput("test-output", json("{'said':'a'}")));
    assertFalse(gate.checkOutput("test-output", json("{'said':'a','more':1}")).isEmpty());
    assertEquals(
        List.of(), gate.checkOutput("test-output", json("{'said':'a','parts':[{'at':1}]}")));
    assertFalse(
        gate.checkOutput("test-output", json("{'said':'a','parts':[{'at':1,'more':1}]}"))
            .isEmpty());
  }

  @Test
  void closesAnObjectOverAllThatIsPutTogetherForIt() {
    JsonNode schema =
        json(
            "{'allOf':[{'properties':{'a':{'properties':{'b':true}}}}],'properties':{'c':{'items':"
                + "{'properties':{}}}}}");

    JsonNode closed = ClosedObjects.in(schema);

    assertEquals(
        json(
            "{'allOf':[{'properties':{'a':{'properties':{'b':true}}}}],'properties':{'c':{'items':"
                + "{'properties':{},'unevaluatedProperties':false}}},'unevaluatedProperties':false}"),
        closed);
  }

  @Test
  @DisplayName("109 a remote reference is refused, local and relative ones are resolved")
  void resolvesReferencesWithinItsOwnFiles() {
    SchemaFiles files = new SchemaFiles(UnaryOperator.identity());

    assertThrows(RuntimeException.class, () -> files.compile("test-remote"));
    Schema nested = files.compile("test-nested");
    assertEquals(List.of(), nested.validate(json("{'said':'a','next':[{'said':'b'}]}")));
    assertFalse(nested.validate(json("{'said':'a','next':[{'said':1}]}")).isEmpty());
    assertFalse(nested.validate(json("{'said':'a','text':1}")).isEmpty());
  }

  @Test
  @DisplayName("109 what is checked is not changed by it")
  void leavesWhatItChecksAsItIs() throws Exception {
    JsonNode body = json("{'name':'aa','size':3}");
    JsonNode schema = SchemaFiles.read("test-user-input.json");

    gate.checkInput("test-user-input", body);

    assertEquals(json("{'name':'aa','size':3}"), body);
    assertEquals(SchemaFiles.read("test-user-input.json"), schema);
  }

  @Test
  void demandsThatEverySchemaExists() {
    Route lost =
        JsonRoute.get("lost", "/x").permits("x", Route.NODES).answers("no-such").servedBy(HANDLER);

    assertThrows(IllegalArgumentException.class, () -> new SchemaGate(List.of(lost)));
  }

  private FailureException assertRefused(Failure expected, String schema, String body) {
    FailureException failure =
        assertThrows(FailureException.class, () -> gate.checkInput(schema, json(body)));
    assertEquals(expected, failure.failure(), failure.detail());
    return failure;
  }

  private static JsonNode json(String text) {
    return Json.read(text.replace('\'', '"').getBytes(UTF_8));
  }
}
