/**
 * The header {@code Idempotency-Key} of the public API's mutations (IETF draft
 * idempotency-key-header): what bears the same key is done once.
 *
 * <p>Entry type: {@link io.flocker.http.idempotency.Idempotency}. Invariant: a request with a key
 * is served at most once, unless serving it again is the same as once.
 */
@NullMarked
package io.flocker.http.idempotency;

import org.jspecify.annotations.NullMarked;
