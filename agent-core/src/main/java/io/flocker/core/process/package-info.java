/**
 * Child processes: started by argv with a small environment, drained, bounded in time, and ended by
 * who started them.
 *
 * <p>Entry type: {@link io.flocker.core.process.Commands}. Invariant: no child's stderr is ever
 * left undrained, and no wait for a child is without a deadline.
 */
@NullMarked
package io.flocker.core.process;

import org.jspecify.annotations.NullMarked;
