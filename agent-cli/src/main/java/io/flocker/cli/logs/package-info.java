/**
 * What daemons have logged, as people read it: trees of actions out of Eliot's messages.
 *
 * <p>Entry type: {@link io.flocker.cli.logs.LogReading}. Invariant: however long a log is, only
 * what has not ended yet is kept of it, and of that a bounded part.
 */
@NullMarked
package io.flocker.cli.logs;

import org.jspecify.annotations.NullMarked;
