package io.flocker.http.route;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.id.NodeId;
import io.flocker.core.identity.Principal;
import io.flocker.http.json.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * A request that was authorised and whose body fits its schema.
 *
 * @param variables the path template's variables, decoded
 * @param query query parameters, decoded, in order
 * @param headers request headers by lower-case name; several of a name are one list
 * @param body the body; a missing node where the route takes none
 * @param process the caller's pid, where it is on this machine and came by a UNIX socket
 * @param departure tells when the caller has gone
 */
public record JsonRequest(
    Principal caller,
    Map<String, String> variables,
    Map<String, List<String>> query,
    Map<String, String> headers,
    JsonNode body,
    OptionalLong process,
    Departure departure) {
  /** One that came by the network. */
  public JsonRequest(
      Principal caller,
      Map<String, String> variables,
      Map<String, List<String>> query,
      Map<String, String> headers,
      JsonNode body) {
    this(caller, variables, query, headers, body, OptionalLong.empty(), new Departure());
  }

  /**
   * The node that asks.
   *
   * @throws FailureException {@code FORBIDDEN} if none does
   */
  public NodeId callingNode() throws FailureException {
    if (caller instanceof Principal.Node node) {
      return node.id();
    }
    throw RequestFailure.FORBIDDEN.because(caller.name() + " is no node");
  }

  /**
   * A path variable in its own type.
   *
   * @throws FailureException {@code NOT_FOUND} if the text is not of that type: no such thing
   *     exists
   */
  public <T> T variable(String name, Function<String, T> parser) throws FailureException {
    String text = variables.getOrDefault(name, "");
    try {
      return parser.apply(text);
    } catch (IllegalArgumentException e) {
      throw RequestFailure.NOT_FOUND.because(String.valueOf(e.getMessage()));
    }
  }

  /**
   * The body in its own type. Some values fit their schema and are none all the same, such as port
   * 70000.
   *
   * @throws FailureException {@code MALFORMED_REQUEST} naming the value
   */
  public <T> T bodyAs(Class<T> type) throws FailureException {
    try {
      return Json.convert(body, type);
    } catch (JacksonException e) {
      String refusal =
          e.getCause() instanceof IllegalArgumentException cause
              ? String.valueOf(cause.getMessage())
              : Json.complaint(e);
      throw RequestFailure.MALFORMED_REQUEST.because(refusal).causedBy(e);
    }
  }

  /** The same with another body. */
  public JsonRequest withBody(JsonNode other) {
    return new JsonRequest(caller, variables, query, headers, other, process, departure);
  }

  /** The first query parameter of that name. */
  public Optional<String> parameter(String name) {
    return query.getOrDefault(name, List.of()).stream().findFirst();
  }
}
