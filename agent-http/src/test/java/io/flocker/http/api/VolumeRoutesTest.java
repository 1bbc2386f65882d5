package io.flocker.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.id.Guid;
import io.flocker.core.id.VolumeId;
import io.flocker.core.volume.Confirmations;
import io.flocker.core.volume.Volume;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class VolumeRoutesTest {
  private static final String VOLUMES = "/v1/volumes";

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
  void aNewVolumeBelongsToTheNodeThatWasAsked() throws Exception {
    VolumeId id = VolumeId.random();

    ApiFixture.Answer answer =
        api.send(
            "POST",
            VOLUMES,
            "{\"name\": \"default.db\", \"id\": \"%s\", \"quotaBytes\": 1048576}".formatted(id));

    assertEquals(201, answer.status());
    assertEquals(VOLUMES + "/" + id, answer.header("location"));
    assertEquals(api.self().toString(), answer.body().path("owner").stringValue());
    assertEquals("owner", answer.body().path("role").stringValue());
    assertEquals(1_048_576, answer.body().path("quotaBytes").longValue());
    assertEquals(answer.body(), api.get(VOLUMES + "/" + id).body());
  }

  @Test
  void volumesAreListedByNameAndFoundByIt() throws Exception {
    create("default.b");
    create("default.a");

    JsonNode all = api.get(VOLUMES).body().path("volumes");
    JsonNode found = api.get(VOLUMES + "?name=default.b").body().path("volumes");

    assertEquals(
        List.of("default.a", "default.b"),
        all.valueStream().map(volume -> volume.path("name").stringValue()).toList());
    assertEquals(List.of(all.get(1)), found.valueStream().toList());
    assertEquals(0, api.get(VOLUMES + "?name=default.c").body().path("volumes").size());
    assertEquals(400, api.get(VOLUMES + "?name=c").status());
  }

  /** Whoever polls is told by the tag that nothing has changed, and has to hear of each change. */
  @Test
  void aListIsNeverWhatItWasBeforeAnyOfItsSourcesChanged() throws Exception {
    create("default.db");
    Volume volume = api.volumes().catalog().list().getFirst();
    UUID record = volume.dataset().record().orElseThrow().operation();
    String id = volume.id().toString();
    Confirmations confirmations = api.volumes().confirmations();

    changes("mounted", () -> api.storage().unmount(volume.dataset().name()));
    changes(
        "metadata",
        () -> {
          String patch = "{\"metadata\": {\"for\": \"shop\"}}";
          assertEquals(200, api.send("PATCH", VOLUMES + "/" + id, patch).status());
        });
    changes("copies", () -> api.cursors().move(volume.id(), ApiFixture.PEER, new Guid(1)));
    changes("copies", () -> api.cursors().forget(ApiFixture.PEER));
    changes(
        "confirmed", () -> confirmations.await(volume.id(), record, ApiFixture.PEER, "it is down"));
    changes("confirmed", () -> confirmations.confirm(volume.id(), record, ApiFixture.PEER));
  }

  /** What changes one field of the only volume changes the list's tag with it. */
  private void changes(String field, Change change) throws Exception {
    ApiFixture.Answer before = api.get(VOLUMES);
    String tag = before.header("etag");
    assertEquals(304, api.send("GET", VOLUMES, "", "If-None-Match", tag).status());
    change.make();
    ApiFixture.Answer after = api.send("GET", VOLUMES, "", "If-None-Match", tag);
    assertEquals(200, after.status(), field);
    assertNotEquals(
        before.body().path("volumes").path(0).path(field),
        after.body().path("volumes").path(0).path(field));
  }

  @Test
  void aNameFindsTheOwnedVolumeFirstAndThenTheCopiesOfOthers() throws Exception {
    create("default.db");
    VolumeId _ = api.replica("default.db");
    var _ = api.get(VOLUMES); // What came by nobody's request is known once the pool was listed.

    JsonNode found = api.get(VOLUMES + "?name=default.db").body().path("volumes");

    assertEquals(
        List.of("owner", "replica"),
        found.valueStream().map(volume -> volume.path("role").stringValue()).toList());
  }

  @Test
  void aNameIsUsedOnce() throws Exception {
    create("default.db");

    ApiFixture.Answer answer = api.send("POST", VOLUMES, "{\"name\": \"default.db\"}");

    assertEquals(409, answer.status());
    assertEquals("urn:flocker:problem:volume-exists", answer.problem());
  }

  @Test
  void everyViolationOfTheBodyIsListed() throws Exception {
    ApiFixture.Answer answer =
        api.send("POST", VOLUMES, "{\"name\": \"db\", \"quotaBytes\": -1, \"size\": 1}");

    assertEquals(400, answer.status());
    assertEquals(List.of("", "/name", "/quotaBytes"), answer.pointers());
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.5", "1e-3", "9223372036854775808", "1e300", "\"1\""})
  void aQuotaIsAWholeNumber(String quota) throws Exception {
    String body = "{\"name\": \"default.db\", \"quotaBytes\": %s}".formatted(quota);

    assertEquals(400, api.send("POST", VOLUMES, body).status());
    assertEquals(0, api.get(VOLUMES).body().path("volumes").size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"67108864", "67108864.0", "6.7108864e7"})
  void aWholeNumberMayBeWrittenAsJsonAllowsIt(String quota) throws Exception {
    String body = "{\"name\": \"default.db\", \"quotaBytes\": %s}".formatted(quota);

    ApiFixture.Answer answer = api.send("POST", VOLUMES, body);

    assertEquals(201, answer.status(), answer.body().toString());
    assertEquals(67_108_864, answer.body().path("quotaBytes").asLong());
  }

  @Test
  void aDestroyedVolumeIsGone() throws Exception {
    String path = create("default.db");

    assertEquals(204, api.delete(path).status());
    assertEquals("urn:flocker:problem:volume-not-found", api.get(path).problem());
    assertEquals(404, api.delete(path).status());
  }

  @Test
  void aReplicaIsDestroyedOnlyOnAnExplicitWord() throws Exception {
    String path = VOLUMES + "/" + api.replica("default.db");

    ApiFixture.Answer refused = api.delete(path);

    assertEquals(409, refused.status());
    assertEquals("urn:flocker:problem:not-owner", refused.problem());
    assertEquals(ApiFixture.PEER.toString(), refused.body().path("owner").stringValue());
    assertEquals(400, api.delete(path + "?replica=yes").status());
    assertEquals(204, api.delete(path + "?replica=true").status());
    assertEquals(404, api.get(path).status());
  }

  @Test
  void theOwnersUrlIsToldOnceItIsKnown() throws Exception {
    String path = VOLUMES + "/" + api.replica("default.db");
    boolean wasKnown = api.delete(path).body().has("ownerUrl");
    api.send("PUT", "/v1/peers/" + ApiFixture.PEER, "{\"addresses\": [\"[fd00::2]:4523\"]}");

    JsonNode refusal = api.delete(path).body();

    assertEquals(false, wasKnown);
    assertEquals("https://[fd00::2]:4523", refusal.path("ownerUrl").stringValue());
  }

  @Test
  void anOwnedVolumeIsNotDestroyedAsAReplica() throws Exception {
    String path = create("default.db");

    assertEquals(409, api.delete(path + "?replica=true").status());
    assertEquals(200, api.get(path).status());
  }

  @Test
  void snapshotsAreListedNewestFirst() throws Exception {
    String snapshots = create("default.db") + "/snapshots";

    JsonNode first = api.send("POST", snapshots, "{}").body();
    ApiFixture.Answer second = api.send("POST", snapshots, "{\"name\": \"before-upgrade\"}");

    assertEquals(201, second.status());
    assertTrue(first.path("name").stringValue().contains(".manual."), first.toString());
    assertEquals(
        List.of(second.body(), first),
        api.get(snapshots).body().path("snapshots").valueStream().toList());
    assertEquals(second.body(), api.get(VOLUMES).body().at("/volumes/0/latestSnapshot"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"flk.mine", "a/b", "a@b", "", "-\\n"})
  void aSnapshotsNameIsPlainAndNotOneOfFlockersOwn(String name) throws Exception {
    String snapshots = create("default.db") + "/snapshots";

    ApiFixture.Answer answer = api.send("POST", snapshots, "{\"name\": \"%s\"}".formatted(name));

    assertEquals(400, answer.status());
    assertEquals(List.of("/name"), answer.pointers());
  }

  @Test
  void onlyTheOwnerTakesSnapshots() throws Exception {
    String snapshots = VOLUMES + "/" + api.replica("default.db") + "/snapshots";

    ApiFixture.Answer answer = api.send("POST", snapshots, "{}");

    assertEquals(409, answer.status());
    assertEquals(ApiFixture.PEER.toString(), answer.body().path("owner").stringValue());
    assertEquals(200, api.get(snapshots).status());
  }

  private String create(String name) throws Exception {
    return api.send("POST", VOLUMES, "{\"name\": \"%s\"}".formatted(name)).header("location");
  }

  /** What somebody does to a volume. */
  @FunctionalInterface
  private interface Change {
    void make() throws Exception;
  }
}
