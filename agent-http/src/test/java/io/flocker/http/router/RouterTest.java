package io.flocker.http.router;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.id.NodeId;
import io.flocker.core.identity.Certified;
import io.flocker.core.identity.CertifiedPermission;
import io.flocker.core.identity.Principal;
import io.flocker.http.Routes;
import io.flocker.http.problem.Problem;
import io.flocker.http.route.JsonHandler;
import io.flocker.http.route.JsonResponse;
import io.flocker.http.route.JsonRoute;
import io.flocker.http.route.Route;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RouterTest {
  private static final JsonHandler HANDLER = _ -> JsonResponse.noContent();
  private static final NodeId OWN = NodeId.random();
  private static final Principal SELF = new Principal.Node(OWN);
  private static final Principal ROOT = new Principal.Local(OWN);
  private static final Principal USER = new Principal.User("alice");
  private static final Principal PEER = new Principal.Node(NodeId.random());
  private static final Route LIST = Routes.get("/v1/volumes", HANDLER);
  private static final Route ONE = Routes.get("/v1/volumes/{id}", HANDLER);
  private static final Route LITERAL = Routes.get("/v1/volumes/new", HANDLER);
  private static final Route PUSH = Routes.post("/v1/volumes/{volume}/push", HANDLER);
  private static final Route NODE = Routes.nodePut("/v1/volumes/{id}", HANDLER);

  private final Router router =
      new Router(List.of(ONE, PUSH, LIST, LITERAL, NODE), Authorizer.byRole(SELF, _ -> true));

  @Test
  void fillsTheVariablesOfTheTemplate() throws Exception {
    assertEquals(new Match(ONE, Map.of("id", "a b")), route("GET", "/v1/volumes/a%20b"));
    assertEquals(new Match(PUSH, Map.of("volume", "7")), route("POST", "/v1/volumes/7/push"));
    assertEquals(new Match(LIST, Map.of()), route("GET", "/v1/volumes?q=x"));
  }

  @Test
  void refusesAQueryThatIsNotDeclared() {
    FailureException failure = refused("GET", "/v1/volumes?q=x&filter=y&limit=", USER);

    assertEquals(RequestFailure.MALFORMED_REQUEST, failure.failure());
    assertEquals(List.of("filter", "limit"), failure.members().get("unknown"));
    assertEquals(List.of("q"), failure.members().get("declared"));
    assertEquals(
        "GET /v1/volumes has no query parameter 'filter', 'limit'; it has q", failure.detail());
  }

  @Test
  void ignoresWhatANewerNodeAddsToItsQuery() throws Exception {
    assertEquals(
        NODE,
        router
            .route("PUT", RequestTarget.parse("/v1/volumes/7?new=x"), Certified.plain(PEER))
            .route());
  }

  @Test
  void refusesAParameterThatIsSaidTwiceUnlessANodeAsks() throws Exception {
    FailureException failure = refused("GET", "/v1/volumes?q=x&q=x", USER);

    assertEquals(RequestFailure.MALFORMED_REQUEST, failure.failure());
    assertEquals(List.of("q"), failure.members().get("repeated"));
    RequestTarget twice = RequestTarget.parse("/v1/volumes/7?new=x&new=y");
    assertEquals(NODE, router.route("PUT", twice, Certified.plain(PEER)).route());
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
    FailureException failure = refused("DELETE", "/v1/volumes/7", USER);

    assertEquals(RequestFailure.METHOD_NOT_ALLOWED, failure.failure());
    assertEquals(List.of("GET", "HEAD", "OPTIONS"), failure.members().get(Problem.ALLOW));
  }

  @Test
  void forbidsTheMethodsThatAreNotForTheCaller() {
    assertEquals(RequestFailure.FORBIDDEN, refused("PUT", "/v1/volumes/7", USER).failure());
  }

  @Test
  void forbidsAPathBeforeItsMethodCounts() {
    assertEquals(RequestFailure.FORBIDDEN, refused("PATCH", "/v1/volumes", SELF).failure());
  }

  @Test
  void forbidsTheCommandsOfAnotherNode() {
    Principal other = new Principal.Local(NodeId.random());

    assertEquals(RequestFailure.FORBIDDEN, refused("GET", "/v1/volumes", other).failure());
  }

  @Test
  void refusesANodeThatIsNoPeerWhateverItAsks() {
    Set<NodeId> peers = new HashSet<>();
    Router strict = new Router(List.of(ONE, NODE), Authorizer.byRole(SELF, peers::contains));
    NodeId peer = NodeId.random();

    for (String method : List.of("PUT", "DELETE")) {
      FailureException failure =
          assertThrows(FailureException.class, () -> route(strict, method, peer));
      assertEquals(RequestFailure.NOT_A_PEER, failure.failure());
    }
    peers.add(peer);
    assertEquals(NODE, assertDoesNotThrow(() -> route(strict, "PUT", peer)).route());
    peers.remove(peer);
    assertThrows(FailureException.class, () -> route(strict, "PUT", peer));
  }

  private static Match route(Router router, String method, NodeId caller) throws FailureException {
    return router.route(
        method, RequestTarget.parse("/v1/volumes/7"), Certified.plain(new Principal.Node(caller)));
  }

  @Test
  void demandsAPermissionOfTheCertificate() throws Exception {
    Route taking =
        JsonRoute.post("takeOver", "/v1/volumes/{id}/takeover")
            .permits("volume:takeover", Route.PUBLIC)
            .demands(CertifiedPermission.TAKEOVER)
            .answersNothing()
            .servedBy(HANDLER);
    Router strict = new Router(List.of(taking), Authorizer.byRole(SELF, _ -> true));
    RequestTarget target = RequestTarget.parse("/v1/volumes/7/takeover");
    Certified may = new Certified(USER, Set.of(CertifiedPermission.TAKEOVER));
    Certified other = new Certified(USER, Set.of(CertifiedPermission.RESOLVE));

    assertEquals(taking, strict.route("POST", target, may).route());
    for (Certified caller : List.of(other, Certified.plain(ROOT))) {
      FailureException failure =
          assertThrows(FailureException.class, () -> strict.route("POST", target, caller));
      assertEquals(RequestFailure.FORBIDDEN, failure.failure());
      assertEquals("takeover", failure.members().get("permission"));
      assertTrue(failure.detail().contains("flocker-ca create-api-certificate --may takeover"));
    }
  }

  @Test
  void knowsNoOtherPaths() {
    for (String path : List.of("/", "/v1", "/v1/volumes/", "/v1/volumes/7/", "//v1/volumes")) {
      assertEquals(RequestFailure.NOT_FOUND, refused("GET", path, USER).failure(), path);
    }
  }

  @Test
  void refusesTwoRoutesForTheSameRequests() {
    List<Route> colliding = List.of(ONE, Routes.get("/v1/volumes/{other}", HANDLER));

    assertThrows(
        IllegalArgumentException.class,
        () -> new Router(colliding, Authorizer.byRole(SELF, _ -> true)));
  }

  private Match route(String method, String target) throws FailureException {
    return router.route(method, RequestTarget.parse(target), Certified.plain(USER));
  }

  private FailureException refused(String method, String target, Principal caller) {
    return assertThrows(
        FailureException.class,
        () -> router.route(method, RequestTarget.parse(target), Certified.plain(caller)));
  }
}
