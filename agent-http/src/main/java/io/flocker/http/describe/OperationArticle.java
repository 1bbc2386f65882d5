package io.flocker.http.describe;

import io.flocker.core.failure.Failure;
import io.flocker.http.json.Json;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** What the page says of one operation. One thread. */
final class OperationArticle {
  private static final int PROBLEM = 400; // RFC 9110, section 15.5

  private final JsonNode document;
  private final Operation operation;

  OperationArticle(JsonNode document, Operation operation) {
    this.document = document;
    this.operation = operation;
  }

  void write(Html section) {
    section.element("article", List.of("id", operation.id()), this::article);
  }

  private void article(Html article) {
    article.element("h3", operation.summary());
    article.element(
        "p",
        List.of("class", "line"),
        line ->
            line.span("verb " + operation.method(), operation.method())
                .raw(" ")
                .element("code", operation.path())
                .raw(" ")
                .span("permission", operation.node().path(OpenApi.PERMISSION).asString()));
    article.element("p", operation.node().path("description").asString());
    article.code(new CurlLine(document).of(operation));
    parameters(article);
    request(article);
    responses(article);
    problems(article);
  }

  private void parameters(Html article) {
    JsonNode parameters = operation.node().path("parameters");
    if (parameters.isEmpty()) {
      return;
    }
    article.element("h4", "Parameters");
    article.element(
        "dl",
        list ->
            parameters.forEach(parameter ->
                list.element("dt", term -> parameterName(term, parameter))
                    .element("dd", parameter.path("description").asString())));
  }

  private static void parameterName(Html term, JsonNode parameter) {
    term.element("code", parameter.path("name").asString());
    term.raw(" ").span("light", "in the " + parameter.path("in").asString());
    if (parameter.path("required").asBoolean()) {
      term.raw(" ").span("light", "required");
    }
    term.raw(" ");
    SchemaSections.type(term, parameter.path("schema"));
  }

  private void request(Html article) {
    for (Map.Entry<String, JsonNode> media :
        operation.node().at("/requestBody/content").properties()) {
      article.element("h4", title -> body(title, "Request", media));
      example(article, media.getValue());
    }
  }

  private void responses(Html article) {
    for (Map.Entry<String, JsonNode> response : operation.node().path("responses").properties()) {
      if (isSuccess(response.getKey())) {
        response(article, response.getKey(), response.getValue());
      }
    }
  }

  private static void response(Html article, String status, JsonNode response) {
    JsonNode content = response.path("content");
    if (content.isEmpty()) {
      article.element(
          "h4",
          title ->
              title.text("Response ").span("status", status).raw(" ").span("light", "no body"));
    }
    for (Map.Entry<String, JsonNode> media : content.properties()) {
      article.element(
          "h4",
          title -> {
            body(title, "Response", media);
            title.raw(" ").span("status", status);
          });
      article.element(
          "p",
          line -> {
            line.text(response.path("description").asString());
            response
                .path("headers")
                .properties()
                .forEach(header ->
                    line.text(" Header ")
                        .element("code", header.getKey())
                        .text(": " + header.getValue().path("description").asString()));
          });
      example(article, media.getValue());
    }
  }

  private static void body(Html title, String word, Map.Entry<String, JsonNode> media) {
    title.text(word + " ");
    if (media.getValue().path("schema").has("$ref")) {
      SchemaSections.type(title, media.getValue().path("schema"));
    } else {
      title.span("light", media.getKey());
    }
  }

  private static void example(Html article, JsonNode media) {
    if (media.has("example")) {
      article.code(Json.pretty(media.path("example")));
    }
  }

  private void problems(Html article) {
    article.element(
        "details",
        details -> {
          details.element("summary", "Problems it can answer");
          details.element(
              "ul",
              List.of("class", "problems"),
              list ->
                  operation.node().path("responses").properties().stream()
                      .flatMap(response -> response.getValue().path(OpenApi.PROBLEMS).valueStream())
                      .flatMap(type -> Failure.ofType(type.asString()).stream())
                      .forEach(failure -> list.element("li", item -> problem(item, failure))));
        });
  }

  private static void problem(Html item, Failure failure) {
    item.span("status", Integer.toString(failure.status())).raw(" ");
    item.link(ProblemCatalogue.id(failure), ProblemCatalogue.slug(failure));
  }

  private static boolean isSuccess(String status) {
    return !status.equals("default") && Integer.parseInt(status) < PROBLEM;
  }
}
