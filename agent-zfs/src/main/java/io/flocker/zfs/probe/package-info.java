/**
 * What this node's ZFS can do, asked of its usage texts and of the pool.
 *
 * <p>Entry type: {@link io.flocker.zfs.probe.Prober}. Invariant: nothing is concluded from a
 * version number.
 */
@NullMarked
package io.flocker.zfs.probe;

import org.jspecify.annotations.NullMarked;
