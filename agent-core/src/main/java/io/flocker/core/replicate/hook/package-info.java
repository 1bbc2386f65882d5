/**
 * What is run before and after the snapshots of a volume.
 *
 * <p>Entry type: {@link io.flocker.core.replicate.hook.SnapshotHooks}. Invariant: only what stands
 * in the node's own settings is ever executed; whoever speaks to the API says no more than a name.
 */
@NullMarked
package io.flocker.core.replicate.hook;

import org.jspecify.annotations.NullMarked;
