package io.flocker.http.describe;

import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** What the page says of the schemas. One thread. */
final class SchemaSections {
  private static final String PREFIX = "#/components/schemas/";

  private final JsonNode schemas;

  SchemaSections(JsonNode document) {
    this.schemas = document.at("/components/schemas");
  }

  void write(Html main) {
    main.element(
        "section",
        List.of("id", "schemas"),
        section -> {
          section.element("h2", "Schemas");
          schemas.properties().forEach(schema -> schema(section, schema));
        });
  }

  /** What a value is, in few words, with a link where it has a name. */
  static void type(Html html, JsonNode schema) {
    if (schema.has("$ref")) {
      String name = schema.path("$ref").asString().replace(PREFIX, "");
      html.element("a", List.of("class", "type", "href", "#" + id(name)), link -> link.text(name));
    } else if (schema.has("items")) {
      html.span("type", "array of ");
      type(html, schema.path("items"));
    } else if (schema.path("type").isArray()) {
      html.span(
          "type",
          String.join(" or ", schema.path("type").valueStream().map(JsonNode::asString).toList()));
    } else {
      html.span("type", schema.path("type").asString("any of several"));
    }
  }

  private static String id(String name) {
    return "schema-" + name;
  }

  private static void schema(Html section, Map.Entry<String, JsonNode> schema) {
    JsonNode node = schema.getValue();
    section.element(
        "article",
        List.of("id", id(schema.getKey()), "class", "schema"),
        article -> {
          article.element(
              "h3",
              title -> {
                title.text(schema.getKey() + " ");
                if (!node.has("properties")) {
                  type(title, node);
                }
              });
          article.element("p", node.path("description").asString());
          constraints(article, node);
          members(article, node);
        });
  }

  private static void members(Html article, JsonNode schema) {
    if (!schema.has("properties")) {
      return;
    }
    List<String> required = schema.path("required").valueStream().map(JsonNode::asString).toList();
    article.element(
        "dl",
        list ->
            schema
                .path("properties")
                .properties()
                .forEach(member -> {
                  list.element(
                      "dt",
                      term -> {
                        term.element("code", member.getKey()).raw(" ");
                        type(term, member.getValue());
                        if (!required.contains(member.getKey())) {
                          term.raw(" ").span("light", "optional");
                        }
                      });
                  list.element("dd", meaning -> meaning(meaning, member.getValue()));
                }));
  }

  private static void meaning(Html meaning, JsonNode member) {
    meaning.text(member.path("description").asString(""));
    constraints(meaning, member);
    JsonNode inner = member.has("items") ? member.path("items") : member;
    if (inner.has("properties")) {
      members(meaning, inner);
    }
  }

  private static void constraints(Html html, JsonNode schema) {
    if (schema.has("enum")) {
      html.element(
          "p",
          List.of("class", "enum"),
          line -> {
            line.text("One of ");
            schema.path("enum").forEach(value -> line.element("code", value.asString()).raw(" "));
          });
    }
    if (schema.has("pattern")) {
      html.element(
          "p",
          List.of("class", "enum"),
          line -> line.text("Fits ").element("code", schema.path("pattern").asString()));
    }
  }
}
