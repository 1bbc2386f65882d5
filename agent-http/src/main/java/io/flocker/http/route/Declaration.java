package io.flocker.http.route;

import static java.util.Comparator.comparingInt;

import io.flocker.core.failure.Failure;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.identity.CertifiedPermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * All that is said of a route, once: what serves requests, checks them, documents them and tests
 * them reads it here. Made by a {@link RouteDraft}.
 *
 * @param id what it is called in documents and generated clients, such as {@code createVolume}
 * @param summary a few words; empty where nobody will read them
 * @param description one or two sentences
 * @param demanded the permission that a caller's certificate has to grant, if any
 * @param parameters in the path, in the query and in the headers
 * @param request what it takes; empty for a route that takes no body
 * @param outcomes how it can succeed, the usual one first
 * @param refusals the failures of its own; those that any route can have go without saying
 */
public record Declaration(
    String id,
    String method,
    String path,
    String summary,
    String description,
    String permission,
    Set<Caller> callers,
    Optional<CertifiedPermission> demanded,
    List<Parameter> parameters,
    Optional<Body> request,
    List<Outcome> outcomes,
    List<Failure> refusals,
    Idempotence repetition) {
  private static final String PUBLIC = "/v1/";
  private static final List<Failure> ALWAYS =
      List.of(
          RequestFailure.FORBIDDEN,
          RequestFailure.NOT_ACCEPTABLE,
          RequestFailure.TOO_MANY_REQUESTS,
          RequestFailure.HEADERS_TOO_LARGE,
          RequestFailure.INTERNAL_ERROR,
          RequestFailure.NODE_BUSY,
          RequestFailure.SHUTTING_DOWN);
  private static final List<Failure> OF_JSON =
      List.of(RequestFailure.SCHEMA_VIOLATION, RequestFailure.BODY_TOO_LARGE);
  private static final List<Failure> OF_KEYS =
      List.of(
          RequestFailure.KEY_IN_USE,
          RequestFailure.OUTCOME_UNKNOWN,
          RequestFailure.KEY_REUSED,
          RequestFailure.STATE_UNAVAILABLE);
  private static final int ACCEPTED = 202; // RFC 9110, section 15.3.3

  /** Whether it is promised to users. */
  public boolean isPublic() {
    return path.startsWith(PUBLIC);
  }

  /**
   * Whether what a request says beyond what is declared is ignored: a node may be newer than the
   * one that it asks.
   */
  public boolean isTolerant() {
    return callers.equals(Route.NODES);
  }

  /** What its query may say. */
  public List<Parameter> queryParameters() {
    return parameters.stream()
        .filter(parameter -> parameter.place() == Parameter.Place.QUERY)
        .toList();
  }

  /** Whether a request for it may say how long it waits for something to happen. */
  public boolean mayWait() {
    return queryParameters().stream()
        .anyMatch(parameter -> parameter.name().equals(Parameter.WAIT));
  }

  /** Whether an {@code Idempotency-Key} is heeded: only JSON can be kept to be answered again. */
  public boolean takesKey() {
    return isPublic()
        && repetition != Idempotence.SAFE
        && mediaTypes().stream().allMatch(Body.JSON::equals);
  }

  /** Whether serving it does nothing but check what is asked, and start an operation for it. */
  public boolean startsOperation() {
    return method.equals("POST") && outcome(ACCEPTED).isPresent();
  }

  /** Every failure that its callers should be ready for, by status. */
  public List<Failure> problems() {
    List<Failure> problems = new ArrayList<>(refusals);
    problems.addAll(ALWAYS);
    if (callers.contains(Caller.NODE)) {
      problems.add(RequestFailure.NOT_A_PEER);
    }
    if (!isTolerant() || !parameters.isEmpty() || request.isPresent()) {
      problems.add(RequestFailure.MALFORMED_REQUEST);
    }
    if (parameters.stream().anyMatch(parameter -> parameter.place() == Parameter.Place.PATH)) {
      problems.add(RequestFailure.NOT_FOUND);
    }
    if (request.isPresent()) {
      problems.add(RequestFailure.UNSUPPORTED_MEDIA_TYPE);
    }
    if (request.flatMap(Body::schema).isPresent()) {
      problems.addAll(OF_JSON);
    }
    if (takesKey()) {
      problems.addAll(OF_KEYS);
    }
    return problems.stream().distinct().sorted(comparingInt(Failure::status)).toList();
  }

  /** How it succeeds with that status. */
  public Optional<Outcome> outcome(int status) {
    return outcomes.stream().filter(outcome -> outcome.status() == status).findFirst();
  }

  /** Every media type that it answers when all is well; empty if it never has a body. */
  public List<String> mediaTypes() {
    return outcomes.stream()
        .flatMap(outcome -> outcome.bodies().stream())
        .map(Body::mediaType)
        .distinct()
        .toList();
  }

  /** The names of the schemas of what it answers. */
  public Stream<String> outputSchemas() {
    return outcomes.stream()
        .flatMap(outcome -> outcome.bodies().stream())
        .flatMap(body -> body.schema().stream());
  }
}
