/**
 * Child processes: started by argv with a small environment, drained, bounded in time, and ended by
 * who started them.
 *
 * <p>Entry types: {@link io.flocker.zfs.process.Commands} for commands that answer, {@link
 * io.flocker.zfs.process.StreamChild} for those at the end of a pipe. Invariant: no child's stderr
 * is ever left undrained, and no wait for a child is without a deadline.
 */
@NullMarked
package io.flocker.zfs.process;

import org.jspecify.annotations.NullMarked;
