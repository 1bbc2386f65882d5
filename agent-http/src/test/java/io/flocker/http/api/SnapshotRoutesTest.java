package io.flocker.http.api;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.flocker.core.id.Guid;
import io.flocker.core.id.VolumeId;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class SnapshotRoutesTest {
  private static final String VOLUMES = "/v1/volumes";

  private static ApiFixture api;

  private String volume;

  @BeforeAll
  static void open(@TempDir Path folder) throws Exception {
    api = new ApiFixture(folder);
  }

  @AfterAll
  static void close() throws Exception {
    api.close();
  }

  @BeforeEach
  void create() throws Exception {
    volume = api.send("POST", VOLUMES, "{\"name\": \"default.db\"}").header("location");
  }

  @AfterEach
  void clear() {
    api.storage().clear();
  }

  @Test
  void pagesFollowEachOtherWhateverIsTakenAndDestroyedMeanwhile() throws Exception {
    for (String name : List.of("a", "b", "c", "d", "e")) {
      take(name);
    }

    ApiFixture.Answer first = api.get(volume + "/snapshots?limit=2");
    take("f");
    delete("d");
    String link = first.header("link");
    ApiFixture.Answer second = api.get(link.substring(1, link.indexOf('>')));
    ApiFixture.Answer last =
        api.get(volume + "/snapshots?limit=2&before=" + second.body().path("next").stringValue());

    assertEquals(List.of("e", "d"), names(first));
    assertEquals(List.of("c", "b"), names(second));
    assertEquals(List.of("a"), names(last));
    assertFalse(last.body().has("next"));
    assertEquals(Optional.empty(), last.headers().firstValue("link"));
    assertEquals(400, api.get(volume + "/snapshots?before=x").status());
    assertEquals(400, api.get(volume + "/snapshots?limit=0").status());
  }

  @Test
  void aDestroyedSnapshotIsGone() throws Exception {
    take("first");

    assertEquals(204, delete("first").status());
    assertEquals("urn:flocker:problem:dataset-not-found", delete("first").problem());
    assertEquals(404, delete("a%40b").status());
    assertEquals(0, api.get(volume).body().path("snapshotCount").intValue());
  }

  @Test
  void theBaseOfAPeerIsGivenUpByForceOnly() throws Exception {
    pushed(take("base"));

    ApiFixture.Answer refused = delete("base");

    assertEquals(409, refused.status());
    assertEquals("urn:flocker:problem:base-needed", refused.problem());
    assertEquals(ApiFixture.PEER.toString(), refused.body().at("/peers/0").stringValue());
    assertEquals(400, delete("base?force=yes").status());
    assertEquals(204, delete("base?force=true").status());
  }

  @Test
  void aRollbackNamesWhatItWouldDestroy() throws Exception {
    take("old");
    take("newer");

    ApiFixture.Answer refused = rollBack("{\"snapshot\": \"old\"}");
    ApiFixture.Answer rolled = rollBack("{\"snapshot\": \"old\", \"destroyNewer\": true}");

    assertEquals("urn:flocker:problem:newer-snapshots", refused.problem());
    assertEquals("newer", refused.body().at("/snapshots/0").stringValue());
    assertEquals(200, rolled.status());
    assertEquals(1, rolled.body().path("snapshotCount").intValue());
    assertEquals(rolled.header("etag"), api.get(volume).header("etag"));
    assertEquals(404, rollBack("{\"snapshot\": \"newer\"}").status());
  }

  @Test
  void aCloneIsAVolumeOfItsOwn() throws Exception {
    take("origin");
    VolumeId id = VolumeId.random();

    ApiFixture.Answer made =
        post(
            "/clone",
            "{\"name\": \"default.copy\", \"snapshot\": \"origin\", \"id\": \"%s\"}".formatted(id));

    assertEquals(201, made.status());
    assertEquals(VOLUMES + "/" + id, made.header("location"));
    assertEquals(
        api.get(volume).body().path("dataset").stringValue() + "@origin",
        made.body().path("origin").stringValue());
    assertEquals("owner", made.body().path("role").stringValue());
    assertEquals("urn:flocker:problem:has-clones", delete("origin").problem());
    assertEquals("urn:flocker:problem:has-clones", api.delete(volume).problem());
    assertEquals(204, api.delete(made.header("location")).status());
    assertEquals(204, delete("origin").status());
  }

  @Test
  void aReplicaCanBeClonedAndNothingElse() throws Exception {
    VolumeId copy = api.replica("default.other");
    String dataset = api.get(VOLUMES + "/" + copy).body().path("dataset").stringValue();
    var _ = api.storage().snapshot(dataset, "latest");
    volume = VOLUMES + "/" + copy;

    assertEquals("urn:flocker:problem:not-owner", delete("latest").problem());
    assertEquals("urn:flocker:problem:not-owner", rollBack("{\"snapshot\": \"latest\"}").problem());
    assertEquals(
        "urn:flocker:problem:not-owner",
        api.send("PATCH", volume, "{\"quotaBytes\": 1}").problem());
    assertEquals(201, post("/clone", "{\"name\": \"default.restored\"}").status());
  }

  @Test
  void aPatchChangesWhatItNames() throws Exception {
    patch("{\"quotaBytes\": 1048576, \"metadata\": {\"a\": \"1\", \"b\": \"2\"}}");

    JsonNode changed = patch("{\"metadata\": {\"a\": null, \"c\": \"3\"}}").body();

    assertEquals(1_048_576, changed.path("quotaBytes").longValue());
    assertEquals("{\"b\":\"2\",\"c\":\"3\"}", changed.path("metadata").toString());
    assertEquals(changed, api.get(VOLUMES).body().at("/volumes/0"));
    JsonNode cleared = patch("{\"quotaBytes\": null, \"metadata\": null}").body();
    assertEquals(0, cleared.path("quotaBytes").longValue());
    assertEquals(0, cleared.path("metadata").size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"quotaBytes\": -1}",
        "{\"quotaBytes\": \"1\"}",
        "{\"name\": \"default.other\"}",
        "{\"metadata\": {\"\": \"empty\"}}",
        "{\"metadata\": {\"a\": 1}}",
        "{\"metadata\": [\"a\"]}",
        "[]"
      })
  void aPatchOfAnythingElseIsRefused(String patch) throws Exception {
    assertEquals(400, patch(patch).status());
  }

  @Test
  void metadataAreFew() throws Exception {
    String many =
        IntStream.range(0, 17)
            .mapToObj("\"%d\": \"\""::formatted)
            .collect(joining(", ", "{\"metadata\": {", "}}"));

    assertEquals(400, patch(many).status());
    assertEquals(0, api.get(volume).body().path("metadata").size());
    assertEquals(200, patch(many.replace("\"16\": \"\"", "\"16\": null")).status());
  }

  @Test
  void aQuotaBelowWhatIsThereIsRefused() throws Exception {
    api.storage().setReferenced(api.get(volume).body().path("dataset").stringValue(), 5_000);

    ApiFixture.Answer refused = patch("{\"quotaBytes\": 4999, \"metadata\": {\"a\": \"1\"}}");

    assertEquals("urn:flocker:problem:quota-too-small", refused.problem());
    assertEquals(5_000, refused.body().path("referencedBytes").longValue());
    assertEquals(0, api.get(volume).body().path("metadata").size());
  }

  @Test
  void aDestroyedVolumesIdIsUsedUp() throws Exception {
    String id = volume.substring(VOLUMES.length() + 1);
    assertEquals(204, api.delete(volume).status());

    ApiFixture.Answer again =
        api.send("POST", VOLUMES, "{\"name\": \"default.db\", \"id\": \"%s\"}".formatted(id));

    assertEquals(410, again.status());
    assertEquals("urn:flocker:problem:volume-destroyed", again.problem());
    assertEquals(201, api.send("POST", VOLUMES, "{\"name\": \"default.db\"}").status());
  }

  @Test
  void volumesAreFilteredByRoleAndNamespace() throws Exception {
    var _ = api.send("POST", VOLUMES, "{\"name\": \"other.db\"}");
    VolumeId copy = api.replica("default.copy");

    assertEquals(List.of("default.copy"), volumes("?role=replica"));
    assertEquals(List.of("default.db", "other.db"), volumes("?role=owner"));
    assertEquals(List.of("default.db"), volumes("?role=owner&namespace=default"));
    assertEquals(List.of(), volumes("?name=default.copy&role=owner"));
    assertEquals(200, api.get(VOLUMES + "/" + copy).status());
    assertEquals(400, api.get(VOLUMES + "?role=boss").status());
  }

  private List<String> volumes(String query) throws Exception {
    return api.get(VOLUMES + query)
        .body()
        .path("volumes")
        .valueStream()
        .map(found -> found.path("name").stringValue())
        .toList();
  }

  private static List<String> names(ApiFixture.Answer page) {
    return page.body()
        .path("snapshots")
        .valueStream()
        .map(snapshot -> snapshot.path("name").stringValue())
        .toList();
  }

  private void pushed(JsonNode snapshot) throws Exception {
    Guid guid = Guid.parse(snapshot.path("guid").stringValue());
    VolumeId id = VolumeId.parse(volume.substring(VOLUMES.length() + 1));
    var _ = api.cursors().move(id, ApiFixture.PEER, guid);
  }

  private JsonNode take(String name) throws Exception {
    return post("/snapshots", "{\"name\": \"" + name + "\"}").body();
  }

  private ApiFixture.Answer delete(String snapshot) throws Exception {
    return api.delete(volume + "/snapshots/" + snapshot);
  }

  private ApiFixture.Answer rollBack(String body) throws Exception {
    return post("/rollback", body);
  }

  private ApiFixture.Answer patch(String body) throws Exception {
    return api.send("PATCH", volume, body);
  }

  private ApiFixture.Answer post(String path, String body) throws Exception {
    return api.send("POST", volume + path, body);
  }
}
