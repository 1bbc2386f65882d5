package io.flocker.core.pki;

import java.security.cert.X509Certificate;

/** The only authority whose certificates a holder of credentials accepts. Immutable; any thread. */
public record ClusterAuthority(X509Certificate certificate) {}
