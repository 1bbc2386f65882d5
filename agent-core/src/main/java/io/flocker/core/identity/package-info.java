/**
 * Who calls: what a verified certificate says about its holder; and who this node is.
 *
 * <p>Entry types: {@link io.flocker.core.identity.Principal}, {@link
 * io.flocker.core.identity.NodeIdentity}. Invariant: a principal exists only for a certificate that
 * the cluster's authority signed; its role comes from the subject's CN alone.
 */
@NullMarked
package io.flocker.core.identity;

import org.jspecify.annotations.NullMarked;
