/**
 * Proof that a volume changed hands: what its owner signed when it gave it away, or the operator
 * who took it from him, readable and verifiable by anybody who has the cluster's certificate.
 *
 * <p>Entry type: {@link io.flocker.core.grant.GrantChain}. Invariant: a grant that has no {@link
 * io.flocker.core.grant.SignedGrant#objection} was signed by the node that owned the volume, or by
 * a user who may take it.
 */
@NullMarked
package io.flocker.core.grant;

import org.jspecify.annotations.NullMarked;
