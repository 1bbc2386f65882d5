package io.flocker.http.route;

import java.util.Map;

/** What a browser is told beside a page of the node. */
public final class BrowserHeaders {
  private BrowserHeaders() {}

  /**
   * To keep to that policy, to take nothing for what it is not, and to tell no other site of it. A
   * browser asks each time whether there is another one: an upgrade shows at once.
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
