package io.flocker.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Every file below {@code schemas/}: a validator would pass over most mistakes in silence. */
class SchemaFilesTest {
  private static final String META_SCHEMA = "https://json-schema.org/draft/2020-12/schema";

  /** Where the validator's jar keeps what 2020-12 is made of. */
  private static final String VOCABULARIES = "/draft/2020-12/meta/";

  private static final JsonMapper JSON = JsonMapper.builder().build();

  @ParameterizedTest
  @MethodSource("files")
  void isValidAgainstTheMetaSchema(Path file) {
    SchemaRegistry registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    assertEquals(
        List.of(), registry.getSchema(SchemaLocation.of(META_SCHEMA)).validate(read(file)));
  }

  @ParameterizedTest
  @MethodSource("files")
  void hasNoMisspeltKeyword(Path file) throws IOException {
    Set<String> keywords = keywords();

    assertEquals(
        List.of(),
        SubSchemas.of(read(file))
            .flatMap(schema -> schema.propertyNames().stream())
            .filter(keyword -> !keywords.contains(keyword))
            .toList());
  }

  @ParameterizedTest
  @MethodSource("files")
  void refersOnlyToWhatExists(Path file) {
    assertEquals(
        List.of(),
        references(file).filter(reference -> target(file, reference).isEmpty()).toList());
  }

  @ParameterizedTest
  @MethodSource("files")
  void describesEveryMember(Path file) {
    assertEquals(
        List.of(),
        SubSchemas.of(read(file))
            .flatMap(schema -> schema.path("properties").properties().stream())
            .filter(member -> !isDescribed(file, member.getValue()))
            .map(member -> member.getKey())
            .toList());
  }

  @ParameterizedTest
  @MethodSource("files")
  void requiresOnlyMembersThatItDescribes(Path file) {
    assertEquals(
        List.of(),
        SubSchemas.of(read(file))
            .flatMap(schema ->
                schema
                    .path("required")
                    .valueStream()
                    .map(JsonNode::stringValue)
                    .filter(name -> !schema.path("properties").has(name)))
            .toList());
  }

  /** Generators of clients take a default of one for a number, and write it without quotes. */
  @ParameterizedTest
  @MethodSource("files")
  void saysUsualDurationsInWords(Path file) {
    assertEquals(
        List.of(),
        SubSchemas.of(read(file))
            .map(schema -> schema.path("default").asString(""))
            .filter(usual -> usual.matches("PT?[0-9].*"))
            .toList());
  }

  @Test
  void findsAMisspeltKeywordInsideASchema() throws IOException {
    JsonNode misspelt =
        JSON.readTree(
            """
            {"properties": {"name": {"items": {"minLenght": 1}}}}
            """);
    Set<String> keywords = keywords();

    assertEquals(
        List.of("minLenght"),
        SubSchemas.of(misspelt)
            .flatMap(schema -> schema.propertyNames().stream())
            .filter(keyword -> !keywords.contains(keyword))
            .toList());
  }

  static Stream<Path> files() throws IOException, URISyntaxException {
    Path folder =
        Path.of(
            Objects.requireNonNull(SchemaFilesTest.class.getResource("/schemas/common.json"))
                .toURI());
    try (Stream<Path> files = Files.list(folder.resolveSibling(""))) {
      return files.sorted().toList().stream();
    }
  }

  private static boolean isDescribed(Path file, JsonNode member) {
    return member.has("title")
        && (member.has("description")
            || target(file, member.path("$ref").asString("#/nowhere"))
                .filter(schema -> schema.has("description"))
                .isPresent());
  }

  private static Stream<String> references(Path file) {
    return SubSchemas.of(read(file))
        .filter(schema -> schema.has("$ref"))
        .map(schema -> schema.get("$ref").stringValue());
  }

  private static Optional<JsonNode> target(Path file, String reference) {
    int hash = reference.indexOf('#');
    String name = hash < 0 ? reference : reference.substring(0, hash);
    Path target = name.isEmpty() ? file : file.resolveSibling(name);
    if (!Files.exists(target)) {
      return Optional.empty();
    }
    String pointer = hash < 0 ? "" : reference.substring(hash + 1);
    return Optional.of(read(target).at(pointer)).filter(ObjectNode.class::isInstance);
  }

  private static JsonNode read(Path file) {
    return JSON.readTree(file);
  }

  /** Every keyword of the dialect, by its own vocabularies. */
  private static Set<String> keywords() throws IOException {
    return Stream.of(
            "core", "applicator", "unevaluated", "validation", "meta-data", "format-annotation")
        .flatMap(vocabulary -> vocabulary(vocabulary).path("properties").propertyNames().stream())
        .collect(Collectors.toUnmodifiableSet());
  }

  private static JsonNode vocabulary(String name) {
    try (InputStream in = SchemaRegistry.class.getResourceAsStream(VOCABULARIES + name)) {
      return JSON.readTree(Objects.requireNonNull(in));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
