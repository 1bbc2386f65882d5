/**
 * How the ownership of a volume changes: the record's transitions, as a state machine that asks
 * nobody and writes nothing.
 *
 * <p>Entry type: {@link io.flocker.core.volume.ownership.Ownership}. Invariant: every record that
 * flockerd writes was decided here.
 */
@NullMarked
package io.flocker.core.volume.ownership;

import org.jspecify.annotations.NullMarked;
