package io.flocker.http.describe;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * The OpenAPI document as one page for people, with the catalogue of problems. It needs nothing
 * from elsewhere, and a script only to be searched. One thread; used once.
 */
final class DocumentationPage {
  private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");

  private final JsonNode document;
  private final Html page = new Html();

  DocumentationPage(JsonNode document) {
    this.document = document;
  }

  byte[] bytes() {
    page.raw("<!doctype html>\n");
    page.element(
        "html",
        List.of("lang", "en"),
        html -> html.element("head", this::head).element("body", this::body));
    return page.toString().getBytes(UTF_8);
  }

  private void head(Html head) {
    head.raw("<meta charset=\"utf-8\">");
    head.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
    head.raw("<meta name=\"color-scheme\" content=\"light dark\">");
    head.element("title", document.at("/info/title").asString() + " API");
    head.element("style", style -> style.raw(resource("page.css")));
    head.raw("<script type=\"module\" src=\"/ui/docs.js\"></script>");
  }

  private void body(Html body) {
    body.element(
        "a",
        List.of("class", "skip", "href", "#content"),
        link -> link.text("Skip to the content"));
    body.element("header", this::header);
    body.element("nav", List.of("aria-label", "Contents"), this::contents);
    body.element(
        "main",
        List.of("id", "content"),
        main -> {
          main.element(
              "section",
              List.of("id", "introduction"),
              intro -> intro.raw(resource("introduction.html")));
          tags().forEach(tag -> tag(main, tag));
          new SchemaSections(document).write(main);
          ProblemCatalogue.write(main);
        });
  }

  private void header(Html header) {
    header.element(
        "h1",
        title -> title.text(document.at("/info/title").asString() + " ").span("light", "API"));
    header.element(
        "p",
        line ->
            line.text(document.at("/info/summary").asString())
                .raw(" ")
                .span("version", "flockerd " + document.at("/info/version").asString()));
  }

  private void contents(Html nav) {
    nav.element(
        "details",
        details -> {
          details.element("summary", "Contents");
          details.element(
              "ul",
              List.of("class", "toc"),
              list -> {
                list.element("li", item -> item.link("introduction", "Introduction"));
                tags()
                    .forEach(tag ->
                        list.element(
                            "li",
                            item -> {
                              item.link(tag, title(tag));
                              item.element(
                                  "ul",
                                  inner ->
                                      operations(tag)
                                          .forEach(operation ->
                                              inner.element(
                                                  "li",
                                                  entry -> {
                                                    entry.element(
                                                        "a",
                                                        List.of("href", "#" + operation.id()),
                                                        link ->
                                                            link.span(
                                                                    "verb " + operation.method(),
                                                                    operation.method())
                                                                .text(" " + operation.summary()));
                                                  })));
                            }));
                list.element("li", item -> item.link("schemas", "Schemas"));
                list.element("li", item -> item.link("problems", "Problems"));
              });
        });
  }

  private void tag(Html main, String tag) {
    main.element(
        "section",
        List.of("id", tag),
        section -> {
          section.element("h2", title(tag));
          operations(tag)
              .forEach(operation -> new OperationArticle(document, operation).write(section));
        });
  }

  private List<String> tags() {
    return document.path("tags").valueStream().map(tag -> tag.path("name").asString()).toList();
  }

  private Stream<Operation> operations(String tag) {
    return document.path("paths").properties().stream()
        .flatMap(path ->
            path.getValue().properties().stream()
                .filter(method -> METHODS.contains(method.getKey()))
                .map(method -> operation(path.getKey(), method)))
        .filter(operation -> operation.node().at("/tags/0").asString().equals(tag));
  }

  private static Operation operation(String path, Map.Entry<String, JsonNode> method) {
    return new Operation(method.getKey().toUpperCase(Locale.ROOT), path, method.getValue());
  }

  private static String title(String tag) {
    return tag.equals("api")
        ? "API"
        : tag.substring(0, 1).toUpperCase(Locale.ROOT) + tag.substring(1);
  }

  private static String resource(String name) {
    try (InputStream file = DocumentationPage.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(file, name).readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
