package io.flocker.http.schema;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.path.PathType;
import io.flocker.http.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The schema files of the class path, each changed on its way in. Any thread may call. */
final class SchemaFiles {
  /** What a schema's relative references are resolved against; nothing is ever fetched there. */
  private static final String BASE = "urn:flocker:schema:";

  private static final String FOLDER = "/schemas/";

  private final UnaryOperator<JsonNode> change;
  private final SchemaRegistry registry;

  SchemaFiles(UnaryOperator<JsonNode> change) {
    this.change = change;
    SchemaRegistryConfig config =
        SchemaRegistryConfig.builder()
            .formatAssertionsEnabled(true)
            .preloadSchema(true)
            .pathType(PathType.JSON_POINTER)
            .build();
    this.registry =
        SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12,
            builder -> builder.schemaRegistryConfig(config).schemas(this::text));
  }

  /**
   * Makes sure that there is a schema of that name, without reading it.
   *
   * @throws IllegalArgumentException if there is none
   */
  static void require(String name) {
    String file = FOLDER + name + ".json";
    if (SchemaFiles.class.getResource(file) == null) {
      throw new IllegalArgumentException("there is no schema " + file);
    }
  }

  /** Compiles the schema of that name, which is there. */
  Schema compile(String name) {
    Schema schema = registry.getSchema(SchemaLocation.of(BASE + name + ".json"));
    schema.initializeValidators();
    return schema;
  }

  private @Nullable String text(String iri) {
    if (!iri.startsWith(BASE)) {
      return null;
    }
    JsonNode schema = read(iri.substring(BASE.length()));
    return schema == null ? null : change.apply(schema).toString();
  }

  /** The content of a file; null if there is none. */
  static @Nullable JsonNode read(String file) {
    try (InputStream content = SchemaFiles.class.getResourceAsStream(FOLDER + file)) {
      return content == null ? null : Json.read(content.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
