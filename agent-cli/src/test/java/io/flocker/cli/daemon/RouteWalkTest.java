package io.flocker.cli.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.RequestFailure;
import io.flocker.http.json.Json;
import io.flocker.http.route.Body;
import io.flocker.http.route.Caller;
import io.flocker.http.route.Declaration;
import io.flocker.http.route.JsonRoute;
import io.flocker.http.route.Outcome;
import io.flocker.http.route.Parameter;
import io.flocker.http.route.Route;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * Every route that flockerd serves, whoever declares it: what it has to say of itself, what it has
 * to refuse, and that it answers its own example.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RouteWalkTest {
  private static final List<String> METHODS = List.of("GET", "POST", "PUT", "PATCH", "DELETE");
  private static final Pattern VARIABLE = Pattern.compile("\\{([^}]*)}");
  private static final int TOO_LARGE = 1024 * 1024 + 1;

  private List<Route> routes = List.of();
  private Walk walk;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    routes = ServedRoutes.in(Files.createDirectory(folder.resolve("node")));
    walk = new Walk(Files.createDirectory(folder.resolve("walk")), routes);
  }

  @AfterAll
  void stop() {
    walk.close();
  }

  @ParameterizedTest
  @MethodSource("all")
  void isDeclaredWhole(Declared declared) {
    Declaration route = declared.route();
    List<String> missing = new ArrayList<>();
    require(!route.summary().isEmpty(), missing, ".summary(\"…\"): what it does, in a few words");
    require(
        route.description().endsWith("."), missing, ".description(\"….\"): one or two sentences");
    require(
        route.permission().matches("[a-z]+:[a-z]+"),
        missing,
        ".permits(\"thing:verb\", …): a permission");
    require(!route.callers().isEmpty(), missing, ".permits(…, Route.PUBLIC): whom it is for");
    require(!route.outcomes().isEmpty(), missing, ".answers(\"schema\"), or its like");
    Set<String> described = new HashSet<>();
    route.parameters().stream()
        .filter(parameter -> parameter.place() == Parameter.Place.PATH)
        .forEach(parameter -> described.add(parameter.name()));
    Matcher variables = VARIABLE.matcher(route.path());
    while (variables.find()) {
      require(
          described.remove(variables.group(1)),
          missing,
          ".heeds(Parameter.path(\"" + variables.group(1) + "\", …))");
    }
    assertEquals(Set.of(), described, "described variables that the path does not have");
    for (Parameter parameter : route.parameters()) {
      require(
          !Walk.value(parameter).isEmpty(),
          missing,
          "an example of "
              + parameter.name()
              + ": .withExample(\"…\"), or in "
              + parameter.schema());
    }
    bodies(route)
        .filter(body -> body.schema().isPresent() && Walk.example(body).isEmpty())
        .forEach(body ->
            missing.add(
                "\"examples\": [ … ] in the schema " + body.schema().get() + ", or .example(…)"));

    assertEquals(List.of(), missing, () -> declared + " lacks, where it is declared");
  }

  @Test
  void hasANameOfItsOwn() {
    Set<String> names = new HashSet<>();

    assertEquals(
        List.of(),
        all().map(Declared::route).map(Declaration::id).filter(id -> !names.add(id)).toList());
  }

  @ParameterizedTest
  @MethodSource("all")
  void refusesWhoeverHasNoCertificate(Declared declared) {
    HttpRequest request = request(declared.route(), example(declared.route()));

    assertThrows(IOException.class, () -> walk.sendWithoutCertificate(request));
  }

  @ParameterizedTest
  @MethodSource("all")
  void refusesTheWrongRole(Declared declared) throws Exception {
    HttpRequest request = request(declared.route(), example(declared.route()));
    for (Caller caller : Caller.values()) {
      if (!declared.route().callers().contains(caller)) {
        assertRefused(RequestFailure.FORBIDDEN, walk.send(caller, request));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void refusesTheWrongMethod(Declared declared) throws Exception {
    Declaration route = declared.route();
    Set<String> there = new HashSet<>();
    all()
        .map(Declared::route)
        .filter(other -> shape(other).equals(shape(route)))
        .forEach(other -> there.add(other.method()));
    for (String method : METHODS) {
      if (!there.contains(method)) {
        HttpRequest request =
            walk.to(Walk.path(route)).method(method, BodyPublishers.noBody()).build();
        Walk.Answer answer = walk.send(Walk.permitted(route), request);
        assertRefused(RequestFailure.METHOD_NOT_ALLOWED, answer);
        String allow = String.join(",", answer.headers().getOrDefault("allow", List.of()));
        assertTrue(allow.contains(route.method()), () -> "Allow: " + allow);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void refusesAQueryThatIsNotDeclaredUnlessANodeAsks(Declared declared) throws Exception {
    Declaration route = declared.route();
    String query = Walk.query(route);
    String more = (query.isEmpty() ? "?" : query + "&") + "surplus-a=1&surplus-b=2";
    HttpRequest request =
        walk.to(Walk.path(route) + more).method(route.method(), BodyPublishers.noBody()).build();

    Walk.Answer answer = walk.send(Walk.permitted(route), request);

    if (route.callers().equals(Route.NODES)) {
      assertTrue(answer.json().path("unknown").isMissingNode(), answer::toString);
    } else {
      assertRefused(RequestFailure.MALFORMED_REQUEST, answer);
      assertEquals(
          List.of("surplus-a", "surplus-b"),
          Json.convert(answer.json().path("unknown"), List.class));
      assertEquals(
          route.queryParameters().stream().map(Parameter::name).toList(),
          Json.convert(answer.json().path("declared"), List.class));
    }
  }

  @ParameterizedTest
  @MethodSource("takingABody")
  void refusesTheWrongMediaType(Declared declared) throws Exception {
    Declaration route = declared.route();
    HttpRequest request =
        walk.to(Walk.path(route))
            .header("Content-Type", "text/plain")
            .method(route.method(), example(route))
            .build();

    assertRefused(RequestFailure.UNSUPPORTED_MEDIA_TYPE, walk.send(Walk.permitted(route), request));
  }

  @ParameterizedTest
  @MethodSource("takingJson")
  void refusesWhatIsNotJson(Declared declared) throws Exception {
    for (String body : List.of("", "{", "{} {}", "{\"a\": 1, \"a\": 2}")) {
      assertRefused(RequestFailure.MALFORMED_REQUEST, send(declared.route(), text(body)));
    }
  }

  @ParameterizedTest
  @MethodSource("takingJson")
  void tellsEveryViolationOfTheSchemaAtOnce(Declared declared) throws Exception {
    JsonNode schema = schema(declared.route());
    boolean isClosed = !schema.path("additionalProperties").asBoolean(true);
    String body = isClosed ? "{\"surplus-a\": 1, \"surplus-b\": 2}" : "{}";
    int expected = schema.path("required").size() + (isClosed ? 2 : 0);
    if (expected == 0) {
      return;
    }

    Walk.Answer answer = send(declared.route(), text(body));

    assertRefused(RequestFailure.SCHEMA_VIOLATION, answer);
    JsonNode violations = answer.json().path("violations");
    assertEquals(expected, violations.size(), answer::toString);
    violations.forEach(
        violation -> assertTrue(violation.path("pointer").isString(), violation::toString));
  }

  @ParameterizedTest
  @MethodSource("takingJson")
  void refusesABodyThatIsTooLarge(Declared declared) throws Exception {
    assertRefused(
        RequestFailure.BODY_TOO_LARGE,
        send(declared.route(), BodyPublishers.ofByteArray(new byte[TOO_LARGE])));
  }

  @ParameterizedTest
  @MethodSource("json")
  void answersItsOwnExample(Declared declared) throws Exception {
    Declaration route = declared.route();
    for (Outcome outcome : route.outcomes()) {
      HttpRequest.Builder request = walk.request(route);
      walk.want(request, outcome);
      HttpRequest whole = request.method(route.method(), example(route)).build();
      for (Caller caller : route.callers()) {
        Walk.Answer answer = walk.send(caller, whole);
        if (route.demanded().isPresent() && caller != Caller.USER) {
          assertRefused(RequestFailure.FORBIDDEN, answer); // Nobody else's certificate says so.
          continue;
        }

        assertEquals(outcome.status(), answer.status(), answer::toString);
        Optional<Body> body = outcome.bodies().stream().findFirst();
        assertEquals(body.map(Body::mediaType).orElse(""), answer.mediaType());
        body.flatMap(Walk::example)
            .ifPresent(example -> assertEquals(example, answer.json(), "the example came back"));
      }
    }
  }

  /** A route, named as test reports should name it. */
  record Declared(Route served) {
    Declaration route() {
      return served.declaration();
    }

    @Override
    public String toString() {
      return served.method() + " " + served.path();
    }
  }

  Stream<Declared> all() {
    assertFalse(routes.isEmpty());
    return routes.stream().map(Declared::new);
  }

  Stream<Declared> json() {
    return all().filter(declared -> declared.served() instanceof JsonRoute);
  }

  Stream<Declared> takingABody() {
    return all().filter(declared -> declared.route().request().isPresent());
  }

  Stream<Declared> takingJson() {
    return json().filter(declared -> declared.route().request().isPresent());
  }

  private Walk.Answer send(Declaration route, BodyPublisher body) throws Exception {
    return walk.send(Walk.permitted(route), request(route, body));
  }

  private HttpRequest request(Declaration route, BodyPublisher body) {
    return walk.request(route).method(route.method(), body).build();
  }

  private static BodyPublisher text(String body) {
    return BodyPublishers.ofString(body);
  }

  private static BodyPublisher example(Declaration route) {
    return route
        .request()
        .flatMap(Walk::example)
        .map(example -> BodyPublishers.ofByteArray(Json.write(example)))
        .orElseGet(BodyPublishers::noBody);
  }

  private static Stream<Body> bodies(Declaration route) {
    return Stream.concat(
        route.request().stream(),
        route.outcomes().stream().flatMap(outcome -> outcome.bodies().stream()));
  }

  private static JsonNode schema(Declaration route) throws IOException {
    String name = route.request().flatMap(Body::schema).orElseThrow();
    try (var file = Route.class.getResourceAsStream("/schemas/" + name + ".json")) {
      return Json.read(file.readAllBytes());
    }
  }

  private static String shape(Declaration route) {
    return VARIABLE.matcher(route.path()).replaceAll("{}");
  }

  private static void require(boolean isThere, List<String> missing, String what) {
    if (!isThere) {
      missing.add(what);
    }
  }

  private static void assertRefused(RequestFailure expected, Walk.Answer answer) {
    assertEquals(expected.status(), answer.status(), answer::toString);
    assertEquals(expected.type(), answer.problem());
    assertEquals("application/problem+json", answer.mediaType());
  }
}
