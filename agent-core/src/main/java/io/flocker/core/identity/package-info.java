/**
 * Who calls: what a verified certificate says about its holder.
 *
 * <p>Entry type: {@link io.flocker.core.identity.Principal}. Invariant: a principal exists only for
 * a certificate that the cluster's authority signed; its role comes from the subject's CN alone.
 */
@NullMarked
package io.flocker.core.identity;

import org.jspecify.annotations.NullMarked;
