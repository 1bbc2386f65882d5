/** Fixtures: a server of its own cluster, and a client that speaks raw HTTP over TLS. */
@NullMarked
package io.flocker.http;

import org.jspecify.annotations.NullMarked;
