/**
 * Compares what copies contain with what the owner has, file by file and not by what ZFS says.
 *
 * <p>Entry types: {@link io.flocker.transfer.verify.Verification} at the owner, {@link
 * io.flocker.transfer.verify.DigestService} at its peers. Invariant: both sides read the same
 * snapshot, by its guid, from a mount that nobody can write.
 */
@NullMarked
package io.flocker.transfer.verify;

import org.jspecify.annotations.NullMarked;
