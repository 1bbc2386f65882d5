package io.flocker.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConditionalRequestTest {
  private static final String IF_MATCH = "If-Match";
  private static final String IF_NONE_MATCH = "If-None-Match";

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
    volume =
        api.send("POST", "/v1/volumes", "{\"name\": \"default.db\", \"quotaBytes\": 1048576}")
            .header("location");
    take("first");
  }

  @AfterEach
  void clear() {
    api.storage().clear();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/version", "/v1/peers", "/v1/volumes", "/v1/operations"})
  void whoeverHasReadItBeforeIsToldThatNothingHasChanged(String path) throws Exception {
    String tag = api.get(path).header("etag");

    ApiFixture.Answer same = api.send("GET", path, "", IF_NONE_MATCH, "\"x\", W/" + tag);
    ApiFixture.Answer head = api.send("HEAD", path, "", IF_NONE_MATCH, tag);
    ApiFixture.Answer other = api.send("GET", path, "", IF_NONE_MATCH, "\"x\"");

    assertEquals(304, same.status());
    assertTrue(same.body().isMissingNode());
    assertEquals(tag, same.header("etag"));
    assertEquals(Optional.empty(), same.headers().firstValue("content-type"));
    assertEquals(304, head.status());
    assertEquals(200, other.status());
    assertTrue(tag.matches("\"[0-9a-f.]+\""), tag);
  }

  @Test
  void aConnectionGoesOnAfterA304() throws Exception {
    String tag = api.get(volume).header("etag");
    for (int i = 0; i < 3; i++) {
      assertEquals(304, api.send("GET", volume, "", IF_NONE_MATCH, tag).status());
    }
    assertEquals(200, api.get(volume).status());
  }

  @Test
  @DisplayName("H03 a change that was decided by what is no more is refused")
  void refusesAStaleChange() throws Exception {
    String tag = api.get(volume).header("etag");
    String answered = patch("{\"quotaBytes\": 2097152}", tag).header("etag");

    ApiFixture.Answer stale = patch("{\"quotaBytes\": 3145728}", tag);

    assertEquals(412, stale.status());
    assertEquals("urn:flocker:problem:precondition-failed", stale.problem());
    assertEquals(answered, stale.body().path("etag").stringValue());
    assertEquals(answered, api.get(volume).header("etag"));
    assertEquals(2_097_152, api.get(volume).body().path("quotaBytes").longValue());
    assertEquals(200, patch("{\"quotaBytes\": 3145728}", answered).status());
  }

  @ParameterizedTest
  @CsvSource({
    "DELETE, '', ''",
    "POST, /snapshots, {}",
    "DELETE, /snapshots/first, ''",
    "POST, /rollback, '{\"snapshot\": \"first\"}'",
    "POST, /clone, '{\"name\": \"default.copy\"}'",
    "PATCH, '', {}"
  })
  void everyChangeOfAVolumeHeedsTheTag(String method, String path, String body) throws Exception {
    String tag = api.get(volume).header("etag");

    ApiFixture.Answer stale = api.send(method, volume + path, body, IF_MATCH, "\"stale\"");
    String after = api.get(volume).header("etag");
    ApiFixture.Answer fresh = api.send(method, volume + path, body, IF_MATCH, "\"x\", " + tag);

    assertEquals(412, stale.status());
    assertEquals(tag, after);
    assertTrue(fresh.status() < 300, fresh::toString);
  }

  @Test
  void whatIsUsedIsReadAnewAndHindersNoChange() throws Exception {
    String tag = api.get(volume).header("etag");
    api.storage().setReferenced(api.get(volume).body().path("dataset").stringValue(), 4_096);

    assertEquals(200, api.send("GET", volume, "", IF_NONE_MATCH, tag).status());
    assertNotEquals(tag, api.get(volume).header("etag"));
    assertEquals(200, patch("{}", tag).status());
    assertEquals(200, patch("{}", "*").status());
  }

  @Test
  void aSnapshotOrAnEntryMoreIsAChange() throws Exception {
    String before = api.get(volume).header("etag");
    take("second");
    String taken = api.get(volume).header("etag");
    String described = patch("{\"metadata\": {\"a\": \"b\"}}", taken).header("etag");

    assertNotEquals(before, taken);
    assertNotEquals(taken, described);
  }

  @Test
  void whoIsInSyncWithTheSnapshotsIsToldSo() throws Exception {
    String snapshots = volume + "/snapshots";
    String tag = api.get(snapshots).header("etag");

    assertEquals(304, api.send("GET", snapshots, "", IF_NONE_MATCH, tag).status());
    take("second");
    assertEquals(200, api.send("GET", snapshots, "", IF_NONE_MATCH, tag).status());
  }

  private void take(String name) throws Exception {
    var _ = api.send("POST", volume + "/snapshots", "{\"name\": \"" + name + "\"}");
  }

  private ApiFixture.Answer patch(String body, String tag) throws Exception {
    return api.send("PATCH", volume, body, IF_MATCH, tag);
  }
}
