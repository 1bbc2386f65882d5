/**
 * Which snapshots nobody needs any more.
 *
 * <p>Entry type: {@link io.flocker.core.retention.Retention}. Invariant: a pure function of
 * listings; what a peer needs as a base is never given up, nor what somebody else took.
 */
@NullMarked
package io.flocker.core.retention;

import org.jspecify.annotations.NullMarked;
