package io.flocker.http.describe;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toList;

import io.flocker.core.failure.Failure;
import io.flocker.http.problem.Problem;
import io.flocker.http.route.Body;
import io.flocker.http.route.Declaration;
import io.flocker.http.route.Outcome;
import io.flocker.http.route.Parameter;
import io.flocker.http.schema.SchemaComponents;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The public routes as an OpenAPI 3.1 document. What nodes say to each other is promised to nobody,
 * and left out. One thread; used once.
 */
final class OpenApi {
  /** Extension of an operation: what a policy may grant or deny. */
  static final String PERMISSION = "x-permission";

  /** What the caller's own certificate has to say that he may. */
  static final String CERTIFIED = "x-certified-permission";

  /** Extension of a response: the types of problem that have its status. */
  static final String PROBLEMS = "x-problem-types";

  /** What people look for first comes first; what is not here comes last, by name. */
  private static final List<String> RANKED = List.of("volume", "snapshot", "operation", "peer");

  private static final Comparator<String> BY_RANK =
      Comparator.<String>comparingInt(
              tag -> RANKED.contains(tag) ? RANKED.indexOf(tag) : RANKED.size())
          .thenComparing(Comparator.naturalOrder());

  private static final String CERTIFICATE = "certificate";
  private static final Parameter KEY =
      Parameter.header(
          "Idempotency-Key",
          "idempotencyKey",
          "Makes it safe to send the request again: what bears the same key is done once.");

  private final JsonNodeFactory nodes = JsonNodeFactory.instance;
  private final SchemaComponents schemas = new SchemaComponents();
  private final Collection<Declaration> routes;
  private final String version;

  OpenApi(Collection<Declaration> routes, String version) {
    this.routes = routes;
    this.version = version;
  }

  ObjectNode document() {
    ObjectNode document = nodes.objectNode();
    document.put("openapi", "3.1.1");
    document.set("info", info());
    document.putArray("servers").addObject().put("url", "/").put("description", "This node.");
    document.putArray("security").addObject().putArray(CERTIFICATE);
    document.set("tags", tags());
    document.set("paths", paths());
    ObjectNode components = document.putObject("components");
    components.set("schemas", schemas.all());
    components
        .putObject("securitySchemes")
        .putObject(CERTIFICATE)
        .put("type", "mutualTLS")
        .put("description", "A client certificate of the cluster's authority, on every request.");
    return document;
  }

  private ObjectNode info() {
    ObjectNode info = nodes.objectNode();
    info.put("title", "Flocker");
    info.put("summary", "What is on this node, and moving volumes between nodes.");
    info.put(
        "description",
        "Every request shows a client certificate; without one TLS itself fails, and nobody is"
            + " answered 401. Bodies are JSON. A failure is a problem document (RFC 9457), whose"
            + " type tells programs what to do next. What takes long is answered with 202 and an"
            + " operation to follow.");
    info.put("version", version);
    info.putObject("license").put("name", "Apache-2.0").put("identifier", "Apache-2.0");
    return info;
  }

  private ArrayNode tags() {
    ArrayNode tags = nodes.arrayNode();
    published()
        .map(OpenApi::tag)
        .distinct()
        .sorted(BY_RANK)
        .forEach(tag -> tags.addObject().put("name", tag));
    return tags;
  }

  private ObjectNode paths() {
    ObjectNode paths = nodes.objectNode();
    published()
        .sorted(Comparator.comparing(Declaration::path))
        .forEach(route -> {
          ObjectNode path =
              paths.get(route.path()) instanceof ObjectNode known
                  ? known
                  : paths.putObject(route.path());
          path.set(route.method().toLowerCase(Locale.ROOT), operation(route));
        });
    return paths;
  }

  private Stream<Declaration> published() {
    return routes.stream().filter(Declaration::isPublic);
  }

  private ObjectNode operation(Declaration route) {
    ObjectNode operation = nodes.objectNode();
    operation.put("operationId", route.id());
    operation.putArray("tags").add(tag(route));
    operation.put("summary", route.summary());
    operation.put("description", route.description());
    operation.put(PERMISSION, route.permission());
    route.demanded().ifPresent(demanded -> operation.put(CERTIFIED, demanded.text()));
    List<Parameter> parameters = parameters(route);
    if (!parameters.isEmpty()) {
      ArrayNode list = operation.putArray("parameters");
      parameters.forEach(parameter -> list.add(parameter(parameter)));
    }
    route
        .request()
        .ifPresent(body -> {
          ObjectNode request = operation.putObject("requestBody").put("required", true);
          request.set("content", content(List.of(body)));
        });
    ObjectNode responses = operation.putObject("responses");
    route
        .outcomes()
        .forEach(outcome -> responses.set(Integer.toString(outcome.status()), response(outcome)));
    problems(route, responses);
    return operation;
  }

  private static List<Parameter> parameters(Declaration route) {
    return route.takesKey()
        ? Stream.concat(route.parameters().stream(), Stream.of(KEY)).toList()
        : route.parameters();
  }

  private ObjectNode parameter(Parameter parameter) {
    ObjectNode node = nodes.objectNode();
    node.put("name", parameter.name());
    node.put("in", parameter.place().name().toLowerCase(Locale.ROOT));
    node.put("description", parameter.description());
    node.put("required", parameter.isRequired());
    JsonNode value = schemas.of(parameter.schema());
    if (parameter.isRepeatable()) {
      node.putObject("schema").put("type", "array").set("items", value);
    } else {
      node.set("schema", value);
    }
    parameter.example().ifPresent(example -> node.put("example", example));
    return node;
  }

  private ObjectNode response(Outcome outcome) {
    ObjectNode response = nodes.objectNode();
    response.put("description", Statuses.phrase(outcome.status()));
    if (!outcome.headers().isEmpty()) {
      ObjectNode headers = response.putObject("headers");
      for (Parameter header : outcome.headers()) {
        headers
            .putObject(header.name())
            .put("description", header.description())
            .set("schema", schemas.of(header.schema()));
      }
    }
    if (!outcome.bodies().isEmpty()) {
      response.set("content", content(outcome.bodies()));
    }
    return response;
  }

  private ObjectNode content(List<Body> bodies) {
    ObjectNode content = nodes.objectNode();
    for (Body body : bodies) {
      ObjectNode media = content.putObject(body.mediaType());
      media.set("schema", body.schema().map(schemas::named).orElseGet(this::text));
      example(body).ifPresent(example -> media.set("example", example));
    }
    return content;
  }

  private ObjectNode text() {
    return nodes.objectNode().put("type", "string");
  }

  private static Optional<JsonNode> example(Body body) {
    return body.example().or(() -> body.schema().flatMap(SchemaComponents::example));
  }

  private void problems(Declaration route, ObjectNode responses) {
    Map<Integer, List<Failure>> byStatus =
        route.problems().stream().collect(groupingBy(Failure::status, TreeMap::new, toList()));
    byStatus.forEach((status, failures) -> {
      ObjectNode response = responses.putObject(Integer.toString(status));
      response.put(
          "description", failures.stream().map(Failure::title).collect(joining(". ", "", ".")));
      ArrayNode types = response.putArray(PROBLEMS);
      failures.forEach(failure -> types.add(failure.type()));
      problem(response);
    });
    ObjectNode other = responses.putObject("default");
    other.put("description", "Any other problem.");
    problem(other);
  }

  private void problem(ObjectNode response) {
    response
        .putObject("content")
        .putObject(Problem.MEDIA_TYPE)
        .set("schema", schemas.named("problem"));
  }

  /** What the permission is about. */
  private static String tag(Declaration route) {
    return route.permission().substring(0, route.permission().indexOf(':'));
  }
}
