/**
 * The HTTPS server: from an accepted socket to a route's handler and back.
 *
 * <p>Entry type: {@link io.flocker.http.server.HttpsServer}. The path of a request: {@code
 * CallerGate} (TLS has named the caller) → {@code RequestDecoder} → {@code HttpConnection} (one
 * request after the other) → {@code Exchanges} (picks the route) → {@code ServedJson}, {@code
 * ServedEvents} or {@code ServedStream}. Invariant: nothing of HTTP exists on a connection before
 * its caller is known, every request gets exactly one final response or its connection is closed,
 * responses keep the order of their requests, and what a request takes of the heap is paid for out
 * of {@code Budgets} before it is taken.
 */
@NullMarked
package io.flocker.http.server;

import org.jspecify.annotations.NullMarked;
