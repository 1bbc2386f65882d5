package io.flocker.http.idempotency;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.idempotency.KeptAnswer;
import io.flocker.core.idempotency.KeyClaim;
import io.flocker.core.idempotency.KeyScope;
import io.flocker.core.idempotency.KeyStore;
import io.flocker.core.log.Action;
import io.flocker.core.operation.OperationReader;
import io.flocker.core.operation.Operations;
import io.flocker.http.api.OperationRoutes;
import io.flocker.http.json.Json;
import io.flocker.http.route.Idempotence;
import io.flocker.http.route.JsonHandler;
import io.flocker.http.route.JsonRequest;
import io.flocker.http.route.JsonResponse;
import io.flocker.http.route.JsonRoute;
import io.flocker.http.route.Route;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Has mutations with a key done once, and answers the repetitions as the first one was answered.
 * Without a key nothing changes. Any thread may call; what is served blocks.
 *
 * <p>An operation and the key that it was started with are one entry on disk. Everything else has
 * its key on disk before it is done, and its answer after; where the daemon ended between the two,
 * nobody knows what was done: what is the same when done twice is done again, a POST is refused.
 */
public final class Idempotency {
  /** Header of an answer that was given before. */
  public static final String REPLAYED = "Idempotent-Replayed";

  private final KeyStore keys;
  private final Operations operations;
  private final InstantSource clock;
  private final Set<KeyScope> inUse = ConcurrentHashMap.newKeySet();

  /**
   * Keeps keys in {@code keys}.
   *
   * @param operations where those are found again that were started with a key
   */
  public Idempotency(KeyStore keys, Operations operations, InstantSource clock) {
    this.keys = keys;
    this.operations = operations;
    this.clock = clock;
  }

  /** The same routes; the public mutations among them heed keys. */
  public List<Route> over(List<? extends Route> routes) {
    return routes.stream().map(this::over).toList();
  }

  /** Forgets some of the keys that are old enough: to be called often. */
  public void upkeep() throws FailureException {
    keys.prune(clock.instant().minus(KeyStore.KEPT));
  }

  private Route over(Route route) {
    return route instanceof JsonRoute json && json.declaration().takesKey()
        ? json.handledBy(request -> handle(json, request))
        : route;
  }

  private JsonResponse handle(JsonRoute route, JsonRequest request) throws Exception {
    Optional<String> key = KeyHeader.of(request);
    if (key.isEmpty()) {
      return route.handler().handle(request);
    }
    KeyScope scope = new KeyScope(request.caller().name(), target(route, request), key.get());
    if (!inUse.add(scope)) {
      throw RequestFailure.KEY_IN_USE.because("'" + scope.key() + "' came before, and is at work");
    }
    try {
      return handle(route, request, new KeyClaim(scope, Fingerprint.of(request)));
    } finally {
      inUse.remove(scope);
    }
  }

  private JsonResponse handle(JsonRoute route, JsonRequest request, KeyClaim claim)
      throws Exception {
    Optional<KeyStore.Kept> kept = keys.find(claim.scope());
    if (kept.isEmpty()) {
      keys.requireRoom();
    } else if (!kept.get().fingerprint().equals(claim.fingerprint())) {
      throw RequestFailure.KEY_REUSED.because(
          "'" + claim.scope().key() + "' came before, with another body or query");
    } else {
      Optional<JsonResponse> before = answer(kept.get(), request);
      if (before.isPresent()) {
        return before.get();
      }
      requireRepeatable(route, claim);
    }
    return route.declaration().startsOperation()
        ? claim.serve(() -> route.handler().handle(request))
        : serve(route.handler(), request, claim);
  }

  /** What the first one was answered; empty if nobody knows. */
  private Optional<JsonResponse> answer(KeyStore.Kept kept, JsonRequest request)
      throws FailureException {
    if (kept.operation().isPresent()) {
      UUID id = kept.operation().get();
      return operations
          .find(id, OperationReader.ofOwn(request.caller()))
          .map(OperationRoutes::accepted)
          .map(Idempotency::replayed);
    }
    return kept.answer().map(Idempotency::response).map(Idempotency::replayed);
  }

  private JsonResponse serve(JsonHandler handler, JsonRequest request, KeyClaim claim)
      throws Exception {
    keys.claim(claim, clock.instant());
    JsonResponse response;
    try {
      response = claim.serve(() -> handler.handle(request));
    } catch (FailureException e) {
      if (e.hasChangedNothing()) {
        giveBack(claim.scope());
      }
      throw e;
    }
    keep(claim, response);
    return response;
  }

  /** It is done: an answer that cannot be kept is given all the same. */
  private void keep(KeyClaim claim, JsonResponse response) {
    try {
      keys.answer(claim.scope(), kept(response));
    } catch (FailureException e) {
      Action.traceback(e);
    }
  }

  /**
   * A refusal may be different next time; what broke half-way is left as unknown. The caller is
   * told of the refusal all the same.
   */
  private void giveBack(KeyScope scope) {
    try {
      keys.release(scope);
    } catch (FailureException e) {
      Action.traceback(e);
    }
  }

  private static void requireRepeatable(JsonRoute route, KeyClaim claim) throws FailureException {
    if (route.declaration().repetition() != Idempotence.SAME) {
      throw RequestFailure.OUTCOME_UNKNOWN.because(
          "the node failed or was stopped while it served '" + claim.scope().key() + "'");
    }
  }

  private static String target(JsonRoute route, JsonRequest request) {
    return route.method() + " " + route.path() + " " + new TreeMap<>(request.variables());
  }

  private static KeptAnswer kept(JsonResponse response) {
    Object body = response.body();
    return new KeptAnswer(
        response.status(), response.headers(), body == null ? new byte[0] : Json.write(body));
  }

  private static JsonResponse response(KeptAnswer answer) {
    return new JsonResponse(
        answer.status(),
        answer.body().length == 0 ? null : Json.read(answer.body()),
        answer.headers());
  }

  private static JsonResponse replayed(JsonResponse response) {
    Map<String, String> headers = new LinkedHashMap<>(response.headers());
    headers.put(REPLAYED, "true");
    return new JsonResponse(response.status(), response.body(), headers);
  }
}
