package io.flocker.http.ui;

import io.flocker.http.route.JsonResponse;
import io.flocker.http.route.JsonRoute;
import io.flocker.http.route.RawBody;
import io.flocker.http.route.Route;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The page {@code /ui} and what it is made of: these files, and no other; and the script by which
 * {@code /v1/docs} is searched. What it shows it asks of {@code /v1}, as whoever looks at it. Any
 * thread.
 */
public final class PageRoutes {
  private static final String SCRIPT = "text/javascript";

  /** A file that is served. */
  private record PageFile(String id, String path, String name, String mediaType) {}

  private static final List<PageFile> FILES =
      List.of(
          new PageFile("getPage", "/ui", "index.html", "text/html"),
          new PageFile("getPageStyle", "/ui/ui.css", "ui.css", "text/css"),
          new PageFile("getPageIcon", "/ui/icon.svg", "icon.svg", "image/svg+xml"),
          new PageFile("getPageScript", "/ui/ui.js", "ui.js", SCRIPT),
          new PageFile("getPageGraphScript", "/ui/graph.js", "graph.js", SCRIPT),
          new PageFile("getPageStreamScript", "/ui/stream.js", "stream.js", SCRIPT),
          new PageFile("getPageWordsScript", "/ui/words.js", "words.js", SCRIPT),
          new PageFile("getDocsScript", "/ui/docs.js", "docs.js", SCRIPT));

  /** A browser asks each time whether there is another one: an upgrade shows at once. */
  private static final Map<String, String> HEADERS =
      Map.of(
          "Content-Security-Policy",
          "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
              + " img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
          "X-Content-Type-Options",
          "nosniff",
          "Referrer-Policy",
          "no-referrer",
          "Cross-Origin-Resource-Policy",
          "same-origin",
          "Cache-Control",
          "no-cache");

  /** The page of this flockerd. */
  public PageRoutes() {}

  /** The routes, to be served. */
  public List<Route> routes() {
    return FILES.stream().map(PageRoutes::route).toList();
  }

  private static Route route(PageFile file) {
    RawBody body =
        new RawBody(file.mediaType() + "; charset=utf-8", ByteBuffer.wrap(bytes(file.name())));
    return JsonRoute.get(file.id(), file.path())
        .permits("node:read", Route.PUBLIC)
        .summary("Show the node in a browser")
        .description("A part of the page that shows what the node sees, as it changes.")
        .answersRaw(200, file.mediaType())
        .servedBy(_ -> new JsonResponse(200, body, HEADERS));
  }

  private static byte[] bytes(String name) {
    try (InputStream file = PageRoutes.class.getResourceAsStream(name)) {
      return Objects.requireNonNull(file, name).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
