package io.flocker.http.route;

import java.util.Optional;
import java.util.Set;

/**
 * A route whose bodies are JSON, served on a virtual thread.
 *
 * @param inputSchema name of the request body's schema, such as {@code volume-create}; empty for a
 *     route that takes no body
 * @param outputSchema name of the successful response body's schema; empty for one without a body
 */
public record JsonRoute(
    String method,
    String path,
    Set<Caller> callers,
    String permission,
    Optional<String> inputSchema,
    Optional<String> outputSchema,
    JsonHandler handler)
    implements Route {
  private static final Set<String> OPERATIONS = Set.of("operation", "push-answer");

  /** Whether serving it does nothing but check what is asked, and start an operation for it. */
  public boolean startsOperation() {
    return method.equals("POST") && outputSchema.filter(OPERATIONS::contains).isPresent();
  }

  /** The same route, served by another handler. */
  public JsonRoute handledBy(JsonHandler other) {
    return new JsonRoute(method, path, callers, permission, inputSchema, outputSchema, other);
  }
}
