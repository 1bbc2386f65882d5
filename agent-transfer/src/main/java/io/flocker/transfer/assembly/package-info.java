/**
 * How the parts of this module become one.
 *
 * <p>Entry type: {@link io.flocker.transfer.assembly.ByteMover}. Invariant: nothing is done here;
 * parts are made in the order in which one needs another.
 */
@NullMarked
package io.flocker.transfer.assembly;

import org.jspecify.annotations.NullMarked;
