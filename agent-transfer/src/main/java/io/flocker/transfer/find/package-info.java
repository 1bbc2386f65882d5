/**
 * Finds the volumes of this node that others name.
 *
 * <p>Entry type: {@link io.flocker.transfer.find.FindService}. Invariant: the whole pool is not
 * asked for what one volume has.
 */
@NullMarked
package io.flocker.transfer.find;

import org.jspecify.annotations.NullMarked;
