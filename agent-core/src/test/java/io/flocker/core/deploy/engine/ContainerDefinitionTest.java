package io.flocker.core.deploy.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flocker.core.deploy.Application;
import io.flocker.core.deploy.Applications;
import io.flocker.core.deploy.Link;
import io.flocker.core.deploy.Program;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ContainerDefinitionTest {
  @Test
  @DisplayName("89 links become variables, and the application's own variables count before them")
  void linksBecomeVariables() {
    Map<String, String> own = Map.of("MY_DB_PORT_80_TCP_ADDR", "elsewhere", "LEVEL", "info");
    Application linked =
        Applications.plain("web")
            .with()
            .links(List.of(new Link(80, 8_080, "my-db")))
            .program(
                new Program(
                    Optional.empty(),
                    Optional.empty(),
                    new TreeMap<>(own),
                    Optional.empty(),
                    Optional.empty()))
            .build();

    assertEquals(
        Map.of(
            "LEVEL", "info",
            "MY_DB_PORT_80_TCP", "tcp://node-1:8080",
            "MY_DB_PORT_80_TCP_ADDR", "elsewhere",
            "MY_DB_PORT_80_TCP_PORT", "8080",
            "MY_DB_PORT_80_TCP_PROTO", "tcp"),
        ContainerDefinition.of(linked, 1, Map.of(), "node-1").environment());
  }

  @Test
  void whatHasNeitherIsGivenNone() {
    assertEquals(
        Map.of(), ContainerDefinition.of(Applications.PLAIN, 1, Map.of(), "node-1").environment());
  }
}
