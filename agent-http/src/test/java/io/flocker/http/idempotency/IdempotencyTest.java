package io.flocker.http.idempotency;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.Failure;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.NodeId;
import io.flocker.core.idempotency.KeyStore;
import io.flocker.core.identity.Principal;
import io.flocker.core.operation.OperationKinds;
import io.flocker.core.operation.OperationObserver;
import io.flocker.core.operation.Operations;
import io.flocker.core.store.Database;
import io.flocker.core.store.StoredKeys;
import io.flocker.core.store.StoredOperations;
import io.flocker.http.Routes;
import io.flocker.http.json.Json;
import io.flocker.http.route.JsonHandler;
import io.flocker.http.route.JsonRequest;
import io.flocker.http.route.JsonResponse;
import io.flocker.http.route.JsonRoute;
import io.flocker.http.route.Route;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdempotencyTest {
  private static final Principal ALICE = new Principal.User("alice");
  private static final Principal BOB = new Principal.User("bob");
  private static final String BODY = "{\"name\":\"aa\"}";

  private final AtomicInteger served = new AtomicInteger();
  private Database database;
  private Operations operations;
  private Idempotency idempotency;

  @BeforeEach
  void open(@TempDir Path folder) throws Exception {
    database = Database.open(folder);
    operations =
        new Operations(
            NodeId.random(),
            new StoredOperations(database),
            new OperationKinds(),
            OperationObserver.NONE,
            InstantSource.system(),
            Duration.ofSeconds(1));
    idempotency = new Idempotency(new StoredKeys(database), operations, InstantSource.system());
  }

  @AfterEach
  void close() throws Exception {
    operations.close();
    database.close();
  }

  @Test
  void answersARepetitionAsTheFirstWasAnswered() throws Exception {
    JsonRoute route = over(Routes.post("/v1/a/{id}", this::serve));

    JsonResponse first = ask(route, ALICE, "1", "key", BODY);
    JsonResponse again = ask(route, ALICE, "1", "\"key\"", BODY);

    assertEquals(1, served.get());
    assertEquals(first.status(), again.status());
    assertEquals(Json.tree(first.body()), Json.tree(again.body()));
    assertFalse(first.headers().containsKey(Idempotency.REPLAYED));
    assertEquals("true", again.headers().get(Idempotency.REPLAYED));
    assertEquals("kept", again.headers().get("X-Own"));
  }

  @Test
  void forgetsAKeyOnceItIsOldEnough() throws Exception {
    AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-02T03:04:05Z"));
    idempotency = new Idempotency(new StoredKeys(database), operations, now::get);
    JsonRoute route = over(Routes.post("/v1/a/{id}", this::serve));
    var _ = ask(route, ALICE, "1", "key", BODY);

    now.updateAndGet(then -> then.plus(KeyStore.KEPT));
    idempotency.upkeep();
    var _ = ask(route, ALICE, "1", "key", BODY);
    assertEquals(1, served.get());

    now.updateAndGet(then -> then.plusSeconds(1));
    idempotency.upkeep();
    var _ = ask(route, ALICE, "1", "key", BODY);
    assertEquals(2, served.get());
  }

  @Test
  void sharesNoKeyBetweenCallers() throws Exception {
    JsonRoute route = over(Routes.post("/v1/a/{id}", this::serve));

    var _ = ask(route, ALICE, "1", "key", BODY);
    var _ = ask(route, BOB, "1", "key", BODY);

    assertEquals(2, served.get());
  }

  @Test
  void sharesNoKeyBetweenRoutes() throws Exception {
    var _ = ask(over(Routes.post("/v1/a/{id}", this::serve)), ALICE, "1", "key", BODY);
    var _ = ask(over(Routes.post("/v1/b/{id}", this::serve)), ALICE, "1", "key", BODY);

    assertEquals(2, served.get());
  }

  @Test
  void sharesNoKeyBetweenMethods() throws Exception {
    JsonRoute put =
        JsonRoute.put("put", "/v1/a/{id}")
            .permits("test:use", Route.PUBLIC)
            .takes("test-user-input")
            .answers("test-output")
            .servedBy(this::serve);

    var _ = ask(over(Routes.post("/v1/a/{id}", this::serve)), ALICE, "1", "key", BODY);
    var _ = ask(over(put), ALICE, "1", "key", BODY);

    assertEquals(2, served.get());
  }

  @Test
  void sharesNoKeyBetweenTargets() throws Exception {
    JsonRoute route = over(Routes.post("/v1/a/{id}", this::serve));

    var _ = ask(route, ALICE, "1", "key", BODY);
    var _ = ask(route, ALICE, "2", "key", BODY);

    assertEquals(2, served.get());
  }

  @Test
  void refusesAKeyForAnotherBodyOrQuery() throws Exception {
    JsonRoute route = over(Routes.post("/v1/a/{id}", this::serve));
    var _ = ask(route, ALICE, "1", "key", BODY);

    refused(RequestFailure.KEY_REUSED, route, request(ALICE, "1", "key", "{\"name\":\"bb\"}"));
    JsonRequest same = request(ALICE, "1", "key", BODY);
    refused(
        RequestFailure.KEY_REUSED,
        route,
        new JsonRequest(
            ALICE, same.variables(), Map.of("q", List.of("x")), same.headers(), same.body()));
    assertEquals(1, served.get());
  }

  @Test
  void takesTheSameMembersInAnotherOrderForTheSame() throws Exception {
    JsonRoute route = over(Routes.post("/v1/a/{id}", this::serve));

    var _ = ask(route, ALICE, "1", "key", "{\"name\":\"aa\",\"size\":1}");
    var _ = ask(route, ALICE, "1", "key", "{\"size\":1,\"name\":\"aa\"}");

    assertEquals(1, served.get());
  }

  @Test
  void givesOutNoKeyThatIsStillAtWork() throws Exception {
    CountDownLatch isServing = new CountDownLatch(1);
    CountDownLatch isReleased = new CountDownLatch(1);
    JsonRoute route =
        over(
            Routes.post(
                "/v1/a/{id}",
                request -> {
                  if (isServing.getCount() > 0) {
                    isServing.countDown();
                    isReleased.await();
                  }
                  return serve(request);
                }));
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<JsonResponse> first = threads.submit(() -> ask(route, ALICE, "1", "key", BODY));
      assertTrue(isServing.await(30, TimeUnit.SECONDS));

      try {
        refused(RequestFailure.KEY_IN_USE, route, request(ALICE, "1", "key", BODY));
      } finally {
        isReleased.countDown();
      }

      assertEquals(200, first.get().status());
    }
    assertEquals(200, ask(route, ALICE, "1", "key", BODY).status());
    assertEquals(1, served.get());
  }

  @ParameterizedTest
  @ValueSource(strings = {"VOLUME_EXISTS", "VOLUME_LOCKED"})
  void givesTheKeyBackAfterARefusal(String refusal) throws Exception {
    JsonRoute route =
        over(
            Routes.post(
                "/v1/a/{id}",
                request -> {
                  if (served.get() == 0) {
                    served.incrementAndGet();
                    throw OwnershipFailure.valueOf(refusal).because("not now");
                  }
                  return serve(request);
                }));

    refused(OwnershipFailure.valueOf(refusal), route, request(ALICE, "1", "key", BODY));

    assertEquals(200, ask(route, ALICE, "1", "key", "{\"name\":\"bb\"}").status());
  }

  private static Stream<Failure> thatChangeNothing() {
    return Stream.of(
        RequestFailure.SHUTTING_DOWN,
        RequestFailure.STATE_UNAVAILABLE,
        StorageFailure.POOL_UNAVAILABLE,
        StorageFailure.ZFS_UNAVAILABLE,
        StorageFailure.NO_SPACE);
  }

  @ParameterizedTest
  @MethodSource("thatChangeNothing")
  void givesTheKeyBackWhereNothingWasDone(Failure failure) {
    JsonRoute route = over(failing(failure));

    refused(failure, route, request(ALICE, "1", "key", BODY));
    refused(failure, route, request(ALICE, "1", "key", BODY));
  }

  @ParameterizedTest
  @MethodSource("thatChangeNothing")
  void keepsTheKeyWhereSomethingMayBeLeft(Failure failure) {
    FailureException plain = failure.because("broken");
    List<FailureException> marked =
        List.of(
            plain.undecided(),
            plain.afterTheChange(),
            plain.with(FailureException.NOT_UNDONE, List.of("the dataset")));
    for (FailureException why : marked) {
      String key = "key" + marked.indexOf(why);
      JsonRoute route =
          over(
              Routes.post(
                  "/v1/a/{id}",
                  _ -> {
                    throw why;
                  }));
      refused(failure, route, request(ALICE, "1", key, BODY));
      refused(RequestFailure.OUTCOME_UNKNOWN, route, request(ALICE, "1", key, BODY));
    }
  }

  private static Stream<Failure> thatMayHaveChangedSomething() {
    return Stream.of(
        RequestFailure.INTERNAL_ERROR,
        StorageFailure.ZFS_TIMEOUT,
        StorageFailure.ZFS_FAILED,
        StorageFailure.ZFS_OUTPUT_UNREADABLE,
        TransferFailure.CANCELLED);
  }

  @ParameterizedTest
  @MethodSource("thatMayHaveChangedSomething")
  void doesNotGuessWhatBecameOfAPostThatBroke(Failure failure) {
    JsonRoute route = over(failing(failure));

    refused(failure, route, request(ALICE, "1", "key", BODY));
    refused(RequestFailure.OUTCOME_UNKNOWN, route, request(ALICE, "1", "key", BODY));
  }

  @Test
  void doesAgainWhatIsTheSameWhenDoneTwice() throws Exception {
    JsonRoute route =
        over(
            JsonRoute.delete("delete", "/v1/a/{id}")
                .permits("test:use", Route.PUBLIC)
                .answersNothing()
                .servedBy(failing(RequestFailure.INTERNAL_ERROR).handler()));

    refused(RequestFailure.INTERNAL_ERROR, route, request(ALICE, "1", "key", BODY));
    refused(RequestFailure.INTERNAL_ERROR, route, request(ALICE, "1", "key", BODY));
  }

  @Test
  void keepsNothingOfARequestWithoutAKey() throws Exception {
    JsonRoute route = over(Routes.post("/v1/a/{id}", this::serve));
    JsonRequest bare = request(ALICE, "1", "key", BODY);
    bare = new JsonRequest(ALICE, bare.variables(), Map.of(), Map.of(), bare.body());

    var _ = route.handler().handle(bare);
    var _ = route.handler().handle(bare);

    assertEquals(2, served.get());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\"", "\"a", "a\"b", "a\\b", "\u00e9", "a\tb"})
  void refusesAKeyOfAnotherForm(String key) throws Exception {
    JsonRoute route = over(Routes.post("/v1/a/{id}", this::serve));

    refused(RequestFailure.MALFORMED_REQUEST, route, request(ALICE, "1", key, BODY));
    refused(RequestFailure.MALFORMED_REQUEST, route, request(ALICE, "1", "k".repeat(256), BODY));
    assertEquals(200, ask(route, ALICE, "1", "k".repeat(255), BODY).status());
  }

  @Test
  void leavesReadsAndNodesAlone() {
    Route read = Routes.get("/v1/a", this::serve);
    Route node = Routes.nodePut("/node/v1/a", this::serve);

    assertEquals(List.of(read, node), idempotency.over(List.of(read, node)));
  }

  private JsonRoute failing(Failure failure) {
    JsonHandler handler =
        _ -> {
          throw failure.because("broken");
        };
    return Routes.post("/v1/a/{id}", handler);
  }

  private JsonRoute over(JsonRoute route) {
    return (JsonRoute) idempotency.over(List.of(route)).getFirst();
  }

  private JsonResponse serve(JsonRequest request) {
    Map<String, String> headers = Map.of("X-Own", "kept");
    return new JsonResponse(200, Map.of("said", "n" + served.incrementAndGet()), headers);
  }

  private static JsonResponse ask(
      JsonRoute route, Principal caller, String id, String key, String body) throws Exception {
    return route.handler().handle(request(caller, id, key, body));
  }

  private static void refused(Failure expected, JsonRoute route, JsonRequest request) {
    FailureException failure =
        assertThrows(FailureException.class, () -> route.handler().handle(request));
    assertEquals(expected, failure.failure(), failure.detail());
  }

  private static JsonRequest request(Principal caller, String id, String key, String body) {
    return new JsonRequest(
        caller,
        Map.of("id", id),
        Map.of(),
        Map.of("idempotency-key", key),
        Json.read(body.getBytes(StandardCharsets.UTF_8)));
  }
}
