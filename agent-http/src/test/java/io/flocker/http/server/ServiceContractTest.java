package io.flocker.http.server;

import static io.flocker.http.RawConnection.head;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.RequestFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.log.LogTarget;
import io.flocker.core.log.Logging;
import io.flocker.core.log.TaskId;
import io.flocker.http.RawConnection;
import io.flocker.http.RawConnection.Response;
import io.flocker.http.Routes;
import io.flocker.http.TestServer;
import io.flocker.http.json.Json;
import io.flocker.http.route.JsonResponse;
import io.flocker.http.route.JsonRoute;
import io.flocker.http.route.Route;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class ServiceContractTest {
  private static final String TASK = "1ae6f0c2-0f6a-4b39-9d0b-5b1c0d1f2a33";

  /** What Jackson cannot write. */
  private static Iterator<String> unwritable() {
    throw new IllegalStateException("hunter2");
  }

  private static final List<Route> ROUTES =
      List.of(
          Routes.get("/v1/said", _ -> JsonResponse.ok(Map.of("said", "this"))),
          Routes.get(
              "/v1/unwritable",
              _ ->
                  JsonResponse.ok(
                      Map.of("said", (Iterable<String>) ServiceContractTest::unwritable))),
          Routes.get("/v1/untrue", _ -> JsonResponse.ok(Map.of("said", "x", "hunter2", 1))),
          Routes.get(
              "/v1/broken",
              _ -> {
                throw new IllegalStateException("the password is hunter2");
              }),
          Routes.get(
              "/v1/failed",
              _ -> {
                throw RequestFailure.INTERNAL_ERROR.because("The kernel says no.");
              }),
          Routes.get(
              "/v1/refused",
              _ -> {
                throw TransferFailure.DIVERGED.because("Both changed.");
              }),
          Routes.post(
              "/v1/made/{name}",
              request ->
                  JsonResponse.created(
                      "/v1/made/1",
                      Map.of(
                          "said",
                          request.variables().get("name")
                              + " and "
                              + request.body().path("name").asString()))),
          JsonRoute.delete("deleteTest", "/v1/made/{name}")
              .permits("test:use", Route.PUBLIC)
              .answersNothing()
              .servedBy(_ -> JsonResponse.noContent()));

  private TestServer server;
  private RawConnection user;
  private Logging logging;
  private Path log;

  @BeforeEach
  void start(@TempDir Path folder) throws Exception {
    log = folder.resolve("flockerd.log");
    logging = Logging.start(new LogTarget.File(log));
    server = TestServer.start(folder, ROUTES);
    user = server.connect(server.cluster().authority().issueUser("alice"));
  }

  @AfterEach
  void stop() throws Exception {
    user.close();
    server.close();
    logging.close();
  }

  @Test
  @DisplayName("97 what a handler returns is 200 and JSON")
  void answersWhatAHandlerReturns() throws Exception {
    Response response = user.request("GET", "/v1/said").response();

    assertEquals(200, response.status());
    assertEquals("application/json", response.headers().get("content-type"));
    assertEquals("{\"said\":\"this\"}", response.body());
  }

  @Test
  @DisplayName("98 an explicit response has its own status, headers and body")
  void answersAsAHandlerSays() throws Exception {
    Response response = user.request("POST", "/v1/made/x", "{\"name\":\"aa\"}").response();

    assertEquals(201, response.status());
    assertEquals("/v1/made/1", response.headers().get("location"));
  }

  @Test
  @DisplayName("106 route variables and body are not merged")
  void keepsVariablesAndBodyApart() throws Exception {
    Response response = user.request("POST", "/v1/made/path", "{\"name\":\"body\"}").response();

    assertEquals("{\"said\":\"path and body\"}", response.body());
  }

  @Test
  @DisplayName("101 the body of a DELETE is ignored")
  void ignoresTheBodyOfADelete() throws Exception {
    assertEquals(204, user.request("DELETE", "/v1/made/x", "{not json").response().status());
    assertEquals(200, user.request("GET", "/v1/said", "{not json").response().status());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/broken", "/v1/untrue", "/v1/unwritable"})
  @DisplayName("97 100 104 what nobody foresaw is 500 with an incident id that the log explains")
  void tellsTheIncidentAndLogsTheCause(String path) throws Exception {
    Response response = user.request("GET", path).response();
    logging.close();

    assertEquals(500, response.status());
    for (String secret : List.of("hunter2", "Exception", "at io.", ".java")) {
      assertFalse(response.body().contains(secret), response.body());
    }
    String incident = Json.read(response.body().getBytes(ISO_8859_1)).path("incident").asString();
    List<JsonNode> told =
        messages("flocker:http:incident")
            .filter(message -> message.path("incident").asString().equals(incident))
            .toList();
    assertEquals(1, told.size());
    assertEquals(incident, told.getFirst().path("task_uuid").asString());
    assertTrue(told.getFirst().path("reason").asString().contains("hunter2"), told.toString());
  }

  @Test
  void whatIsKnownToBeUnforeseenIsFoundInTheLogToo() throws Exception {
    Response response = user.request("GET", "/v1/failed").response();
    logging.close();

    assertEquals(500, response.status());
    String incident = Json.read(response.body().getBytes(ISO_8859_1)).path("incident").asString();
    assertEquals(
        1,
        messages("")
            .filter(
                message -> message.path("action_type").asString().equals("flocker:http:request"))
            .filter(message -> message.path("action_status").asString().equals("failed"))
            .filter(message -> message.path("task_uuid").asString().equals(incident))
            .filter(message -> message.path("reason").asString().equals("The kernel says no."))
            .count());
  }

  @Test
  @DisplayName("99 a failure that is handled is no incident")
  void logsNoIncidentForWhatIsHandled() throws Exception {
    assertEquals(409, user.request("GET", "/v1/refused").response().status());
    logging.close();

    assertEquals(0, messages("flocker:http:incident").count());
  }

  @Test
  @DisplayName("108 a request continues the task that its X-Eliot-Task-Id names")
  void continuesTheTaskOfItsCaller() throws Exception {
    assertEquals(200, getWithin(TASK + "@/3/1").status());
    logging.close();

    List<JsonNode> messages =
        messages("").filter(m -> m.path("task_uuid").asString().equals(TASK)).toList();
    assertEquals("eliot:remote_task", messages.getFirst().path("action_type").asString());
    assertEquals("[3,1,1]", messages.getFirst().path("task_level").toString());
    assertEquals("flocker:http:request", messages.get(1).path("action_type").asString());
    assertEquals("/v1/said", messages.get(1).path("path").asString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"nonsense", TASK, TASK + "@", TASK + "@/x", "@/1", "\u00ff"})
  @DisplayName("108 a malformed X-Eliot-Task-Id is ignored, the request is served and logged")
  void servesInSpiteOfAMalformedTask(String task) throws Exception {
    assertEquals(200, getWithin(task).status());
    logging.close();

    assertTrue(messages("").anyMatch(m -> m.path("path").asString().equals("/v1/said")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v2/said", "/v0"})
  @DisplayName("H01 an unknown major version is 404 with the list of versions")
  void tellsTheVersionsThatItSpeaks(String path) throws Exception {
    Response response = user.request("GET", path).response();

    assertEquals(404, response.status());
    JsonNode problem = Json.read(response.body().getBytes(ISO_8859_1));
    assertEquals("[\"v1\"]", problem.path("versions").toString());
  }

  private Response getWithin(String task) throws Exception {
    return user.send(head("GET /v1/said HTTP/1.1", "Host: t", TaskId.HEADER + ": " + task))
        .response();
  }

  private Stream<JsonNode> messages(String type) throws Exception {
    return Files.readAllLines(log).stream()
        .map(line -> Json.read(line.getBytes(ISO_8859_1)))
        .filter(
            message -> type.isEmpty() || message.path("message_type").asString("").equals(type));
  }
}
