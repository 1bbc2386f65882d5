/**
 * What can be counted of a node, as Prometheus reads it. The only room that knows its library.
 *
 * <p>Entry type: {@link io.flocker.http.metrics.Metrics}. Invariant: names and labels stay; label
 * values are few, whatever callers ask.
 */
@NullMarked
package io.flocker.http.metrics;

import org.jspecify.annotations.NullMarked;
