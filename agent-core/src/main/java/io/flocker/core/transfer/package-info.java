/**
 * One stream from announcement to result, as both nodes speak of it.
 *
 * <p>Entry type: {@link io.flocker.core.transfer.TransferPlan}. Invariant: plans are facts that
 * travel; nothing here moves a byte.
 */
@NullMarked
package io.flocker.core.transfer;

import org.jspecify.annotations.NullMarked;
