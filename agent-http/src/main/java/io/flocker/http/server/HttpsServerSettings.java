package io.flocker.http.server;

import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * Where the server listens, and what it bounds.
 *
 * @param bind port 0 picks a free one
 * @param maxConnections beyond it a new connection is closed at once
 * @param maxRequests on one connection; the last one's response closes it
 * @param maxConcurrentRequests JSON requests being served; beyond it they get 429
 * @param maxBodyBytes the largest JSON body
 * @param head from a request's first byte to the end of its headers
 * @param body from the end of the headers to the end of a JSON body
 * @param idle from a response to the next request's first byte
 * @param drain how long running exchanges may take once the server closes
 */
public record HttpsServerSettings(
    InetSocketAddress bind,
    int maxConnections,
    int maxRequests,
    int maxConcurrentRequests,
    int maxBodyBytes,
    Duration head,
    Duration body,
    Duration idle,
    Duration drain) {
  /** What suits a storage node. */
  public static HttpsServerSettings on(InetSocketAddress bind) {
    return new HttpsServerSettings(
        bind,
        1024,
        10_000,
        256,
        1024 * 1024,
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofSeconds(60),
        Duration.ofSeconds(3));
  }
}
