/**
 * Trying the same thing again.
 *
 * <p>Entry type: {@link io.flocker.core.retry.Backoff}. Invariant: whoever tries again pauses in
 * between, and knows when to stop.
 */
@NullMarked
package io.flocker.core.retry;

import org.jspecify.annotations.NullMarked;
