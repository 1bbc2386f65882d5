package io.flocker.http.server;

import io.flocker.core.identity.Principal;
import io.flocker.http.route.JsonRequest;
import io.flocker.http.route.JsonRoute;
import java.nio.ByteBuffer;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * A JSON request that has come whole.
 *
 * @param body empty where the route takes none
 * @param payment what the body has cost; closed by whoever serves the call
 */
record JsonCall(
    Principal caller,
    RequestHead head,
    JsonRoute route,
    Map<String, String> variables,
    ByteBuffer body,
    BodyBudget.Payment payment) {
  JsonRequest with(JsonNode document) {
    return new JsonRequest(caller, variables, head.target().query(), head.headers(), document);
  }
}
