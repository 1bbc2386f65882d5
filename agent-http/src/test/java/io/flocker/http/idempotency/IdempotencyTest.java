package io.flocker.http.idempotency;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.flocker.core.failure.Failure;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.identity.Principal;
import io.flocker.core.operation.OperationKinds;
import io.flocker.core.operation.OperationObserver;
import io.flocker.core.operation.Operations;
import io.flocker.core.store.Database;
import io.flocker.core.store.StoredKeys;
import io.flocker.core.store.StoredOperations;
import io.flocker.http.json.Json;
import io.flocker.http.route.JsonHandler;
import io.flocker.http.route.JsonRequest;
import io.flocker.http.route.JsonResponse;
import io.flocker.http.route.JsonRoute;
import io.flocker.http.route.Parameter;
import io.flocker.http.route.Route;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class IdempotencyTest {
  private static final Principal ALICE = new Principal.User("alice");
  private static final Principal BOB = new Principal.User("bob");

  private final List<String> done = new ArrayList<>();
  private Database database;
  private Operations operations;
  private Idempotency idempotency;

  @BeforeEach
  void open(@TempDir Path folder) throws Exception {
    database = Database.open(folder);
    operations =
        new Operations(
            new StoredOperations(database),
            new OperationKinds(),
            OperationObserver.NONE,
            InstantSource.system(),
            Duration.ofSeconds(10));
    idempotency = new Idempotency(new StoredKeys(database), operations, InstantSource.system());
  }

  @AfterEach
  void close() throws Exception {
    operations.close();
    database.close();
  }

  @Test
  void oneKeyOfTwoCallersTwoTargetsOrTwoRoutesIsTwoKeys() throws Exception {
    JsonHandler make = served("makeThing", "/v1/things/{id}");
    JsonHandler sell = served("sellThing", "/v1/things/{id}/sale");

    for (int i = 0; i < 2; i++) {
      var _ = make.handle(request(ALICE, "1", "{}"));
      var _ = make.handle(request(BOB, "1", "{}"));
      var _ = make.handle(request(ALICE, "2", "{}"));
      var _ = sell.handle(request(ALICE, "1", "{}"));
    }

    assertEquals(
        List.of(
            "makeThing 1 user-alice",
            "makeThing 1 user-bob",
            "makeThing 2 user-alice",
            "sellThing 1 user-alice"),
        done);
  }

  @Test
  void theSecondIsAnsweredAsTheFirstWasAndSaysSo() throws Exception {
    JsonHandler make = served("makeThing", "/v1/things/{id}");

    JsonResponse first = make.handle(request(ALICE, "1", "{\"a\":1,\"b\":2}"));
    JsonResponse second = make.handle(request(ALICE, "1", "{\"b\":2,\"a\":1}"));

    assertEquals(Json.tree(first.body()), Json.tree(second.body()));
    assertEquals(first.status(), second.status());
    assertEquals("true", second.headers().get(Idempotency.REPLAYED));
    assertEquals(1, done.size());
  }

  @Test
  void anotherBodyUnderTheSameKeyIsRefused() throws Exception {
    JsonHandler make = served("makeThing", "/v1/things/{id}");
    var _ = make.handle(request(ALICE, "1", "{\"a\":1}"));

    assertFails(RequestFailure.KEY_REUSED, make, request(ALICE, "1", "{\"a\":2}"));

    assertEquals(1, done.size());
  }

  @Test
  void whatIsStillAtWorkIsNotDoneBesideItself() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch gate = new CountDownLatch(1);
    JsonHandler make =
        serving(
            "makeThing",
            "/v1/things/{id}",
            request -> {
              begun.countDown();
              gate.await();
              return answer("makeThing", request);
            });
    FutureTask<JsonResponse> first = new FutureTask<>(() -> make.handle(request(ALICE, "1", "{}")));
    var _ = Thread.startVirtualThread(first);
    begun.await();

    assertFails(RequestFailure.KEY_IN_USE, make, request(ALICE, "1", "{}"));
    gate.countDown();
    var _ = first.get();
    var _ = make.handle(request(ALICE, "1", "{}"));

    assertEquals(1, done.size());
  }

  @Test
  void aKeyIsGivenBackAfterARefusalAndNotAfterAFault() throws Exception {
    List<Failure> failures =
        new ArrayList<>(List.of(OwnershipFailure.VOLUME_EXISTS, RequestFailure.INTERNAL_ERROR));
    JsonHandler make =
        serving(
            "makeThing",
            "/v1/things/{id}",
            request -> {
              throw failures.removeFirst().because("so");
            });

    assertFails(OwnershipFailure.VOLUME_EXISTS, make, request(ALICE, "1", "{}"));
    assertFails(RequestFailure.INTERNAL_ERROR, make, request(ALICE, "1", "{}"));
    assertFails(RequestFailure.OUTCOME_UNKNOWN, make, request(ALICE, "1", "{}"));
  }

  private JsonHandler served(String id, String path) {
    return serving(id, path, request -> answer(id, request));
  }

  private JsonHandler serving(String id, String path, JsonHandler handler) {
    Route route =
        JsonRoute.post(id, path)
            .permits("thing:write", Route.PUBLIC)
            .summary("Do something")
            .description("Does something.")
            .heeds(Parameter.path("id", "uuid", "Of the thing."))
            .answers("thing")
            .servedBy(handler);
    return ((JsonRoute) idempotency.over(List.of(route)).getFirst()).handler();
  }

  private synchronized JsonResponse answer(String id, JsonRequest request) {
    done.add(id + " " + request.variables().get("id") + " " + request.caller().name());
    return JsonResponse.ok(Map.of("number", done.size()));
  }

  private static JsonRequest request(Principal caller, String id, String body) {
    return new JsonRequest(
        caller,
        Map.of("id", id),
        Map.of(),
        Map.of("idempotency-key", "\"the same\""),
        Json.read(body.getBytes(UTF_8)));
  }

  private static void assertFails(Failure expected, JsonHandler handler, JsonRequest request) {
    FailureException failure = assertThrows(FailureException.class, () -> handler.handle(request));
    assertEquals(expected, failure.failure(), failure::getMessage);
  }
}
