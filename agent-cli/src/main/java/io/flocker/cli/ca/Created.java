package io.flocker.cli.ca;

import io.flocker.core.pki.CertificateAuthority;
import io.flocker.core.pki.CredentialFiles;
import io.flocker.core.pki.Credentials;
import java.security.cert.X509Certificate;

/**
 * What one command created; the object that {@code --json} prints.
 *
 * @param certificate path of the certificate
 * @param key path of its key
 * @param name the certificate's CN
 * @param cluster the cluster's uuid
 * @param expires when the certificate ends, RFC 3339 in UTC
 */
record Created(String certificate, String key, String name, String cluster, String expires) {
  /** The authority itself. */
  Created(CredentialFiles files, String name, CertificateAuthority authority) {
    this(files, name, authority.clusterId(), authority.certificate());
  }

  /** What the authority issued. */
  Created(CredentialFiles files, Credentials issued, CertificateAuthority authority) {
    this(files, issued.principal().name(), authority.clusterId(), issued.certificate());
  }

  private Created(CredentialFiles files, String name, String cluster, X509Certificate made) {
    this(
        files.certificate().toString(),
        files.key().toString(),
        name,
        cluster,
        made.getNotAfter().toInstant().toString());
  }
}
