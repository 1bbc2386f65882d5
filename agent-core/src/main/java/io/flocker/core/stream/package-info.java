/**
 * The port between whoever makes a stream's child process and whoever moves its bytes.
 *
 * <p>Entry type: {@link io.flocker.core.stream.Child}. Invariant: nothing here knows what ZFS or a
 * socket is.
 */
@NullMarked
package io.flocker.core.stream;

import org.jspecify.annotations.NullMarked;
