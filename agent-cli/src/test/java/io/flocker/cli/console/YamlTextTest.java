package io.flocker.cli.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.yaml.YamlDocument;
import io.flocker.core.yaml.YamlValue;
import io.flocker.http.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

class YamlTextTest {
  @Test
  void isForPeople() {
    assertEquals(
        """
        volumes:
        - name: default.web
          mounted: false
          usedBytes: 2048
          peers:
          - a
          - b
          metadata:
            team: "storage 1"
        none: []
        empty: {}\
        """,
        YamlText.of(
            json(
                "{\"volumes\":[{\"name\":\"default.web\",\"mounted\":false,\"usedBytes\":2048,"
                    + "\"peers\":[\"a\",\"b\"],\"metadata\":{\"team\":\"storage 1\"}}],"
                    + "\"none\":[],\"empty\":{}}")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":{\"b\":{\"c\":[1,2]},\"d\":\"\"},\"e\":null}",
        "[[1,[2,{\"a\":[]}]],{\"b\":[{\"c\":1},{\"d\":{\"e\":\"f\"}}]}]",
        "{\"yes\":\"no\",\"1\":\"1\",\"t\":\"2026-01-01T00:00:00Z\",\"-\":\"- x: y\",\"~\":\"~\"}",
        "{\"text\":\"a\\nb\\u001b[31m \\\" \\\\ \\u202e #: ä\"}",
        "\"alone\"",
        "[]"
      })
  void saysTheSame(String document) throws Exception {
    String yaml = YamlText.of(json(document));

    assertEquals(json(document), tree(YamlDocument.read(yaml.getBytes(UTF_8)).root()), yaml);
    assertTrue(yaml.chars().noneMatch(c -> c == 0x1b || c == 0x202e), yaml);
  }

  private static JsonNode json(String document) {
    return Json.read(document.getBytes(UTF_8));
  }

  private static JsonNode tree(YamlValue value) {
    return switch (value) {
      case YamlValue.Mapping mapping -> {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        mapping.entries().forEach(entry -> object.set(entry.key().text(), tree(entry.value())));
        yield object;
      }
      case YamlValue.Sequence sequence -> {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        sequence.values().forEach(each -> array.add(tree(each)));
        yield array;
      }
      case YamlValue.Scalar scalar ->
          scalar.kind() == YamlValue.Kind.TEXT
              ? JsonNodeFactory.instance.stringNode(scalar.text())
              : json(scalar.text());
    };
  }
}
