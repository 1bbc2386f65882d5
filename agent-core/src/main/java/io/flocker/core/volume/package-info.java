/**
 * A volume and all that is known about it: its names, who may write it, its snapshots.
 *
 * <p>Entry type: {@link io.flocker.core.volume.Volume}. Invariant: the ownership record of the
 * dataset says who may write; a dataset's name only follows it.
 *
 * <p>{@link io.flocker.core.volume.VolumeCatalog} finds volumes in the pool; {@link
 * io.flocker.core.volume.OwnershipRecords} has whatever happens to their ownership written and
 * obeyed; {@link io.flocker.core.volume.Volumes} makes and destroys them for users.
 */
@NullMarked
package io.flocker.core.volume;

import org.jspecify.annotations.NullMarked;
