package io.flocker.http.api;

import io.flocker.core.deploy.Deployment;
import io.flocker.core.deploy.configuration.Configuration;
import io.flocker.core.deploy.configuration.ConfigurationBook;
import io.flocker.core.deploy.converge.ConvergenceStatus;
import io.flocker.core.deploy.engine.Container;
import io.flocker.core.deploy.plan.Plan;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import io.flocker.http.json.Json;
import io.flocker.http.route.EntityTag;
import io.flocker.http.route.JsonRequest;
import io.flocker.http.route.JsonResponse;
import io.flocker.http.route.JsonRoute;
import io.flocker.http.route.Route;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedSet;
import tools.jackson.databind.JsonNode;

/** The wish that this node goes by. Any thread. */
public final class ConfigurationRoutes {
  private static final String CONFIGURATION = "/v1/configuration";

  private final ConfigurationBook book;
  private final ConvergenceView convergence;

  /** How far this node is with its configuration, and what it would do about another one. */
  public interface ConvergenceView {
    /** What would be done if that was the configuration now. Blocks. */
    Plan plan(Configuration wish);

    /** How far it is. */
    ConvergenceStatus status();

    /**
     * The containers of flockerd's here, whatever state they are in. Blocks.
     *
     * @throws FailureException if the engine cannot be asked
     */
    List<Container> containers() throws FailureException;

    /** The TCP ports at which this node answers for applications, wherever those run. */
    SortedSet<Integer> answeredPorts();
  }

  /** The routes over {@code book}. */
  public ConfigurationRoutes(ConfigurationBook book, ConvergenceView convergence) {
    this.book = book;
    this.convergence = convergence;
  }

  /** The routes, to be served. */
  public List<Route> routes() {
    return List.of(
        JsonRoute.get("getConfiguration", CONFIGURATION)
            .permits("configuration:read", Route.PUBLIC)
            .summary("Show what the cluster shall run")
            .description(
                "The wish that this node was told last, with the environment of its applications:"
                    + " who puts secrets there shows them to whoever may read this.")
            .heeds(Parameters.IF_NONE_MATCH)
            .answers("configuration")
            .sends(Parameters.ETAG)
            .servedBy(this::get),
        JsonRoute.get("getConvergence", CONFIGURATION + "/status")
            .permits("configuration:read", Route.PUBLIC)
            .summary("Show how far this node is with its part")
            .description(
                "Each application and volume of its part, and the routes: whether they are as"
                    + " wished, what is being done, why not, and when it is tried again.")
            .heeds(Parameters.IF_NONE_MATCH)
            .answers("convergence")
            .servedBy(_ -> JsonResponse.ok(convergence.status())),
        JsonRoute.put("putConfiguration", CONFIGURATION)
            .permits("configuration:write", Route.PUBLIC)
            .summary("Tell what the cluster shall run")
            .description(
                "Tell every node the same wish under the same generation: each does its own part,"
                    + " now and for as long as no later one is told. A wish of an older generation"
                    + " is refused, the same wish of the same generation changes nothing. One that"
                    + " is more than 1000 ahead is refused too, unless the node was told none yet;"
                    + " where If-Match has the present ETag, the generation may be more than 1000"
                    + " away, up or down. A dry run checks as much, changes nothing, and answers"
                    + " the plan.")
            .heeds(Parameters.DRY_RUN, Parameters.IF_MATCH)
            .takes("configuration-put")
            .answers("configuration")
            .sends(Parameters.ETAG)
            .refuses(
                RequestFailure.STALE_GENERATION,
                RequestFailure.GENERATION_BEYOND_REACH,
                RequestFailure.PRECONDITION_FAILED)
            .servedBy(this::put));
  }

  private JsonResponse get(JsonRequest request) {
    return answer(book.current());
  }

  private JsonResponse put(JsonRequest request) throws FailureException {
    Deployment wish = request.bodyAs(Deployment.class);
    JsonNode given = request.body().path("generation");
    OptionalLong generation =
        given.isMissingNode() ? OptionalLong.empty() : OptionalLong.of(given.longValue());
    if (Parameters.isSet(request, Parameters.DRY_RUN)) {
      Configuration next = book.next(generation, wish, condition(request));
      return JsonResponse.ok(ConfigurationDocument.of(next).with(convergence.plan(next)))
          .tagged(tag(next));
    }
    return answer(book.put(generation, wish, condition(request), request.caller()));
  }

  private static ConfigurationBook.Condition condition(JsonRequest request) {
    return VolumeDocuments.ifMatch(request)
        .<ConfigurationBook.Condition>map(IfMatch::new)
        .orElse(ConfigurationBook.Condition.NONE);
  }

  private record IfMatch(String known) implements ConfigurationBook.Condition {
    @Override
    public void check(Configuration present) throws FailureException {
      EntityTag tag = tag(present);
      if (!tag.isStateIn(known)) {
        throw RequestFailure.PRECONDITION_FAILED
            .because("the configuration's ETag is " + tag + " now, not " + known)
            .with("etag", tag.toString());
      }
    }

    @Override
    public boolean namesPresent() {
      return !known.strip().equals("*");
    }
  }

  private static JsonResponse answer(Configuration configuration) {
    return JsonResponse.ok(ConfigurationDocument.of(configuration)).tagged(tag(configuration));
  }

  /** The same on every node that was told the same. */
  private static EntityTag tag(Configuration configuration) {
    return EntityTag.of(
        List.of(configuration.generation(), Json.canonical(Json.tree(configuration.deployment()))),
        List.of());
  }
}
