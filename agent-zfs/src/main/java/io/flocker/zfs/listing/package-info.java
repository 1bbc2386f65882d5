/**
 * What is in the pool, read in a number of commands that does not grow with it.
 *
 * <p>Entry type: {@link io.flocker.zfs.listing.DatasetReader}. Invariant: a line that cannot be
 * read fails the whole listing; half a list is worse than none.
 */
@NullMarked
package io.flocker.zfs.listing;

import org.jspecify.annotations.NullMarked;
