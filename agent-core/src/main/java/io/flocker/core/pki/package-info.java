/**
 * The cluster's authority, the certificates that it issues, and their use in TLS.
 *
 * <p>Entry types: {@link io.flocker.core.pki.CertificateAuthority} to issue, {@link
 * io.flocker.core.pki.Credentials} to use. Invariant: a certificate file that exists is whole and
 * its key lay beside it before; nothing that exists is ever overwritten but the list of revoked
 * certificates, which only grows. Bouncy Castle is needed to issue, never to use: the commands run
 * without it.
 */
@NullMarked
package io.flocker.core.pki;

import org.jspecify.annotations.NullMarked;
