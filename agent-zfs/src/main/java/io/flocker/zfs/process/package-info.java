/**
 * The children of ZFS that stand at the end of a pipe, and how it is asked.
 *
 * <p>Entry type: {@link io.flocker.zfs.process.StreamChild}. Invariant: no child's stderr is ever
 * left undrained, and whoever takes a child's descriptor ends the child.
 */
@NullMarked
package io.flocker.zfs.process;

import org.jspecify.annotations.NullMarked;
