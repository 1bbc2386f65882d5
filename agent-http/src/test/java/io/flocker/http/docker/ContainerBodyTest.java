package io.flocker.http.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.flocker.core.deploy.Applications;
import io.flocker.core.deploy.engine.ContainerDefinition;
import io.flocker.http.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ContainerBodyTest {
  @Test
  @DisplayName("89 the engine is told image, ports, environment, links, volumes and limits")
  void whatIsAskedOfTheEngineIsAsItAlwaysWas() throws IOException {
    ContainerDefinition definition =
        ContainerDefinition.of(
            Applications.FULL,
            7,
            Map.of("/data", Path.of("/flocker/default.mongodb"), "/logs", Path.of("/flocker/logs")),
            "node-1");

    assertEquals(
        Json.canonical(Json.read(golden())),
        Json.canonical(Json.tree(ContainerBody.of(definition))));
  }

  @Test
  void whatSaysNothingLeavesItToTheImageAndTheEngine() {
    ContainerDefinition definition =
        ContainerDefinition.of(Applications.PLAIN, 1, Map.of(), "node-1");

    Map<String, Object> body = ContainerBody.of(definition);

    List.of("Cmd", "Entrypoint", "User", "WorkingDir", "Healthcheck")
        .forEach(part -> assertFalse(body.containsKey(part), part));
  }

  private static byte[] golden() throws IOException {
    try (InputStream file = ContainerBodyTest.class.getResourceAsStream("container-create.json")) {
      return Objects.requireNonNull(file).readAllBytes();
    }
  }
}
