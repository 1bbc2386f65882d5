package io.flocker.core.deploy.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flocker.core.deploy.Application;
import io.flocker.core.deploy.Applications;
import io.flocker.core.deploy.Image;
import io.flocker.core.deploy.MountedVolume;
import io.flocker.core.deploy.Port;
import io.flocker.core.deploy.Program;
import io.flocker.core.json.JsonMappers;
import io.flocker.core.volume.VolumeName;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** The golden files are what PyYAML wrote: {@code safe_dump(state, default_flow_style=None)}. */
class NodeStateWriterTest {
  private static final Comparator<String> AS_PYTHON =
      (one, other) -> Arrays.compare(one.codePoints().toArray(), other.codePoints().toArray());

  private static final Application MYSQL =
      Application.named("mysql", Image.parse("mysql:5.6"))
          .ports(List.of(Port.tcp(3_306, 3_306), Port.tcp(80, 8_080)))
          .program(
              new Program(
                  Optional.empty(),
                  Optional.empty(),
                  new TreeMap<>(
                      Map.of(
                          "A", "yes",
                          "GREETING",
                              "two words, and more of them than fit into a single line of eighty"
                                  + " characters",
                          "QUOTE", "it's",
                          "UMLAUT", "\u00e4",
                          "LINES", "a\nb")),
                  Optional.empty(),
                  Optional.empty()))
          .volumes(List.of(MountedVolume.of(VolumeName.parse("default.mysql"), "/var/lib/mysql")))
          .build();

  @Test
  void writesAsFlockerDid() throws IOException {
    assertEquals(golden("node-state-empty.yml"), NodeStateWriter.write(List.of(), ports()));
    assertEquals(
        golden("node-state-quotes.yml"), NodeStateWriter.write(List.of(MYSQL), ports(22, 80)));
    assertEquals(
        golden("node-state.yml"),
        NodeStateWriter.write(
            List.of(Applications.PLAIN, Applications.FULL),
            ports(IntStream.iterate(20, port -> port < 5_020, port -> port + 230).toArray())));
  }

  @Test
  @DisplayName("78 a node's state is read back as the same applications, and its ports are sorted")
  void isReadBack() throws FormatException {
    String text = NodeStateWriter.write(List.of(MYSQL, Applications.PLAIN), ports(80, 22));

    assertEquals(
        List.of(MYSQL, Applications.PLAIN), WishReader.applications(SourceFile.of("state", text)));
    assertEquals("used_ports: [22, 80]\nversion: 1\n", text.substring(text.indexOf("used_ports")));
  }

  /** Of documents made by chance, with every quote, width and escape. */
  static Stream<JsonNode> documents() throws IOException {
    return JsonMappers.WIRE.readTree(golden("pyyaml.json")).valueStream();
  }

  @ParameterizedTest
  @MethodSource("documents")
  void writesAnyDocumentAsPyYamlDid(JsonNode one) {
    assertEquals(one.get("text").stringValue(), PyYamlText.of(mapping(one.get("doc"))));
  }

  private static SortedMap<String, Object> mapping(JsonNode node) {
    SortedMap<String, Object> mapping = new TreeMap<>(AS_PYTHON);
    node.properties().forEach(member -> mapping.put(member.getKey(), value(member.getValue())));
    return mapping;
  }

  private static Object value(JsonNode node) {
    if (node.isObject()) {
      return mapping(node);
    }
    if (node.isArray()) {
      List<Object> list = new ArrayList<>();
      node.forEach(item -> list.add(value(item)));
      return list;
    }
    return node.isInt() ? node.intValue() : node.stringValue();
  }

  private static SortedSet<Integer> ports(int... ports) {
    return new TreeSet<>(IntStream.of(ports).boxed().toList());
  }

  private static String golden(String name) throws IOException {
    try (InputStream in = NodeStateWriterTest.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), UTF_8);
    }
  }
}
