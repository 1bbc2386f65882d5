/**
 * Keeps the copies of volumes at peers seconds behind, and says how far behind each one is.
 *
 * <p>Entry type: {@link io.flocker.core.replicate.Replication}, which a loop has look around
 * whenever something has happened. Invariant: what was written and is not proven at the peer is
 * told as lag, from the moment of the first change on, whatever ends meanwhile.
 *
 * <p>A look has {@code TrackedCopies} adopt what the policies want, and {@code CopySchedule} begin
 * what is due, which {@code CopyWorker} does; how a copy stands follows from its {@code
 * TrackedCopy} alone.
 */
@NullMarked
package io.flocker.core.replicate;

import org.jspecify.annotations.NullMarked;
