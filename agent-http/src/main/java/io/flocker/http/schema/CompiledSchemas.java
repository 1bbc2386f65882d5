package io.flocker.http.schema;

import com.networknt.schema.Schema;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Schemas that are known by name from the start, and compiled when first used. Any thread. */
final class CompiledSchemas {
  private final UnaryOperator<JsonNode> change;
  private final Set<String> names = new HashSet<>();
  private final Map<String, Schema> compiled = new HashMap<>();
  private @Nullable SchemaFiles files;

  /**
   * No schemas yet.
   *
   * @param change is made to each before it is compiled
   */
  CompiledSchemas(UnaryOperator<JsonNode> change) {
    this.change = change;
  }

  /**
   * Takes up a schema.
   *
   * @throws IllegalArgumentException if there is no file of it
   */
  synchronized void add(String name) {
    SchemaFiles.require(name);
    names.add(name);
  }

  /**
   * The schema of that name.
   *
   * @throws IllegalArgumentException if it was not added
   */
  synchronized Schema get(String name) {
    if (!names.contains(name)) {
      throw new IllegalArgumentException("no route has the schema " + name);
    }
    return compiled.computeIfAbsent(name, this::compile);
  }

  private Schema compile(String name) {
    SchemaFiles known = files == null ? new SchemaFiles(change) : files;
    files = known;
    return known.compile(name);
  }
}
