package io.flocker.http.route;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flocker.core.failure.Failure;
import io.flocker.core.identity.CertifiedPermission;
import io.flocker.http.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * A route as it is being declared, from the request to what serves it:
 *
 * <pre>{@code
 * JsonRoute.post("createVolume", "/v1/volumes")
 *     .permits("volume:create", Route.PUBLIC)
 *     .summary("Create a volume")
 *     .description("The node that is asked becomes its owner, and mounts it.")
 *     .takes("volume-create")
 *     .creates("volume")
 *     .refuses(OwnershipFailure.VOLUME_EXISTS)
 *     .servedBy(this::create)
 * }</pre>
 *
 * <p>An example of a body stands in its schema file, as the first of {@code examples}; {@link
 * #example} is for a route that needs another. One thread; used once.
 */
public final class RouteDraft {
  private static final int OK = 200; // RFC 9110, sections 15.3.1 to 15.3.5
  private static final int CREATED = 201;
  private static final int ACCEPTED = 202;
  private static final int NO_CONTENT = 204;

  private static final String MERGE_PATCH = "application/merge-patch+json";

  private static final Parameter LOCATION =
      Parameter.header("Location", "path", "Where it is, on this node.");

  private final String id;
  private final String method;
  private final String path;
  private final List<Parameter> parameters = new ArrayList<>();
  private final List<Outcome> outcomes = new ArrayList<>();
  private final List<Failure> refusals = new ArrayList<>();
  private String summary = "";
  private String description = "";
  private String permission = "";
  private Set<Caller> callers = Set.of();
  private Optional<CertifiedPermission> demanded = Optional.empty();
  private Optional<Body> request = Optional.empty();
  private Idempotence repetition;

  RouteDraft(String id, String method, String path) {
    this.id = id;
    this.method = method;
    this.path = path;
    this.repetition =
        switch (method) {
          case "GET" -> Idempotence.SAFE;
          case "PUT", "PATCH", "DELETE" -> Idempotence.SAME; // Our PATCH is a merge patch.
          default -> Idempotence.AGAIN;
        };
  }

  /**
   * Who may call it; anyone else gets 403.
   *
   * @param name what a policy may grant or deny, such as {@code volume:push}
   */
  public RouteDraft permits(String name, Set<Caller> who) {
    permission = name;
    callers = who;
    if (callers.equals(Route.PUBLIC) && repetition == Idempotence.AGAIN) {
      repetition = Idempotence.SAME_WITH_KEY;
    }
    return this;
  }

  /** Only callers whose certificate grants this permission may call it; anyone else gets 403. */
  public RouteDraft demands(CertifiedPermission certified) {
    demanded = Optional.of(certified);
    return this;
  }

  /** What it does, in a few words: a sentence without its period. */
  public RouteDraft summary(String text) {
    summary = text;
    return this;
  }

  /** What a caller has to know beside that, in one or two sentences. */
  public RouteDraft description(String text) {
    description = text;
    return this;
  }

  /**
   * Declares parameters of the path, the query or the headers. Any other header is ignored; any
   * other query parameter is refused, unless the route is for nodes.
   */
  public RouteDraft heeds(Parameter... more) {
    parameters.addAll(List.of(more));
    return this;
  }

  /** It takes a JSON body of that schema. */
  public RouteDraft takes(String schema) {
    request = Optional.of(Body.json(schema));
    return this;
  }

  /** It takes a JSON merge patch (RFC 7396) that fits that schema. */
  public RouteDraft takesPatch(String schema) {
    request = Optional.of(new Body(MERGE_PATCH, Optional.of(schema), Optional.empty()));
    return this;
  }

  /** It takes a body of that media type, which is no JSON. */
  public RouteDraft takesRaw(String mediaType) {
    request = Optional.of(Body.of(mediaType));
    return this;
  }

  /** It can succeed with a JSON body of that schema. */
  public RouteDraft answers(int status, String schema) {
    return succeeds(status, Body.json(schema));
  }

  /** It can succeed with a {@link RawBody}, also beside JSON of the same status. */
  public RouteDraft answersRaw(int status, String mediaType) {
    return succeeds(status, Body.of(mediaType));
  }

  /** 200, with a JSON body of that schema. */
  public RouteDraft answers(String schema) {
    return answers(OK, schema);
  }

  /** 201, and where the new thing is. */
  public RouteDraft creates(String schema) {
    return answers(CREATED, schema).sends(LOCATION);
  }

  /** 202, the operation, and where to ask for its outcome. */
  public RouteDraft starts() {
    return answers(ACCEPTED, "operation").sends(LOCATION);
  }

  /** 200, and events for as long as the caller listens: the data of each is of that schema. */
  public RouteDraft answersEvents(String schema) {
    return succeeds(OK, new Body(Body.EVENTS, Optional.of(schema), Optional.empty()));
  }

  /** 204. */
  public RouteDraft answersNothing() {
    outcomes.add(new Outcome(NO_CONTENT, List.of(), List.of()));
    return this;
  }

  /** The outcome declared last bears this header. */
  public RouteDraft sends(Parameter header) {
    outcomes.add(outcomes.removeLast().with(header));
    return this;
  }

  /**
   * An example of the body declared last.
   *
   * @param json quotes may be written as apostrophes
   */
  public RouteDraft example(String json) {
    JsonNode document = Json.read(json.replace('\'', '"').getBytes(UTF_8));
    if (outcomes.isEmpty()) {
      request = request.map(body -> body.with(document));
    } else {
      Outcome last = outcomes.removeLast();
      List<Body> bodies = new ArrayList<>(last.bodies());
      bodies.add(bodies.removeLast().with(document));
      outcomes.add(new Outcome(last.status(), List.copyOf(bodies), last.headers()));
    }
    return this;
  }

  /** Which failures of its own it can have. */
  public RouteDraft refuses(Failure... more) {
    refusals.addAll(List.of(more));
    return this;
  }

  /** Doing it twice is the same as doing it once, although the method does not say so. */
  public RouteDraft repeatable() {
    repetition = Idempotence.SAME;
    return this;
  }

  /** The route, served on a virtual thread. */
  public JsonRoute servedBy(JsonHandler handler) {
    return new JsonRoute(declaration(), handler);
  }

  /** The route, its request body streamed. */
  public StreamRoute streamedTo(StreamHandler handler) {
    return new StreamRoute(declaration(), handler);
  }

  /** The route, listened to for as long as its caller likes. */
  public EventRoute listenedTo(EventHandler handler) {
    return new EventRoute(declaration(), handler);
  }

  private RouteDraft succeeds(int status, Body body) {
    int last = outcomes.size() - 1;
    if (last >= 0 && outcomes.get(last).status() == status) {
      outcomes.set(last, outcomes.get(last).with(body));
    } else {
      outcomes.add(new Outcome(status, List.of(body), List.of()));
    }
    return this;
  }

  private Declaration declaration() {
    return new Declaration(
        id,
        method,
        path,
        summary,
        description,
        permission,
        callers,
        demanded,
        List.copyOf(parameters),
        request,
        List.copyOf(outcomes),
        List.copyOf(refusals),
        repetition);
  }
}
