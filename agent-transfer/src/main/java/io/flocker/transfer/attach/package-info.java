/**
 * Brings a volume to the node where it is to be used: made there, or given by its owner.
 *
 * <p>Entry types: {@link io.flocker.transfer.attach.VolumeAttachment} where it is wanted, {@link
 * io.flocker.transfer.attach.VolumeGiver} at its owner. Invariant: nobody takes a volume; who owns
 * it is asked, decides, and hands it off by the same operation as what users ask for.
 */
@NullMarked
package io.flocker.transfer.attach;

import org.jspecify.annotations.NullMarked;
