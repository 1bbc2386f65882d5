package io.flocker.http.schema;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.flocker.core.deploy.Applications;
import io.flocker.core.deploy.Deployment;
import io.flocker.core.deploy.NodeWish;
import io.flocker.http.json.Json;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class DeploymentSchemaTest {
  private static final String SCHEMA = "configuration-put";

  private final CompiledSchemas schemas = new CompiledSchemas(UnaryOperator.identity());

  DeploymentSchemaTest() {
    schemas.add(SCHEMA);
  }

  @Test
  void wishOfEveryPartFitsItsSchemaAndComesBack() {
    Deployment wish =
        new Deployment(
            List.of(Applications.FULL, Applications.PLAIN),
            List.of(NodeWish.of("10.0.0.1", List.of("mongodb")), NodeWish.of("b", List.of())));
    JsonNode document = Json.tree(wish);

    assertEquals(List.of(), violations(document));
    assertEquals(wish, Json.convert(document, Deployment.class));
  }

  @Test
  void exampleIsAWish() {
    JsonNode example = SchemaComponents.example(SCHEMA).orElseThrow();

    assertEquals(List.of(), violations(example));
    assertEquals(1, Json.convert(example, Deployment.class).placed().size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'applications':[{'name':'a'}],'nodes':[]}",
        "{'applications':[{'name':'a/b','image':'a'}],'nodes':[]}",
        "{'applications':[{'name':'a','image':'a','imagine':1}],'nodes':[]}",
        "{'applications':[{'name':'a','image':'a','stopTimeout':'10s'}],'nodes':[]}",
        "{'applications':[],'nodes':[{'node':'a','applications':[1]}]}",
        "{'applications':[{'name':'a','image':'a','stopTimeout':'PT1000000H'}],'nodes':[]}",
        "{'applications':[{'name':'a','image':'a','volumes':[{'name':'default.v','mountpoint':'/v','metadata':{'':'a'}}]}],'nodes':[]}",
      })
  void refusesWhatIsNoWish(String text) {
    assertFalse(violations(Json.read(text.replace('\'', '"').getBytes(UTF_8))).isEmpty());
  }

  private List<Violation> violations(JsonNode document) {
    Violations found = new Violations();
    var _ = schemas.get(SCHEMA).validate(document, context -> context.setErrors(found));
    return found.told();
  }
}
