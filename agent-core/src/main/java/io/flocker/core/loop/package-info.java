/**
 * Work that is looked at whenever something has happened, and now and then by itself.
 *
 * <p>Entry type: {@link io.flocker.core.loop.RoundLoop}. Invariant: what wakes a loop while it
 * looks has it look once more.
 */
@NullMarked
package io.flocker.core.loop;

import org.jspecify.annotations.NullMarked;
