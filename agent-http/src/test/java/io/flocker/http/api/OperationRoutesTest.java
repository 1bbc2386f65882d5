package io.flocker.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.StorageFailure;
import io.flocker.core.id.VolumeId;
import io.flocker.core.identity.Principal;
import io.flocker.core.operation.OperationBody;
import io.flocker.core.operation.OperationView;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OperationRoutesTest {
  private static final Principal OTHER = new Principal.User("other");

  private final CountDownLatch end = new CountDownLatch(1);

  private ApiFixture api;

  @BeforeEach
  void open(@TempDir Path folder) throws Exception {
    api = new ApiFixture(folder);
  }

  @AfterEach
  void close() throws Exception {
    end.countDown();
    api.close();
  }

  @Test
  void aRunningOperationIsShownAtOnce() throws Exception {
    String path = path(start(ApiFixture.USER, _ -> untilEnd()));

    ApiFixture.Answer answer = api.get(path);

    assertEquals(200, answer.status());
    assertEquals("running", answer.body().path("state").stringValue());
    assertEquals(answer.body().path("id"), api.get("/v1/operations").body().at("/operations/0/id"));
  }

  @Test
  @DisplayName("H05 a wait returns at the end")
  void whoWaitsIsToldOfTheEnd() throws Exception {
    String path = path(start(ApiFixture.USER, _ -> untilEnd()));
    Thread.startVirtualThread(end::countDown);

    ApiFixture.Answer answer = api.get(path + "?wait=60s");

    assertEquals("succeeded", answer.body().path("state").stringValue());
    assertEquals("done", answer.body().at("/result/outcome").stringValue());
  }

  @Test
  @DisplayName("H05 a wait returns when its time is over")
  void whoWaitsIsToldWhenTheTimeIsOver() throws Exception {
    String path = path(start(ApiFixture.USER, _ -> untilEnd()));
    long begun = System.nanoTime();

    ApiFixture.Answer answer = api.get(path + "?wait=1s");

    assertTrue(System.nanoTime() - begun >= 1_000_000_000, "answered before its time");
    assertEquals(200, answer.status());
    assertEquals("running", answer.body().path("state").stringValue());
  }

  @Test
  void aFailedOperationSaysWhy() throws Exception {
    String path =
        path(
            start(
                ApiFixture.USER,
                _ -> {
                  throw StorageFailure.NO_SPACE.because("pool0 is full");
                }));

    ApiFixture.Answer answer = api.get(path + "?wait=60s");

    assertEquals("failed", answer.body().path("state").stringValue());
    assertEquals("urn:flocker:problem:no-space", answer.body().at("/problem/type").stringValue());
  }

  @Test
  @DisplayName("A11 an operation of another identity that one could not have started is 404")
  void theOperationOfSomebodyElseIsNotThere() throws Exception {
    String path = path(start("secret", OTHER, _ -> untilEnd()));

    assertEquals("urn:flocker:problem:operation-not-found", api.get(path).problem());
    assertEquals(404, api.delete(path).status());
    assertEquals(0, api.get("/v1/operations").body().path("operations").size());
  }

  @Test
  void whatTheCallerMightHaveStartedIsThereAndCanBeCancelled() throws Exception {
    String path =
        path(
            start(
                OTHER,
                context -> {
                  context.onCancel(end::countDown);
                  end.await();
                  context.phase("more");
                  return Map.of();
                }));

    assertEquals(200, api.get(path).status());
    assertEquals(1, api.get("/v1/operations").body().path("operations").size());
    assertEquals(1, api.get("/v1/state").body().path("operations").size());
    assertEquals(202, api.delete(path).status());
    assertEquals("cancelled", api.get(path + "?wait=60s").body().path("state").stringValue());
  }

  @Test
  void whatAnybodyStartedIsThereForTheNodesOwnCommandsAndTheyCancelIt() throws Exception {
    String path =
        path(
            start(
                OTHER,
                context -> {
                  context.onCancel(end::countDown);
                  end.await();
                  context.phase("more");
                  return Map.of();
                }));

    assertEquals(200, api.asLocal("GET", path).status());
    assertEquals(202, api.asLocal("DELETE", path).status());
    assertEquals(
        "cancelled", api.asLocal("GET", path + "?wait=60s").body().path("state").stringValue());
  }

  @Test
  void whatHasEndedIsNotCancelled() throws Exception {
    String path = path(start(ApiFixture.USER, _ -> Map.of()));
    var _ = api.get(path + "?wait=60s");

    ApiFixture.Answer answer = api.delete(path);

    assertEquals(409, answer.status());
    assertEquals("urn:flocker:problem:operation-ended", answer.problem());
  }

  @Test
  @DisplayName("H09 operations are filtered by state, kind and volume, together too")
  void filtersOperations() throws Exception {
    OperationView running = start(ApiFixture.USER, _ -> untilEnd());
    OperationView ended = start(ApiFixture.USER, _ -> Map.of());
    var _ = api.get(path(ended) + "?wait=60s");

    assertEquals(List.of(running.id().toString()), ids("?state=running"));
    assertEquals(List.of(ended.id().toString()), ids("?state=succeeded&kind=push"));
    assertEquals(List.of(), ids("?kind=handoff"));
    assertEquals(List.of(ended.id().toString()), ids("?volume=" + ended.volume().orElseThrow()));
    assertEquals(List.of(), ids("?state=running&volume=" + ended.volume().orElseThrow()));
    assertEquals(400, api.get("/v1/operations?state=asleep").status());
  }

  @Test
  void operationsAreListedOfAVolumeThatIsNamed() throws Exception {
    VolumeId volume = api.replica("default.db");
    OperationView its = start(Optional.of(volume));
    OperationView _ = start(ApiFixture.USER, _ -> Map.of());
    var _ = api.get("/v1/volumes");

    assertEquals(List.of(its.id().toString()), ids("?volume=default.db"));
    assertEquals("default.db", api.get(path(its)).body().path("volumeName").stringValue());
    assertEquals(
        "default.db", api.get("/v1/operations").body().at("/operations/1/volumeName").asString());
    assertEquals(404, api.get("/v1/operations?volume=default.missing").status());
    assertEquals(400, api.get("/v1/operations?volume=db").status());
  }

  private List<String> ids(String query) throws Exception {
    return api.get("/v1/operations" + query)
        .body()
        .path("operations")
        .valueStream()
        .map(operation -> operation.path("id").stringValue())
        .toList();
  }

  @Test
  void aCancelledOperationEnds() throws Exception {
    String path =
        path(
            start(
                ApiFixture.USER,
                context -> {
                  context.onCancel(end::countDown);
                  end.await();
                  context.phase("more");
                  return Map.of();
                }));

    ApiFixture.Answer answer = api.delete(path);

    assertEquals(202, answer.status());
    assertEquals(path, answer.header("location"));
    assertEquals("cancelled", api.get(path + "?wait=60s").body().path("state").stringValue());
  }

  @Test
  void whatIsPastItsCommitIsNotCancelled() throws Exception {
    CountDownLatch committed = new CountDownLatch(1);
    String path =
        path(
            start(
                ApiFixture.USER,
                context -> {
                  context.pastCommit();
                  committed.countDown();
                  return untilEnd();
                }));
    committed.await();

    ApiFixture.Answer answer = api.delete(path);

    assertEquals(409, answer.status());
    assertEquals("urn:flocker:problem:past-commit", answer.problem());
  }

  @ParameterizedTest
  @ValueSource(strings = {"61s", "30", "-1s", "1m", "", "999999999999s"})
  void aWaitThatIsTooLongOrNoneIsMalformed(String wait) throws Exception {
    String path = path(start(ApiFixture.USER, _ -> Map.of()));

    ApiFixture.Answer answer = api.get(path + "?wait=" + wait);

    assertEquals(400, answer.status());
    assertTrue(answer.detail().contains("30s"), answer.detail());
  }

  private Map<String, Object> untilEnd() throws InterruptedException {
    end.await();
    return Map.of("outcome", "done");
  }

  private OperationView start(Principal owner, OperationBody body) throws Exception {
    return start("push", owner, body);
  }

  private OperationView start(String kind, Principal owner, OperationBody body) throws Exception {
    return api.operations().start(kind, owner, Optional.of(VolumeId.random()), Map.of(), body);
  }

  private OperationView start(Optional<VolumeId> volume) throws Exception {
    return api.operations().start("push", ApiFixture.USER, volume, Map.of(), _ -> Map.of());
  }

  private static String path(OperationView operation) {
    return "/v1/operations/" + operation.id();
  }
}
