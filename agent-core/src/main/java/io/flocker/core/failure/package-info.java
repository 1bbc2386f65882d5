/**
 * Everything that can go wrong and has a name.
 *
 * <p>Entry type: {@link io.flocker.core.failure.Failure}. Invariant: a failure's slug is public for
 * ever; whoever reads it may decide by it alone whether to try again.
 */
@NullMarked
package io.flocker.core.failure;

import org.jspecify.annotations.NullMarked;
