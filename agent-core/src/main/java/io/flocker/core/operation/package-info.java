/**
 * Work that goes on after its request was answered.
 *
 * <p>Entry type: {@link io.flocker.core.operation.Operations}. Invariant: an operation is on disk
 * before anybody hears of it, and ends exactly once; whoever did not start it cannot see it; after
 * its point of no return it only goes forward.
 */
@NullMarked
package io.flocker.core.operation;

import org.jspecify.annotations.NullMarked;
