/**
 * Small files of the node's state folder.
 *
 * <p>Entry type: {@link io.flocker.core.state.StateFile}. Invariant: a file holds what it held
 * before or what was written last, whole; a file that cannot be read is an error, never an empty
 * state.
 */
@NullMarked
package io.flocker.core.state;

import org.jspecify.annotations.NullMarked;
