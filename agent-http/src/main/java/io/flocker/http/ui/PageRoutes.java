package io.flocker.http.ui;

import io.flocker.http.route.BrowserHeaders;
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
 * {@code /v1/docs} is searched. It asks {@code /v1} for what it shows, with the certificate of
 * whoever looks at it. Any thread.
 */
public final class PageRoutes {
  private static final String SCRIPT = "text/javascript";

  private static final String SHOW = "Show the node in a browser";
  private static final String PART =
      "A part of the page that shows what the node sees, as it changes.";

  /** A file that is served. */
  private record PageFile(
      String id, String path, String name, String mediaType, String summary, String description) {
    static PageFile part(String id, String name, String mediaType) {
      return new PageFile(id, "/ui/" + name, name, mediaType, SHOW, PART);
    }
  }

  private static final List<PageFile> FILES =
      List.of(
          new PageFile("getPage", "/ui", "index.html", "text/html", SHOW, PART),
          PageFile.part("getPageStyle", "ui.css", "text/css"),
          PageFile.part("getPageIcon", "icon.svg", "image/svg+xml"),
          PageFile.part("getPageScript", "ui.js", SCRIPT),
          PageFile.part("getPageAskScript", "ask.js", SCRIPT),
          PageFile.part("getPageGraphScript", "graph.js", SCRIPT),
          PageFile.part("getPageNodeScript", "node.js", SCRIPT),
          PageFile.part("getPageSeenScript", "seen.js", SCRIPT),
          PageFile.part("getPageStreamScript", "stream.js", SCRIPT),
          PageFile.part("getPageVolumesScript", "volumes.js", SCRIPT),
          PageFile.part("getPageWordsScript", "words.js", SCRIPT),
          PageFile.part("getPageWorkScript", "work.js", SCRIPT),
          new PageFile(
              "getDocsScript",
              "/ui/docs.js",
              "docs.js",
              SCRIPT,
              "Search the page of the API",
              "The script by which /v1/docs is searched."));

  private static final Map<String, String> HEADERS =
      BrowserHeaders.under(
          "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
              + " img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");

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
        .summary(file.summary())
        .description(file.description())
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
