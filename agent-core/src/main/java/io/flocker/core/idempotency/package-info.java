/**
 * Requests that may be sent twice and are done once.
 *
 * <p>Entry type: {@link io.flocker.core.idempotency.KeyStore}. Invariant: while a key is kept, it
 * stands for one request and one outcome.
 */
@NullMarked
package io.flocker.core.idempotency;

import org.jspecify.annotations.NullMarked;
