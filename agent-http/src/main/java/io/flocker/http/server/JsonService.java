package io.flocker.http.server;

import io.flocker.core.failure.Excerpt;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.identity.Principal;
import io.flocker.core.log.Action;
import io.flocker.core.log.ActionType;
import io.flocker.http.json.Json;
import io.flocker.http.net.SharedBudget;
import io.flocker.http.route.Body;
import io.flocker.http.route.JsonResponse;
import io.flocker.http.route.Outcome;
import io.flocker.http.route.RawBody;
import io.flocker.http.schema.SchemaGate;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * Serves JSON requests: each on a virtual thread, inside its Eliot action, between two schemas. Any
 * thread may call.
 */
final class JsonService {
  private static final int SUCCESS = 200; // RFC 9110, section 15.3: 200 to 299
  private static final int NO_CONTENT = 204;
  private static final int REDIRECT = 300;
  private static final int SERVER_ERROR = 500; // RFC 9110, section 15.6

  private final Dialect dialect;
  private final Principal self;
  private final SchemaGate gate;
  private final CheckedOutput documents;
  private final Budgets budgets;

  /**
   * Serves requests.
   *
   * @param self the node that speaks
   */
  JsonService(Dialect dialect, Principal self, SchemaGate gate, Budgets budgets) {
    this.dialect = dialect;
    this.self = self;
    this.gate = gate;
    this.documents = new CheckedOutput(gate);
    this.budgets = budgets;
  }

  /** The response that tells a failure. */
  FinalResponse refusal(FailureException failure) {
    return dialect.refusal(failure, self);
  }

  /** How HTTP is spoken to these callers. */
  Dialect dialect() {
    return dialect;
  }

  /** Begins to pay for the head of a request that is about to be read. */
  SharedBudget.Payment beginHead(Principal caller) {
    return budgets.heads().begin(caller.name());
  }

  /** Begins to pay for a body that is about to be collected. */
  SharedBudget.Payment beginPayment(Principal caller) {
    return budgets.bodies().begin(caller.name());
  }

  /**
   * Calls {@code done} once with the response, on the virtual thread, which gives back what the
   * request has cost.
   *
   * @return to be run when the caller has gone: it interrupts a call that only waits, and tells any
   *     other one, which goes on unless its work is for the caller alone
   * @throws FailureException {@code TOO_MANY_REQUESTS} or {@code NODE_BUSY}; the payments are still
   *     the caller's then
   */
  Runnable serve(JsonCall call, Consumer<FinalResponse> done) throws FailureException {
    SharedBudget places = call.isWaiting() ? budgets.waiting() : budgets.served();
    SharedBudget.Payment place = places.begin(call.caller().name());
    place.pay(1);
    Thread thread =
        Thread.ofVirtual().name("http-request").start(() -> done.accept(serve(call, place)));
    return call.isWaiting() ? thread::interrupt : call.departure()::tell;
  }

  /** The place is free before the response leaves: its caller may ask again at once. */
  private FinalResponse serve(JsonCall call, SharedBudget.Payment place) {
    try {
      return serveTraced(call);
    } finally {
      call.payment().close();
      call.headPayment().close();
      place.close();
    }
  }

  /** Continues the caller's task where the request names one. */
  private FinalResponse serveTraced(JsonCall call) {
    Optional<Action> remote = call.head().task().map(Action::continueTask);
    Map<String, ?> fields =
        Map.of(
            "method", call.head().method(),
            "path", Excerpt.of(call.head().target().path(), Excerpt.OF_A_NAME),
            "caller", call.caller().name());
    Action action =
        remote
            .map(parent -> parent.startChild(ActionType.HTTP_REQUEST, fields))
            .orElseGet(() -> Action.startTask(ActionType.HTTP_REQUEST, fields));
    FinalResponse response =
        action.within(() -> ContentCoding.applyTo(respond(call, action), call.head()));
    remote.ifPresent(parent -> parent.succeed(Map.of()));
    return response;
  }

  private FinalResponse respond(JsonCall call, Action action) {
    try {
      return handled(call, action);
    } catch (InterruptedException _) {
      action.succeed(Map.of("left", true));
      return FinalResponse.empty(NO_CONTENT, Map.of()); // Nobody is there to hear it.
    } catch (Throwable e) {
      FinalResponse response = refusal(Incidents.report(action, e));
      action.fail(e);
      return response;
    }
  }

  private FinalResponse handled(JsonCall call, Action action) throws Exception {
    try {
      JsonResponse handled = call.route().handler().handle(call.with(input(call)));
      FinalResponse response = ConditionalRequests.of(call.head(), output(call, handled, action));
      action.succeed(Map.of("status", response.status()));
      return response;
    } catch (FailureException e) {
      return refused(e, action);
    }
  }

  /** A request that is refused for what is wrong with it was served well. */
  private FinalResponse refused(FailureException failure, Action action) {
    FinalResponse response = refusal(failure.foundUnder(action.task()));
    if (failure.failure().status() < SERVER_ERROR) {
      action.succeed(Map.of("status", response.status(), "problem", failure.failure().type()));
    } else {
      action.fail(failure);
    }
    return response;
  }

  private JsonNode input(JsonCall call) throws FailureException {
    Optional<String> schema = call.route().declaration().request().flatMap(Body::schema);
    if (schema.isEmpty()) {
      return MissingNode.getInstance();
    }
    JsonNode body = parse(call);
    gate.checkInput(schema.get(), body);
    return body;
  }

  /** The tree is paid for too, before it is made: by what is counted in the text. */
  private static JsonNode parse(JsonCall call) throws FailureException {
    try {
      call.payment().pay(Json.treeBytes(call.body()));
      JsonNode body = Json.read(call.body());
      if (body.isMissingNode()) {
        throw RequestFailure.MALFORMED_REQUEST.because("The body is empty; the route takes JSON.");
      }
      return body;
    } catch (JacksonException e) {
      throw RequestFailure.MALFORMED_REQUEST.because(
          "The body is not one JSON document: " + Json.complaint(e));
    }
  }

  private FinalResponse output(JsonCall call, JsonResponse response, Action action)
      throws FailureException {
    boolean isSuccess = response.status() >= SUCCESS && response.status() < REDIRECT;
    Optional<Outcome> outcome = call.route().declaration().outcome(response.status());
    if (isSuccess && outcome.isEmpty()) {
      return refusal(Incidents.report(action, "the route declares no answer " + response.status()));
    }
    return switch (response.body()) {
      case null -> FinalResponse.empty(response.status(), response.headers());
      case RawBody raw -> FinalResponse.raw(response.status(), response.headers(), raw);
      case Object body -> {
        Optional<String> schema = schema(outcome);
        yield schema.isPresent()
            ? checked(call, response, schema.get(), body, action)
            : FinalResponse.json(response.status(), response.headers(), Json.write(body));
      }
    };
  }

  private FinalResponse checked(
      JsonCall call, JsonResponse response, String schema, Object body, Action action)
      throws FailureException {
    CheckedOutput.Checked checked;
    try {
      checked = documents.check(schema, body, call.payment());
    } catch (FailureException e) {
      throw call.head().method().equals("GET") ? e : e.afterTheChange();
    }
    if (!checked.violations().isEmpty()) {
      return refusal(
          Incidents.report(action, "the answer breaks its schema: " + checked.violations()));
    }
    FinalResponse finalResponse =
        FinalResponse.json(response.status(), response.headers(), checked.document());
    return ConditionalRequests.isFor(call.head(), finalResponse)
        ? finalResponse.withTagIfAbsent(checked.tag())
        : finalResponse;
  }

  private static Optional<String> schema(Optional<Outcome> outcome) {
    return outcome.stream()
        .flatMap(success -> success.bodies().stream())
        .flatMap(body -> body.schema().stream())
        .findFirst();
  }
}
