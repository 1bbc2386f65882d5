/**
 * The port to the file system that holds the volumes; agent-zfs implements it.
 *
 * <p>Entry type: {@link io.flocker.core.storage.Storage}. Invariant: nothing here decides who may
 * write; it does what it is told, and says what is there.
 */
@NullMarked
package io.flocker.core.storage;

import org.jspecify.annotations.NullMarked;
