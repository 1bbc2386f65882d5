/**
 * The public API as the commands use it: typed calls by the JDK's own HTTP client, which starts
 * faster than Netty's and runs without Netty on the class path.
 *
 * <p>Entry type: {@link io.flocker.http.client.FlockerClient}. Invariant: a call ends within its
 * deadline, with the typed answer, the node's own problem, or an {@link
 * io.flocker.http.client.UnreachableException}; only what changes nothing is ever sent twice.
 */
@NullMarked
package io.flocker.http.client;

import org.jspecify.annotations.NullMarked;
