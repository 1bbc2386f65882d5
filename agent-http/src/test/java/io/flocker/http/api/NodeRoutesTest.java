package io.flocker.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class NodeRoutesTest {
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
  @DisplayName("H01 the version comes with those of the API, and with a list of extensions")
  void tellsWhatItSpeaks() throws Exception {
    ApiFixture.Answer answer = api.get("/v1/version");

    assertEquals(200, answer.status());
    assertEquals("v1", answer.body().at("/api/0").stringValue());
    assertTrue(answer.body().path("extensions").isArray(), answer::toString);
  }

  @Test
  void tellsWhoItIsAndWhatItsStorageCanDo() throws Exception {
    JsonNode node = api.get("/v1/node").body();

    assertEquals(api.self().toString(), node.path("node").stringValue());
    assertEquals(api.storage().pool().name(), node.at("/pool/name").stringValue());
    assertEquals(
        api.storage().capabilities().canResume(), node.at("/zfs/canResume").booleanValue());
    assertEquals(ApiFixture.STUCK, node.at("/stuck/0/0").stringValue());
  }

  @Test
  void tellsWhoItIsWhileItsPoolIsAway() throws Exception {
    String pool = api.storage().poolName();
    api.storage().export();

    ApiFixture.Answer answer = api.get("/v1/node");

    assertEquals(200, answer.status());
    assertEquals(api.self().toString(), answer.body().path("node").stringValue());
    assertEquals(pool, answer.body().at("/pool/name").stringValue());
    assertEquals("AWAY", answer.body().at("/pool/health").stringValue());
    assertTrue(answer.body().at("/pool/freeBytes").isMissingNode());
    assertEquals(
        "The node's pool is not there", answer.body().at("/warnings/0/title").stringValue());
  }

  @Test
  void warnsOfAPoolWithLittleRoom() throws Exception {
    assertEquals(0, api.get("/v1/node").body().path("warnings").size());
    api.storage().leaveFree(1 << 20);

    JsonNode node = api.get("/v1/node").body();

    assertEquals("The pool is nearly full", node.at("/warnings/0/title").stringValue());
    String detail = node.at("/warnings/0/detail").stringValue();
    assertTrue(
        detail.startsWith(
            "99 %% of the room of pool %s is used, 1048576 bytes of 1073741824 are free: "
                .formatted(api.storage().poolName())),
        detail);
  }

  @Test
  @DisplayName("H10 the boot id tells one start of the host from another")
  void itsEraIsTheBootOfItsHost() throws Exception {
    String bootId = Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();

    assertEquals(bootId, api.get("/v1/node").body().path("bootId").stringValue());
  }

  @Test
  void anotherNodeMayNotUseThePublicApi() throws Exception {
    ApiFixture.Answer answer = api.asNode("GET", "/v1/node");

    assertEquals(403, answer.status());
    assertEquals("urn:flocker:problem:forbidden", answer.problem());
  }
}
