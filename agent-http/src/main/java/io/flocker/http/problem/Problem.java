package io.flocker.http.problem;

import static java.util.stream.Collectors.joining;

import io.flocker.core.failure.Failure;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.failure.Retry;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.Uuids;
import io.flocker.http.json.Json;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/**
 * A failure as a problem document (RFC 9457).
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

  /** Characters of all members of a problem that somebody else tells; ours have fewer. */
  private static final int MOST_SAID = 262_144;

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

  /** Takes only members that a problem document may have, since they are kept and passed on. */
  private static FailureException known(Failure failure, JsonNode document) {
    FailureException exception = failure.because(document.path("detail").asString(failure.title()));
    int left = MOST_SAID;
    for (Map.Entry<String, JsonNode> member : document.properties()) {
      left -= member.getKey().length() + member.getValue().toString().length();
      if (left < 0) {
        return exception;
      }
      if (!OWN_MEMBERS.contains(member.getKey()) && isFit(member.getKey(), member.getValue())) {
        exception = exception.with(member.getKey(), member.getValue());
      }
    }
    return exception;
  }

  /** Whether a member is what the schema of problems says of it. */
  private static boolean isFit(String name, JsonNode value) {
    return switch (name) {
      case "node", "incident" -> isUuid(value);
      case ALLOW, "unknown", "declared" -> isListOf(value, JsonNode::isString);
      case "violations" ->
          isListOf(
              value, each -> each.path("pointer").isString() && each.path("message").isString());
      default -> true;
    };
  }

  private static boolean isListOf(JsonNode value, Predicate<JsonNode> isFit) {
    return value.isArray() && value.valueStream().allMatch(isFit);
  }

  private static boolean isUuid(JsonNode value) {
    try {
      UUID _ = Uuids.parse("uuid", value.asString(""));
      return value.isString();
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  private static FailureException unknown(int status, JsonNode document) {
    String said = document.path("detail").asString(document.path("title").asString("nothing"));
    FailureException exception =
        TransferFailure.PEER_FAILED.because("It answered " + status + " and said: " + said);
    return document.isObject() && document.toString().length() <= MOST_SAID
        ? exception.with("problem", document)
        : exception;
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
