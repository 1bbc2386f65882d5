package io.flocker.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.deploy.Applications;
import io.flocker.core.deploy.Deployment;
import io.flocker.core.deploy.NodeWish;
import io.flocker.http.client.FlockerClient;
import io.flocker.http.client.ToldWish;
import io.flocker.http.client.WishPlan;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class ConfigurationRoutesTest {
  private static final String PATH = "/v1/configuration";
  private static final String IF_MATCH = "If-Match";

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
  void whatWasToldIsShown() throws Exception {
    ApiFixture.Answer none = api.get(PATH);
    ApiFixture.Answer told = api.send("PUT", PATH, wish(5, "a"));
    ApiFixture.Answer shown = api.get(PATH);

    assertEquals(0, none.body().path("generation").longValue());
    assertTrue(none.body().path("accepted").isMissingNode());
    assertEquals(200, told.status());
    assertEquals(5, told.body().path("generation").longValue());
    assertEquals("web", told.body().at("/applications/0/name").stringValue());
    assertEquals("a", told.body().at("/nodes/0/node").stringValue());
    assertEquals(told.body(), shown.body());
    assertEquals(told.header("etag"), shown.header("etag"));
    assertNotEquals(none.header("etag"), shown.header("etag"));
    assertEquals(304, api.send("GET", PATH, "", "If-None-Match", shown.header("etag")).status());
  }

  @Test
  @DisplayName("H03 a wish that was decided by what is no more is refused")
  void refusesAStaleChange() throws Exception {
    String before = api.get(PATH).header("etag");
    String first = put(wish(1, "a"), before).header("etag");

    ApiFixture.Answer stale = put(wish(2, "b"), before);

    assertEquals(412, stale.status());
    assertEquals(first, stale.body().path("etag").stringValue());
    assertEquals(first, api.get(PATH).header("etag"));
    assertEquals(200, put(wish(2, "b"), first).status());
  }

  @Test
  void anOlderWishIsRefusedWithTheGenerationThatIsKnown() throws Exception {
    api.send("PUT", PATH, wish(5, "a"));

    ApiFixture.Answer older = api.send("PUT", PATH, wish(4, "b"));
    ApiFixture.Answer other = api.send("PUT", PATH, wish(5, "b"));

    assertEquals(409, older.status());
    assertEquals("urn:flocker:problem:stale-generation", older.problem());
    assertEquals(5, older.body().path("generation").longValue());
    assertEquals(409, other.status());
    assertEquals(200, api.send("PUT", PATH, wish(5, "a")).status());
    assertEquals("a", api.get(PATH).body().at("/nodes/0/node").stringValue());
  }

  @Test
  void aWishFarAwayIsTakenOnlyFromWhoHasReadWhatIsThere() throws Exception {
    api.send("PUT", PATH, wish(5, "a"));

    ApiFixture.Answer far = api.send("PUT", PATH, wish(9_007_199_254_740_992L, "b"));

    assertEquals(409, far.status());
    assertEquals("urn:flocker:problem:generation-beyond-reach", far.problem());
    assertEquals(5, far.body().path("generation").longValue());
    assertEquals(409, put(wish(5_000, "b"), "*").status());
    ApiFixture.Answer up = put(wish(5_000, "b"), api.get(PATH).header("etag"));
    assertEquals(200, up.status());
    assertEquals(409, api.send("PUT", PATH, wish(6, "a")).status());
    assertEquals(200, put(wish(6, "a"), up.header("etag")).status());
    assertEquals(6, api.get(PATH).body().path("generation").longValue());
  }

  @Test
  void aWishThatContradictsItselfIsRefusedWithAllThatIsWrong() throws Exception {
    String body =
        "{\"applications\": [], \"nodes\": [{\"node\": \"a\", \"applications\": [\"x\", \"y\"]}]}";

    ApiFixture.Answer answer = api.send("PUT", PATH, body);

    assertEquals(400, answer.status());
    assertTrue(answer.detail().contains("the application x"), answer.detail());
    assertTrue(answer.detail().contains("the application y"), answer.detail());
    assertEquals(0, api.get(PATH).body().path("generation").longValue());
  }

  @Test
  void everyPartOfAWishComesBackAsTheCommandsToldIt() throws Exception {
    Deployment wish =
        new Deployment(
            List.of(Applications.FULL, Applications.PLAIN),
            List.of(NodeWish.of("a", List.of("mongodb", "web"))));
    try (FlockerClient commands = new FlockerClient(api.url(), api.user().sslContext())) {
      assertEquals(
          new ToldWish(0, Optional.empty(), List.of(), List.of()), commands.configuration());

      WishPlan plan = commands.planConfiguration(5, wish);
      ToldWish told = commands.putConfiguration(5, wish);

      assertEquals(wish, told.deployment());
      assertEquals(told, commands.configuration());
      assertEquals(5, plan.generation());
      assertFalse(plan.isEmpty());
      assertTrue(
          plan.phases().getFirst().steps().getFirst().text().startsWith("create default.db"),
          plan::toString);
      assertEquals(
          new WishPlan.PlannedObstacle("engine-unknown", "node", "The engine is away."),
          plan.obstacles().getFirst());
    }
  }

  @Test
  void aDryRunTellsThePlanAndChangesNothing() throws Exception {
    api.send("PUT", PATH, wish(5, "a"));

    ApiFixture.Answer dry = api.send("PUT", PATH + "?dry-run=true", wish(6, "b"));
    ApiFixture.Answer stale = api.send("PUT", PATH + "?dry-run=true", wish(4, "b"));

    assertEquals(200, dry.status());
    assertEquals(6, dry.body().at("/plan/generation").longValue());
    assertEquals(
        "create-volume", dry.body().at("/plan/phases/0/steps/0/change/kind").stringValue());
    assertEquals("engine-unknown", dry.body().at("/plan/obstacles/0/kind").stringValue());
    assertEquals(409, stale.status());
    assertEquals(5, api.get(PATH).body().path("generation").longValue());
  }

  @Test
  void whatAWishSaysOfReplicationIsShownWithAllThatItLeftOut() throws Exception {
    ApiFixture.Answer told =
        api.send(
            "PUT",
            PATH,
            replicated(
                """
                {"peers": ["b", "10.0.0.1"], "maxLag": "PT10M", "verify": "PT24H",
                 "rate": {"limit": 1048576, "hours": [{"from": "22:00", "to": "06:00"}]}}
                """));

    assertEquals(200, told.status(), told::toString);
    JsonNode shown = api.get(PATH).body().at("/applications/0/volumes/0/replication");
    assertEquals("[\"10.0.0.1\",\"b\"]", shown.path("peers").toString());
    assertEquals("PT10M", shown.path("maxLag").stringValue());
    assertEquals("PT1S", shown.path("minInterval").stringValue());
    assertEquals(1_048_576, shown.at("/rate/limit").intValue());
    assertEquals(
        200, api.send("PUT", PATH, replicated(shown.toString())).status(), "it can be told again");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {}                                         | peers
          {"peers": ["a b"]}                         | host name
          {"peers": ["a"], "maxLag": "soon"}         | maxLag
          {"peers": ["a"], "verify": "PT1S"}         | verify
          {"peers": ["a"], "keep": {"hourly": 1, "timeZone": "Mars"}} | keep/timeZone: not a time zone
          {"peers": ["a"], "max_lag": "PT1S"}        | max_lag
          {"peers": ["a"], "history": "some"}        | history
          {"peers": ["a"], "maxLag": "PT1S", "minInterval": "PT2S"} | minInterval
          """)
  void whatCannotBeSaidOfReplicationIsRefusedByItsName(String replication, String named)
      throws Exception {
    ApiFixture.Answer refused = api.send("PUT", PATH, replicated(replication));

    assertEquals(400, refused.status());
    String said = refused.body().toString();
    assertTrue(said.contains(named), said);
    assertFalse(said.contains("io.flocker.") || said.contains("java."), said);
  }

  @Test
  void whatIsNotAsWishedIsToldWithItsReason() throws Exception {
    ApiFixture.Answer status = api.get(PATH + "/status");

    assertEquals(200, status.status());
    assertFalse(status.body().path("isAsWished").booleanValue());
    assertEquals("failed", status.body().at("/objects/0/state").stringValue());
    assertEquals(
        "urn:flocker:problem:no-space",
        status.body().at("/objects/0/lastError/type").stringValue());
    assertEquals(
        status.body(), api.get("/v1/state").body().path("convergence"), "the state tells it too");
  }

  @Test
  void aNodeOfTheClusterTellsNobodyWhatToRun() throws Exception {
    assertEquals(403, api.asNode("GET", PATH).status());
    assertEquals(403, api.asNode("PUT", PATH).status());
  }

  private ApiFixture.Answer put(String body, String tag) throws Exception {
    return api.send("PUT", PATH, body, IF_MATCH, tag);
  }

  private static String replicated(String replication) {
    return """
    {"applications": [{"name": "db", "image": "nginx", "volumes":
      [{"name": "default.db", "mountpoint": "/data", "replication": %s}]}],
     "nodes": [{"node": "a", "applications": ["db"]}]}
    """
        .formatted(replication);
  }

  private static String wish(long generation, String node) {
    return """
    {"generation": %d, "applications": [{"name": "web", "image": "nginx"}],
     "nodes": [{"node": "%s", "applications": ["web"]}]}
    """
        .formatted(generation, node);
  }
}
