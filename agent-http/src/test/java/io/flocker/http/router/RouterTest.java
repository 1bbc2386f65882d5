package io.flocker.http.router;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import io.flocker.http.Routes;
import io.flocker.http.problem.Problem;
import io.flocker.http.route.Caller;
import io.flocker.http.route.JsonHandler;
import io.flocker.http.route.JsonResponse;
import io.flocker.http.route.Route;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RouterTest {
  private static final JsonHandler HANDLER = _ -> JsonResponse.noContent();
  private static final Route LIST = Routes.get("/v1/volumes", HANDLER);
  private static final Route ONE = Routes.get("/v1/volumes/{id}", HANDLER);
  private static final Route LITERAL = Routes.get("/v1/volumes/new", HANDLER);
  private static final Route PUSH = Routes.post("/v1/volumes/{volume}/push", HANDLER);
  private static final Route NODE = Routes.nodePut("/v1/volumes/{id}", HANDLER);

  private final Router router = new Router(List.of(ONE, PUSH, LIST, LITERAL, NODE));

  @Test
  void fillsTheVariablesOfTheTemplate() throws Exception {
    assertEquals(new Match(ONE, Map.of("id", "a b")), route("GET", "/v1/volumes/a%20b"));
    assertEquals(new Match(PUSH, Map.of("volume", "7")), route("POST", "/v1/volumes/7/push"));
    assertEquals(new Match(LIST, Map.of()), route("GET", "/v1/volumes?name=x"));
  }

  @Test
  void prefersALiteralSegment() throws Exception {
    assertEquals(LITERAL, route("GET", "/v1/volumes/new").route());
  }

  @Test
  void servesHeadByGet() throws Exception {
    assertEquals(LIST, route("HEAD", "/v1/volumes").route());
  }

  @Test
  void hidesTheMethodsThatAreNotForTheCaller() {
    FailureException failure = refused("PUT", "/v1/volumes/7", Caller.USER);

    assertEquals(RequestFailure.METHOD_NOT_ALLOWED, failure.failure());
    assertEquals(List.of("GET", "HEAD", "OPTIONS"), failure.members().get(Problem.ALLOW));
  }

  @Test
  void forbidsAPathBeforeItsMethodCounts() {
    assertEquals(RequestFailure.FORBIDDEN, refused("PATCH", "/v1/volumes", Caller.NODE).failure());
  }

  @Test
  void knowsNoOtherPaths() {
    for (String path : List.of("/", "/v1", "/v1/volumes/", "/v1/volumes/7/", "//v1/volumes")) {
      assertEquals(RequestFailure.NOT_FOUND, refused("GET", path, Caller.USER).failure(), path);
    }
  }

  @Test
  void refusesTwoRoutesForTheSameRequests() {
    List<Route> colliding = List.of(ONE, Routes.get("/v1/volumes/{other}", HANDLER));

    assertThrows(IllegalArgumentException.class, () -> new Router(colliding));
  }

  private Match route(String method, String target) throws FailureException {
    return router.route(method, RequestTarget.parse(target), Caller.USER);
  }

  private FailureException refused(String method, String target, Caller caller) {
    return assertThrows(
        FailureException.class, () -> router.route(method, RequestTarget.parse(target), caller));
  }
}
