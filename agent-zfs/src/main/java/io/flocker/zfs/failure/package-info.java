/**
 * Why ZFS refused: its words are matched loosely, for they drift between versions, and then what is
 * there now decides.
 *
 * <p>Entry types: {@link io.flocker.zfs.failure.Wording} and {@link
 * io.flocker.zfs.failure.Explainer}. Invariant: words that are not known yield a failure that holds
 * them, never a guess.
 */
@NullMarked
package io.flocker.zfs.failure;

import org.jspecify.annotations.NullMarked;
