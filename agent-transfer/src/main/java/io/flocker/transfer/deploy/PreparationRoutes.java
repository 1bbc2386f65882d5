package io.flocker.transfer.deploy;

import io.flocker.core.deploy.converge.Preparation;
import io.flocker.core.failure.EngineFailure;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import io.flocker.http.route.JsonRequest;
import io.flocker.http.route.JsonResponse;
import io.flocker.http.route.JsonRoute;
import io.flocker.http.route.Route;
import io.flocker.transfer.protocol.PrepareApplicationAnswer;
import io.flocker.transfer.protocol.PrepareApplicationRequest;
import java.time.Duration;
import java.util.List;

/** How a node is told that an application is about to come. */
public final class PreparationRoutes {
  /** How long an answer takes at most; between two, whoever asks can see that nobody wants it. */
  private static final Duration WAIT = Duration.ofSeconds(2);

  private final Preparation preparation;

  public PreparationRoutes(Preparation preparation) {
    this.preparation = preparation;
  }

  /** The routes. */
  public List<Route> routes() {
    return List.of(
        JsonRoute.post("prepareApplication", "/node/v1/applications/prepare")
            .permits("replica:write", Route.NODES)
            .summary("Get ready for an application that is to come")
            .description(
                "Fetches its image while it still runs at the caller, if this node's own wish has"
                    + " it run here. Answered once that is done, or else after a while.")
            .takes("node-prepare-application-request")
            .answers("node-prepare-application-answer")
            .refuses(
                RequestFailure.NOT_WISHED_HERE,
                EngineFailure.ENGINE_UNAVAILABLE,
                EngineFailure.ENGINE_SILENT,
                EngineFailure.ENGINE_FAILED,
                EngineFailure.IMAGE_NOT_FOUND,
                EngineFailure.IMAGE_NOT_PULLED)
            .repeatable()
            .servedBy(this::prepare));
  }

  private JsonResponse prepare(JsonRequest request) throws FailureException {
    PrepareApplicationRequest wanted = request.bodyAs(PrepareApplicationRequest.class);
    try {
      return JsonResponse.ok(
          new PrepareApplicationAnswer(
              preparation.prepare(wanted.application(), wanted.generation(), WAIT)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw RequestFailure.SHUTTING_DOWN.because("this node's daemon ends").causedBy(e);
    }
  }
}
