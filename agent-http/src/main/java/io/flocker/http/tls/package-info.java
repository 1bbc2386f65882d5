/**
 * Mutual TLS for the server and for its clients.
 *
 * <p>Entry type: {@link io.flocker.http.tls.TlsContexts}. Invariant: no handshake succeeds without
 * a certificate of the cluster's own authority that names a {@link
 * io.flocker.core.identity.Principal}, and none below TLS 1.2.
 */
@NullMarked
package io.flocker.http.tls;

import org.jspecify.annotations.NullMarked;
