package io.flocker.benchmarks.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flocker.core.failure.FailureException;
import io.flocker.core.id.NodeId;
import io.flocker.core.identity.Certified;
import io.flocker.core.identity.Principal;
import io.flocker.http.json.Json;
import io.flocker.http.route.JsonRequest;
import io.flocker.http.route.JsonRoute;
import io.flocker.http.route.Route;
import io.flocker.http.router.Authorizer;
import io.flocker.http.router.Match;
import io.flocker.http.router.RequestTarget;
import io.flocker.http.router.Router;
import io.flocker.http.schema.SchemaGate;
import io.flocker.http.schema.Violation;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * What finding a route and checking its bodies costs a request, beside reading and writing them.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 4, time = 2)
public class GateBenchmark {
  private static final Principal USER = new Principal.User("benchmark");
  private static final Certified CERTIFIED = Certified.plain(USER);
  private static final String TARGET =
      "/v1/operations/6f3c6f0e-2f0c-4c5e-9a5d-0d7a1c1b2e11?wait=30s";
  private static final byte[] CREATE =
      "{\"name\":\"default.mongodb\",\"quotaBytes\":1073741824}".getBytes(UTF_8);

  private Router router;
  private SchemaGate gate;
  private JsonNode create;
  private JsonNode version;
  private Object list;
  private JsonNode listed;

  /** Puts the product's routes together. */
  @Setup
  public void assemble() throws Exception {
    NodeId self = NodeId.random();
    List<Route> routes =
        new ControlServer(self, Files.createTempDirectory("flockerd-gate")).routes();
    router = new Router(routes, Authorizer.byRole(new Principal.Node(self), _ -> true));
    gate = new SchemaGate(routes);
    create = Json.read(CREATE);
    version = Json.tree(answer("/v1/version"));
    list = answer("/v1/volumes");
    listed = Json.tree(list);
  }

  /** Reads a target, and finds its route for a caller who may use it. */
  @Benchmark
  public Match route() throws FailureException {
    return router.route("GET", RequestTarget.parse(TARGET), CERTIFIED);
  }

  /** Reads a small body. */
  @Benchmark
  public JsonNode readCreate() {
    return Json.read(CREATE);
  }

  /** Checks it. */
  @Benchmark
  public boolean checkCreate() throws FailureException {
    gate.checkInput("volume-create", create);
    return true;
  }

  /** Checks a small answer. */
  @Benchmark
  public List<Violation> checkVersion() {
    return gate.checkOutput("version", version);
  }

  /** Writes a large answer. */
  @Benchmark
  public byte[] writeList() {
    return Json.write(list);
  }

  /** Checks it. */
  @Benchmark
  public List<Violation> checkList() {
    return gate.checkOutput("volumes", listed);
  }

  private Object answer(String path) throws Exception {
    Match match = router.route("GET", RequestTarget.parse(path), CERTIFIED);
    JsonRequest request =
        new JsonRequest(USER, Map.of(), Map.of(), Map.of(), MissingNode.getInstance());
    return Objects.requireNonNull(((JsonRoute) match.route()).handler().handle(request).body());
  }
}
