package io.flocker.cli.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.json.JsonMappers;
import io.flocker.core.replicate.policy.Policy;
import io.flocker.http.api.VolumeDocument;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A real Prometheus with what {@code init/monitoring} has for it, watching two real nodes. */
@Timeout(300)
class MonitoringIT {
  @RegisterExtension static final TwoNodes NODES = new TwoNodes();

  private static final Path MONITORING = Path.of("..", "init", "monitoring").toAbsolutePath();

  /** What is not told here: no engine, no hook, nothing that goes on, a ZFS that tells no bytes. */
  private static final Set<String> SILENT =
      Set.of(
          "flocker_replication_lag_bytes", "flocker_notifications_waiting", "flocker_operations");

  @TempDir private Path folder;

  private final HttpClient client = HttpClient.newHttpClient();
  private Process prometheus;
  private String listen;

  @BeforeEach
  void start() throws Exception {
    var _ = NODES.cluster().user("monitor");
    Path authority = NODES.cluster().authorityFile();
    String settings =
        Files.readString(MONITORING.resolve("prometheus.yml"))
            .replace("flockerd.rules.yml", MONITORING.resolve("flockerd.rules.yml").toString())
            .replace("cluster.crt", authority.toString())
            .replace("monitor.crt", authority.resolveSibling("monitor.crt").toString())
            .replace("monitor.key", authority.resolveSibling("monitor.key").toString())
            .replace("node1:4523", NODES.first().address())
            .replace("node2:4523", NODES.second().address())
            .replace("scrape_interval: 15s", "scrape_interval: 1s");
    Path file = Files.writeString(folder.resolve("prometheus.yml"), settings);
    listen = "127.0.0.1:" + TestNode.freePort();
    prometheus =
        new ProcessBuilder(
                "prometheus",
                "--config.file=" + file,
                "--storage.tsdb.path=" + folder.resolve("series"),
                "--web.listen-address=" + listen)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("said").toFile())
            .start();
  }

  @AfterEach
  void end() throws Exception {
    prometheus.destroy();
    var _ = prometheus.waitFor();
  }

  @Test
  @DisplayName("Each query of the dashboard finds what nodes tell, and each alert can be judged")
  void dashboardAndAlertsSeeTheNodes() throws Exception {
    VolumeDocument volume = NODES.first().create("monitoring.seen");
    var _ =
        NODES
            .first()
            .client()
            .putReplication(
                volume.id(),
                new Policy(
                    List.of(NODES.second().id()), Policy.USUAL_MAX_LAG, Policy.USUAL_MIN_INTERVAL));

    NODES.first().push(volume.id(), NODES.second());

    for (String query : queries()) {
      if (SILENT.stream().anyMatch(name -> query.startsWith(name + "{"))) {
        assertTrue(ask(query).isArray(), query);
      } else {
        Await.until(query, () -> !ask(query).isEmpty());
      }
    }
    Await.until("all alerts to be judged", () -> Set.of("ok").equals(Set.copyOf(judgements())));
  }

  /** The queries of the dashboard, for all nodes. */
  private static List<String> queries() throws IOException {
    List<String> queries =
        JsonMappers.WIRE
            .readTree(Files.readString(MONITORING.resolve("dashboard.json")))
            .path("panels")
            .valueStream()
            .flatMap(panel -> panel.path("targets").valueStream())
            .map(target -> target.path("expr").asString().replace("$node", ".*"))
            .toList();
    assertFalse(queries.isEmpty());
    return queries;
  }

  private JsonNode ask(String query) throws Exception {
    return get("/api/v1/query?query=" + URLEncoder.encode(query, UTF_8)).path("result");
  }

  /** How it went with each alert: {@code unknown} before the first time. */
  private List<String> judgements() throws Exception {
    return get("/api/v1/rules")
        .path("groups")
        .valueStream()
        .flatMap(group -> group.path("rules").valueStream())
        .map(rule -> rule.path("health").asString())
        .toList();
  }

  /** What it answers; an empty object until it listens. */
  private JsonNode get(String path) throws Exception {
    assertTrue(prometheus.isAlive(), Files.readString(folder.resolve("said")));
    HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + listen + path)).build();
    try {
      HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
      if (response.statusCode() == 503) { // It is not ready yet.
        return JsonMappers.WIRE.createObjectNode();
      }
      JsonNode answer = JsonMappers.WIRE.readTree(response.body());
      assertEquals("success", answer.path("status").asString(), answer::toString);
      return answer.path("data");
    } catch (ConnectException _) {
      return JsonMappers.WIRE.createObjectNode();
    }
  }
}
