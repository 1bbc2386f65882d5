package io.flocker.http.tls;

import io.flocker.core.pki.ClusterAuthority;
import io.flocker.core.pki.ClusterTrust;
import io.netty.handler.ssl.OpenSslCertificateException;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;

/**
 * The cluster's trust, whose refusals BoringSSL tells the peer as what they are: it sends the alert
 * internal_error for an exception that does not say its own (RFC 8446, section 6.2).
 */
final class AlertingTrust extends ClusterTrust {
  private static final int UNKNOWN_AUTHORITY = 20; // OpenSSL's x509_vfy.h: unknown_ca
  private static final int REJECTED = 28; // Ibidem: bad_certificate

  AlertingTrust(ClusterAuthority authority) throws GeneralSecurityException {
    super(authority);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    try {
      super.checkClientTrusted(chain, authType, engine);
    } catch (CertificateException e) {
      throw alerting(e);
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    try {
      super.checkServerTrusted(chain, authType, engine);
    } catch (CertificateException e) {
      throw alerting(e);
    }
  }

  /** Netty derives the alert of a refused path from its reason by itself. */
  private static CertificateException alerting(CertificateException refusal) {
    if (refusal.getCause() instanceof CertPathValidatorException) {
      return refusal;
    }
    int code =
        refusal.getCause() instanceof CertPathBuilderException ? UNKNOWN_AUTHORITY : REJECTED;
    return new OpenSslCertificateException(String.valueOf(refusal.getMessage()), refusal, code);
  }
}
