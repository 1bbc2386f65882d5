package io.flocker.cli.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.flocker.http.json.Json;
import io.flocker.http.route.Route;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What flockerd says of its public API, over mutual TLS: it is OpenAPI 3.1, and it is the truth.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpenApiTest {
  private static final Schema META_SCHEMA =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));

  private static final Pattern CURL = Pattern.compile("(?s)<code>(curl \\$tls .*?)</code>");

  private List<Route> routes = List.of();
  private JsonNode document;
  private String page = "";

  @BeforeAll
  void fetch(@TempDir Path folder) throws Exception {
    PublishedApi api = PublishedApi.fetch(folder);
    routes = api.routes();
    document = api.document();
    page = api.page();
  }

  @Test
  void isADocumentOfOpenApi31() {
    assertEquals(List.of(), violations(resource("openapi-3.1-2026-08-03.json"), document));
  }

  @Test
  void hasOnlyValidSchemas() {
    document
        .at("/components/schemas")
        .properties()
        .forEach(schema ->
            assertEquals(
                List.of(), META_SCHEMA.validate(schema.getValue()), () -> schema.getKey()));
  }

  @Test
  void refersOnlyToWhatItHolds() {
    assertEquals(
        List.of(),
        document.findValues("$ref").stream()
            .map(JsonNode::asString)
            .filter(reference -> document.at(reference.substring(1)).isMissingNode())
            .toList());
  }

  @Test
  void findsWhatIsWrongWithADocument() {
    ObjectNode wrong = document.asObject().deepCopy();
    wrong.remove("info");

    assertFalse(violations(resource("openapi-3.1-2026-08-03.json"), wrong).isEmpty());
    assertFalse(META_SCHEMA.validate(json("{'type': 'objekt'}")).isEmpty());
  }

  @Test
  void pleasesTheGeneratorOfClients(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("openapi.json");
    Files.writeString(file, document.toString());

    Generator.Ended validation = Generator.run(folder, "validate", "-i", file.toString());

    assertEquals(0, validation.status(), validation::output);
    assertTrue(validation.output().contains("No validation issues"), validation::output);
  }

  /** What a shell makes of a line is what the program would be called with. */
  @Test
  void itsPageCallsEachOperationByCurl(@TempDir Path folder) throws Exception {
    List<String> lines =
        CURL.matcher(page)
            .results()
            .map((MatchResult line) -> line.group(1))
            .map(line ->
                line.replace("&quot;", "\"")
                    .replace("&lt;", "<")
                    .replace("&gt;", ">")
                    .replace("&amp;", "&"))
            .toList();
    Path script = folder.resolve("calls.sh");
    Files.writeString(
        script,
        "set -u\nnode=https://n tls=-t\ncurl() { printf '%s\\n' \"$@\"; }\n"
            + String.join("\n", lines));

    Process shell = new ProcessBuilder("sh", script.toString()).redirectErrorStream(true).start();
    String said = new String(shell.getInputStream().readAllBytes(), UTF_8);

    assertEquals(0, shell.waitFor(), said);
    assertEquals(document.findValues("operationId").size(), lines.size());
    List<String> words = said.lines().toList();
    List<String> called = words.stream().filter(word -> word.startsWith("https://n/")).toList();
    assertEquals(lines.size(), called.size(), said);
    assertEquals(
        List.of(), called.stream().filter(url -> url.matches(".*([{} ]|/$|//v1).*")).toList());
    words.stream().filter(word -> word.startsWith("{")).forEach(OpenApiTest::json);
    assertTrue(called.contains("https://n/v1/volumes"), said);
    assertTrue(words.contains("Content-Type: application/merge-patch+json"), said);
  }

  @Test
  @DisplayName("H12 the OpenAPI document has every route, and no other")
  void describesWhatIsServedAndNothingElse() {
    Set<String> described = new TreeSet<>();
    document
        .path("paths")
        .properties()
        .forEach(path ->
            path.getValue()
                .propertyNames()
                .forEach(method ->
                    described.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
    Set<String> served = new TreeSet<>();
    routes.stream()
        .filter(route -> route.declaration().isPublic())
        .forEach(route -> served.add(route.method() + " " + route.path()));

    assertEquals(served, described);
  }

  private static List<Error> violations(JsonNode schema, JsonNode subject) {
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
        .getSchema(schema)
        .validate(subject);
  }

  private static JsonNode json(String text) {
    return Json.read(text.replace('\'', '"').getBytes(UTF_8));
  }

  private static JsonNode resource(String name) {
    try (InputStream file = OpenApiTest.class.getResourceAsStream(name)) {
      return Json.read(Objects.requireNonNull(file).readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
