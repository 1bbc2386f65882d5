package io.flocker.http.route;

/**
 * Serves a JSON route: plain blocking code on a virtual thread, inside the request's Eliot action.
 */
@FunctionalInterface
public interface JsonHandler {
  /**
   * Answers {@code request}.
   *
   * @throws io.flocker.core.failure.FailureException becomes its problem document
   * @throws Exception anything else becomes a 500 with an incident id
   */
  JsonResponse handle(JsonRequest request) throws Exception;
}
