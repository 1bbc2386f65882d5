package io.flocker.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class RepeatedAndParallelTest {
  private static final String VOLUMES = "/v1/volumes";
  private static final String KEY = "Idempotency-Key";

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
  @DisplayName("H11 eight creates for each CPU in parallel: no deadlock, all done")
  void createsManyAtOnce() throws Exception {
    int count = 8 * Runtime.getRuntime().availableProcessors();
    List<Future<Integer>> made = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < count; i++) {
        String name = "default.parallel-" + i;
        made.add(threads.submit(() -> create(name, UUID.randomUUID().toString()).status()));
      }
    }

    for (Future<Integer> status : made) {
      assertEquals(201, status.get());
    }
    assertEquals(count, volumes());
  }

  @Test
  @DisplayName("H04 the same idempotency key twice: done once, answered alike")
  void doesOnceWhatBearsTheSameKey() throws Exception {
    String key = UUID.randomUUID().toString();

    ApiFixture.Answer first = create("default.once", key);
    ApiFixture.Answer again = create("default.once", key);
    ApiFixture.Answer other = create("default.other", key);

    assertEquals(201, first.status());
    assertEquals(201, again.status());
    assertEquals(first.body().path("id"), again.body().path("id"));
    assertEquals(first.header("location"), again.header("location"));
    assertEquals(422, other.status());
    assertEquals(1, volumes());
  }

  @Test
  @DisplayName("H09 a collection is filtered by name")
  void filtersACollection() throws Exception {
    create("default.one", UUID.randomUUID().toString());
    create("default.two", UUID.randomUUID().toString());

    ApiFixture.Answer one = api.get(VOLUMES + "?name=default.one");

    assertEquals(1, one.body().path("volumes").size());
    assertEquals("default.one", one.body().at("/volumes/0/name").stringValue());
    assertEquals(0, api.get(VOLUMES + "?name=default.none").body().path("volumes").size());
    assertEquals(400, api.get(VOLUMES + "?name=no%20name").status());
  }

  @Test
  @DisplayName("H09 a collection tells its members whole: there is nothing to recurse into")
  void tellsMembersWhole() throws Exception {
    create("default.one", UUID.randomUUID().toString());
    String path = VOLUMES + "/" + api.get(VOLUMES).body().at("/volumes/0/id").stringValue();
    var _ = api.send("POST", path + "/snapshots", "{\"name\": \"first\"}");

    JsonNode whole = api.get(path).body();
    JsonNode state = api.get("/v1/state").body();

    assertEquals(whole, api.get(VOLUMES).body().at("/volumes/0"));
    assertEquals(whole, state.at("/volumes/0"));
    assertEquals("first", state.at("/snapshots").iterator().next().at("/0/name").stringValue());
    assertEquals(400, api.get(VOLUMES + "?recursion=1").status());
  }

  private ApiFixture.Answer create(String name, String key) throws Exception {
    return api.send("POST", VOLUMES, "{\"name\":\"" + name + "\"}", KEY, key);
  }

  private int volumes() throws Exception {
    return api.get(VOLUMES).body().path("volumes").size();
  }
}
