package io.flocker.http.problem;

import static java.util.stream.Collectors.joining;

import io.flocker.core.failure.Failure;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.failure.Retry;
import io.flocker.core.failure.TransferFailure;
import io.flocker.http.json.Json;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/**
 * A failure as it travels.
 *
 * @param status the HTTP status
 * @param headers headers that go with it, such as {@code Allow}
 * @param document the members of the problem document, in order
 */
public record Problem(int status, Map<String, String> headers, Map<String, Object> document) {
  /** The media type of problem documents (RFC 9457, section 3). */
  public static final String MEDIA_TYPE = "application/problem+json";

  /** Name of the member that lists allowed methods, which becomes the header too. */
  public static final String ALLOW = "allow";

  private static final Set<String> OWN_MEMBERS =
      Set.of("type", "title", "status", "detail", "side", "retry", "remedy");

  private static final int UNAVAILABLE = 503; // RFC 9110, section 15.6.4
  private static final int TOO_MANY = 429; // RFC 6585, section 4
  private static final int RETRY_SECONDS = 1;

  /** The problem document of a failure. */
  public static Problem of(FailureException exception) {
    return new Problem(exception.failure().status(), headers(exception), exception.document());
  }

  /** What nobody foresaw: tells the incident and nothing else. */
  public static FailureException incident(UUID incident) {
    return RequestFailure.INTERNAL_ERROR
        .because("The node's log has the cause under this incident id.")
        .foundUnder(incident);
  }

  /**
   * Reads a response back into the failure that caused it, with its members as {@link JsonNode}; a
   * document of no known type becomes {@link TransferFailure#PEER_FAILED} and holds what was said.
   */
  public static FailureException read(int status, JsonNode document) {
    return Failure.ofType(document.path("type").asString(""))
        .map(failure -> known(failure, document))
        .orElseGet(() -> unknown(status, document));
  }

  private static FailureException known(Failure failure, JsonNode document) {
    FailureException exception = failure.because(document.path("detail").asString(failure.title()));
    for (Map.Entry<String, JsonNode> member : document.properties()) {
      if (!OWN_MEMBERS.contains(member.getKey())) {
        exception = exception.with(member.getKey(), member.getValue());
      }
    }
    return exception;
  }

  private static FailureException unknown(int status, JsonNode document) {
    String said = document.path("detail").asString(document.path("title").asString("nothing"));
    FailureException exception =
        TransferFailure.PEER_FAILED.because("It answered " + status + " and said: " + said);
    return document.isObject() ? exception.with("problem", document) : exception;
  }

  private static Map<String, String> headers(FailureException exception) {
    Map<String, String> headers = new LinkedHashMap<>();
    if (exception.members().get(ALLOW) instanceof Collection<?> methods) {
      headers.put("Allow", methods.stream().map(String::valueOf).collect(joining(", ")));
    }
    int status = exception.failure().status();
    if (exception.failure().retry() == Retry.LATER
        && (status == TOO_MANY
            || status == UNAVAILABLE
            || exception.failure() == RequestFailure.KEY_IN_USE)) {
      headers.put("Retry-After", Integer.toString(RETRY_SECONDS));
    }
    return headers;
  }

  /** The document as UTF-8 JSON. */
  public byte[] toBytes() {
    return Json.write(document);
  }
}
