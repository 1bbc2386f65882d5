package io.flocker.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
  void aNodeOfTheClusterTellsNobodyWhatToRun() throws Exception {
    assertEquals(403, api.asNode("GET", PATH).status());
    assertEquals(403, api.asNode("PUT", PATH).status());
  }

  private ApiFixture.Answer put(String body, String tag) throws Exception {
    return api.send("PUT", PATH, body, IF_MATCH, tag);
  }

  private static String wish(long generation, String node) {
    return """
    {"generation": %d, "applications": [{"name": "web", "image": "nginx"}],
     "nodes": [{"node": "%s", "applications": ["web"]}]}
    """
        .formatted(generation, node);
  }
}
