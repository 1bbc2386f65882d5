package io.flocker.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.http.route.ContentNegotiation;
import io.flocker.http.route.RawBody;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class StateRoutesTest {
  private static final List<String> OFFERED = List.of("application/json", "application/yaml");

  @Test
  void oneAnswerTellsAllThatIsHere(@TempDir Path folder) throws Exception {
    ApiFixture api = new ApiFixture(folder);
    try {
      String path =
          api.send("POST", "/v1/volumes", "{\"name\": \"default.db\"}").header("location");
      JsonNode taken = api.send("POST", path + "/snapshots", "{}").body();

      JsonNode state = api.get("/v1/state").body();

      JsonNode volume = api.get(path).body();
      assertEquals(api.self().toString(), state.path("node").stringValue());
      assertEquals(1L << 29, state.at("/pool/freeBytes").longValue());
      assertEquals(List.of(volume), state.path("volumes").valueStream().toList());
      assertEquals(taken, state.path("snapshots").path(volume.path("id").stringValue()).get(0));
      assertEquals(ApiFixture.TRANSFER.id().toString(), state.at("/transfers/0/id").stringValue());
      assertEquals("out", state.at("/transfers/0/direction").stringValue());
      assertEquals(0, state.path("operations").size());
      assertTrue(state.path("usedPorts").size() > 0);
      HttpResponse<String> yaml = api.text("/v1/state", "application/yaml");
      assertEquals(200, yaml.statusCode());
      assertEquals("application/yaml", yaml.headers().firstValue("content-type").orElseThrow());
      String applications = golden().substring(0, golden().indexOf("used_ports"));
      assertTrue(yaml.body().startsWith(applications + "used_ports: ["), yaml::body);
      assertTrue(yaml.body().endsWith("]\nversion: 1\n"), yaml::body);
      assertEquals(406, api.text("/v1/state", "text/html").statusCode());
    } finally {
      api.close();
    }
  }

  /** The golden file is what PyYAML wrote: {@code safe_dump(state, default_flow_style=None)}. */
  @Test
  @DisplayName("78 an application is told with its ports, links, variables and what it owns")
  void tellsTheApplicationsAsFlockerDid(@TempDir Path folder) throws Exception {
    ApiFixture api = new ApiFixture(folder);
    try {
      String _ = api.send("POST", "/v1/volumes", "{\"name\": \"default.db\"}").header("location");

      String state = api.text("/v1/state", "application/yaml").body();

      String ports = state.substring(state.indexOf("used_ports"), state.indexOf("version"));
      assertEquals(golden(), state.replace(ports, "used_ports: [8080]\n"));
      assertTrue(ports.matches("(?s).*\\b8080\\b.*"), ports);
    } finally {
      api.close();
    }
  }

  @Test
  void theYamlIsWhatPythonWrote() {
    assertEquals(
        "applications: {}\nused_ports: [22, 4523]\nversion: 1\n", yaml(List.of(22, 4_523)));
    assertEquals("applications: {}\nused_ports: []\nversion: 1\n", yaml(List.of()));
    assertEquals(
        """
        applications: {}
        used_ports: [4000, 4001, 4002, 4003, 4004, 4005, 4006, 4007, 4008, 4009, 4010, 4011,
          4012, 4013, 4014, 4015, 4016, 4017, 4018, 4019, 4020, 4021, 4022, 4023, 4024, 4025,
          4026, 4027, 4028, 4029]
        version: 1
        """,
        yaml(IntStream.range(4_000, 4_030).boxed().toList()));
  }

  @ParameterizedTest
  @CsvSource({
    "application/yaml, true",
    "'application/yaml, application/json;q=0.5', true",
    "'application/yaml;q=0.5, */*', false",
    "'application/*', false",
    "'*/*;q=0.1, application/yaml;q=0', false",
    "application/json, false"
  })
  void theBestLikedMediaTypeIsChosen(String accept, boolean isYaml) {
    String chosen = ContentNegotiation.preferred(Map.of("accept", accept), OFFERED);

    assertEquals(isYaml, chosen.equals("application/yaml"));
    assertFalse(ContentNegotiation.preferred(Map.of(), OFFERED).equals("application/yaml"));
  }

  private static String golden() throws IOException {
    try (InputStream in = StateRoutesTest.class.getResourceAsStream("reported-state.yml")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  private static String yaml(List<Integer> ports) {
    RawBody body = ReportedState.of(List.of(), List.of(), new TreeSet<>(ports));
    return StandardCharsets.US_ASCII.decode(body.bytes().duplicate()).toString();
  }
}
