package io.flocker.http.route;

import java.util.Map;

/** The response headers of the node's pages. */
public final class BrowserHeaders {
  private BrowserHeaders() {}

  /**
   * Has a browser keep to that policy, guess no media type, tell no other site of the page, and ask
   * for a newer one each time: an upgrade shows at once.
   *
   * @param policy what the page may load and run, as Content-Security-Policy says it
   */
  public static Map<String, String> under(String policy) {
    return Map.of(
        "Content-Security-Policy",
        policy,
        "X-Content-Type-Options",
        "nosniff",
        "Referrer-Policy",
        "no-referrer",
        "Cross-Origin-Resource-Policy",
        "same-origin",
        "Cache-Control",
        "no-cache");
  }
}
