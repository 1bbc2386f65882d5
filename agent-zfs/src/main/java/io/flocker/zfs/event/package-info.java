/**
 * What the pools of this machine say of themselves, by {@code zpool events}.
 *
 * <p>Entry type: {@link io.flocker.zfs.event.PoolEvents}. Invariant: what is told is a hint, and
 * where something may have been lost that is told too.
 */
@NullMarked
package io.flocker.zfs.event;

import org.jspecify.annotations.NullMarked;
