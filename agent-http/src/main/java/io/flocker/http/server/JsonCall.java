package io.flocker.http.server;

import io.flocker.core.identity.Principal;
import io.flocker.http.net.SharedBudget;
import io.flocker.http.route.Departure;
import io.flocker.http.route.JsonRequest;
import io.flocker.http.route.JsonRoute;
import io.flocker.http.route.Parameter;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;

/**
 * A JSON request that has come whole.
 *
 * @param process the caller's pid, if it is on this machine
 * @param body empty where the route takes none
 * @param departure is told once the caller has gone
 * @param payment what the body has cost; closed by whoever serves the call
 * @param headPayment what the head has cost; the same
 */
record JsonCall(
    Principal caller,
    OptionalLong process,
    RequestHead head,
    JsonRoute route,
    Map<String, String> variables,
    ByteBuffer body,
    Departure departure,
    SharedBudget.Payment payment,
    SharedBudget.Payment headPayment) {
  /** Whether it is answered once something has happened, and does nothing until then. */
  boolean isWaiting() {
    return route.declaration().mayWait() && head.target().query().containsKey(Parameter.WAIT);
  }

  JsonRequest with(JsonNode document) {
    return new JsonRequest(
        caller, variables, head.target().query(), head.headers(), document, process, departure);
  }
}
