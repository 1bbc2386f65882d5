package io.flocker.http.schema;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The schema files as parts of one OpenAPI document: those that are asked for, and what they refer
 * to. One thread.
 */
public final class SchemaComponents {
  private static final String HERE = "#/components/schemas/";
  private static final String SHARED = "common.json";
  private static final Set<String> OF_FILES = Set.of("$schema", "$id", "$defs");

  private final Map<String, String> places = new TreeMap<>();
  private final Map<String, JsonNode> components = new TreeMap<>();

  /** Takes up the schema of that name, such as {@code volume}; returns a reference to it. */
  public ObjectNode named(String name) {
    return of(name + ".json");
  }

  /** Takes up a schema such as {@code common.json#/$defs/uuid}; returns a reference to it. */
  public ObjectNode of(String place) {
    return JsonNodeFactory.instance.objectNode().put("$ref", reference(place));
  }

  /** All that was taken up, by name. */
  public ObjectNode all() {
    ObjectNode all = JsonNodeFactory.instance.objectNode();
    components.forEach(all::set);
    return all;
  }

  /** The first example that a schema gives of what fits it. */
  public static Optional<JsonNode> example(String place) {
    return content(place.contains("#") ? place : place + ".json")
        .path("examples")
        .valueStream()
        .findFirst();
  }

  private String reference(String place) {
    String name = name(place);
    String taken = places.putIfAbsent(name, place);
    if (taken == null) {
      components.put(name, inlined(content(place), file(place)));
    } else if (!taken.equals(place)) {
      throw new IllegalStateException(taken + " and " + place + " are both named " + name);
    }
    return HERE + name;
  }

  private JsonNode inlined(JsonNode schema, String file) {
    return switch (schema) {
      case ObjectNode object -> {
        ObjectNode copy = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> member : object.properties()) {
          if (member.getKey().equals("$ref")) {
            copy.put("$ref", reference(resolved(member.getValue().stringValue(), file)));
          } else if (!OF_FILES.contains(member.getKey())) {
            copy.set(member.getKey(), inlined(member.getValue(), file));
          }
        }
        yield copy;
      }
      case ArrayNode array -> {
        ArrayNode copy = JsonNodeFactory.instance.arrayNode();
        array.forEach(element -> copy.add(inlined(element, file)));
        yield copy;
      }
      default -> schema;
    };
  }

  private static String resolved(String reference, String file) {
    return reference.startsWith("#") ? file + reference : reference;
  }

  private static JsonNode content(String place) {
    JsonNode schema = SchemaFiles.read(file(place));
    if (schema == null) {
      throw new IllegalArgumentException("there is no schema " + place);
    }
    int hash = place.indexOf('#');
    return hash < 0 ? schema : schema.at(place.substring(hash + 1));
  }

  private static String file(String place) {
    int hash = place.indexOf('#');
    return hash < 0 ? place : place.substring(0, hash);
  }

  /**
   * {@code VolumeCreate} of {@code volume-create.json}, with what is referred to in it behind that;
   * {@code Uuid} of what all files share.
   */
  private static String name(String place) {
    String file = file(place);
    String part = place.equals(file) ? "" : capital(place.substring(place.lastIndexOf('/') + 1));
    return file.equals(SHARED) ? part : words(file.replace(".json", "")) + part;
  }

  private static String words(String kebab) {
    return Stream.of(kebab.split("-", -1))
        .map(SchemaComponents::capital)
        .collect(Collectors.joining());
  }

  private static String capital(String word) {
    return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
  }
}
