/**
 * How the ownership of a volume changes: the record's transitions, as a state machine that asks
 * nobody and writes nothing.
 *
 * <p>Entry type: {@link io.flocker.core.volume.ownership.Ownership}. Invariant: every record that
 * flockerd writes was decided here, and each epoch that a node makes was agreed to by its {@link
 * io.flocker.core.volume.ownership.EpochDecider} before that: a majority of nodes, or a store that
 * they share, would decide them there.
 */
@NullMarked
package io.flocker.core.volume.ownership;

import org.jspecify.annotations.NullMarked;
